"""Organizations over HTTP: the public lists, and registering institutions and suppliers."""

from typing import Any
from uuid import UUID

from backend import clock
from backend.auth.guards import current_account_id, current_identity, public, requires
from backend.auth.permissions import Permission
from backend.auth.policy import permits
from backend.db import db, unit_of_work
from backend.openapi import URL_PREFIX, Blueprint
from backend.organizations import nearby, queries, schemas, service
from backend.organizations.models import Institution
from backend.preconditions import needs_match
from backend.schemas import page_of, with_next_link

blp = Blueprint(
    "organizations",
    __name__,
    url_prefix=URL_PREFIX,
    description="Local governments, institutions and suppliers",
)


def load_institution(institution_id: UUID) -> Institution:
    """Return the institution that a route is about."""
    return queries.get_institution(db.session(), institution_id)


@blp.get("/organizations")
@public
@blp.arguments(schemas.OrganizationQuerySchema, location="query")
@blp.response(200, page_of(schemas.OrganizationSchema))
def list_organizations(query: dict[str, Any]) -> Any:
    """List the organizations of today."""
    return with_next_link(queries.list_organizations(db.session(), **query))


@blp.get("/organizations/<uuid:organization_id>")
@public
@blp.response(200, schemas.OrganizationSchema)
def show_organization(organization_id: UUID) -> Any:
    """Show an organization, also one that has ceased to exist."""
    return queries.get_organization(db.session(), organization_id)


@blp.get("/institutions")
@public
@blp.arguments(schemas.InstitutionQuerySchema, location="query")
@blp.response(200, page_of(schemas.InstitutionSchema))
def list_institutions(query: dict[str, Any]) -> Any:
    """List the institutions of today, by type and place."""
    return with_next_link(queries.list_institutions(db.session(), **query))


@blp.get("/institutions/nearest")
@public
@blp.arguments(schemas.NearestQuerySchema, location="query")
@blp.response(200, schemas.NearestInstitutionsSchema)
def list_nearest_institutions(query: dict[str, Any]) -> Any:
    """List the institutions of today that are nearest to a point, and count them by distance."""
    return nearby.find_nearest_institutions(db.session(), **query)


@blp.get("/institutions/<uuid:institution_id>")
@public
@blp.response(200, schemas.InstitutionSchema)
def show_institution(institution_id: UUID) -> Any:
    """Show an institution."""
    return load_institution(institution_id)


@blp.post("/institutions")
@requires(Permission.Organization.CREATE)
@blp.arguments(schemas.InstitutionCreateSchema)
@blp.response(201, schemas.InstitutionSchema)
def register_institution(payload: dict[str, Any]) -> Any:
    """Register a public body that can pilot products.

    Its emd and local government follow from the site, which lies in Korea unless the scope is
    `overseas`.
    """
    facts = service.InstitutionFacts(**payload)
    with unit_of_work() as session:
        return service.register_institution(
            session, facts=facts, actor_id=current_account_id(), now=clock.now()
        )


@blp.patch("/institutions/<uuid:institution_id>")
@needs_match
@requires(Permission.Organization.EDIT, subject=load_institution)
@blp.arguments(schemas.InstitutionUpdateSchema)
@blp.response(200, schemas.InstitutionSchema)
def edit_institution(changes: dict[str, Any], institution_id: UUID) -> Any:
    """Change facts of an institution.

    The institution keeps up its English name and its address; name, type, scope, jurisdiction and
    site decide about placements and are the procurement service's to change.
    """
    with unit_of_work() as session:
        return service.edit_institution(
            session,
            organization_id=institution_id,
            changes=changes,
            may_classify=permits(current_identity(), Permission.Organization.CLASSIFY),
            actor_id=current_account_id(),
            now=clock.now(),
        )


@blp.post("/suppliers")
@requires(Permission.Organization.CREATE)
@blp.arguments(schemas.SupplierCreateSchema)
@blp.response(201, schemas.SupplierSchema)
def register_supplier(payload: dict[str, Any]) -> Any:
    """Register a company that supplies products."""
    with unit_of_work() as session:
        return service.register_supplier(
            session, **payload, actor_id=current_account_id(), now=clock.now()
        )
