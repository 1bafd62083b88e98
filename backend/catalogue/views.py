"""The catalogue over HTTP: products, designations, and which proposals they answer."""

from typing import Any
from uuid import UUID

from backend import clock
from backend.auth.guards import current_account_id, public, requires
from backend.auth.permissions import Permission
from backend.catalogue import answers, designations, queries, schemas, service
from backend.db import db, unit_of_work
from backend.openapi import URL_PREFIX, Blueprint
from backend.openapi_errors import may_be_gone
from backend.preconditions import needs_match
from backend.proposals.views import MERGED
from backend.schemas import page_of, with_next_link

blp = Blueprint("catalogue", __name__, url_prefix=URL_PREFIX, description="Innovative products")


@blp.get("/products")
@public
@blp.arguments(schemas.ProductQuerySchema, location="query")
@blp.response(200, page_of(schemas.ProductSchema))
def list_products(query: dict[str, Any]) -> Any:
    """List products, newest first."""
    return with_next_link(queries.list_products(db.session(), **query))


@blp.post("/products")
@requires(Permission.Product.EDIT)
@blp.arguments(schemas.ProductCreateSchema)
@blp.response(201, schemas.ProductSchema)
def create_product(payload: dict[str, Any]) -> Any:
    """Enter a product in the catalogue."""
    with unit_of_work() as session:
        return service.create_product(
            session, **payload, actor_id=current_account_id(), now=clock.now()
        )


@blp.get("/products/<uuid:product_id>")
@public
@blp.response(200, schemas.ProductSchema)
def show_product(product_id: UUID) -> Any:
    """Show a product with its designations."""
    return queries.get_product(db.session(), product_id)


@blp.patch("/products/<uuid:product_id>")
@needs_match
@requires(Permission.Product.EDIT)
@blp.arguments(schemas.ProductUpdateSchema)
@blp.response(200, schemas.ProductSchema)
def edit_product(payload: dict[str, Any], product_id: UUID) -> Any:
    """Change some facts of a product."""
    with unit_of_work() as session:
        return service.edit_product(
            session,
            product_id=product_id,
            changes=payload,
            actor_id=current_account_id(),
            now=clock.now(),
        )


@blp.post("/products/<uuid:product_id>/designations")
@requires(Permission.Product.EDIT)
@blp.arguments(schemas.DesignationCreateSchema)
@blp.response(201, schemas.DesignationSchema)
def designate_product(payload: dict[str, Any], product_id: UUID) -> Any:
    """Enter that a product was designated, for three years."""
    with unit_of_work() as session:
        return designations.designate(
            session,
            product_id=product_id,
            **payload,
            actor_id=current_account_id(),
            now=clock.now(),
        )


@blp.post("/products/<uuid:product_id>/designations/<uuid:designation_id>/extensions")
@requires(Permission.Product.EDIT)
@blp.arguments(schemas.ExtensionCreateSchema)
@blp.response(201, schemas.DesignationSchema)
def extend_designation(payload: dict[str, Any], product_id: UUID, designation_id: UUID) -> Any:
    """Extend a designation: by one year, the second time by two."""
    with unit_of_work() as session:
        return designations.extend_designation(
            session,
            product_id=product_id,
            designation_id=designation_id,
            **payload,
            actor_id=current_account_id(),
            now=clock.now(),
        )


@blp.put("/products/<uuid:product_id>/proposals/<uuid:proposal_id>")
@requires(Permission.Product.EDIT)
@blp.response(204)
def link_proposal(product_id: UUID, proposal_id: UUID) -> None:
    """Enter that a product answers an adopted proposal; its author is told."""
    with unit_of_work() as session:
        answers.link_proposal(
            session,
            product_id=product_id,
            proposal_id=proposal_id,
            actor_id=current_account_id(),
            now=clock.now(),
        )


@blp.delete("/products/<uuid:product_id>/proposals/<uuid:proposal_id>")
@requires(Permission.Product.EDIT)
@blp.response(204)
def unlink_proposal(product_id: UUID, proposal_id: UUID) -> None:
    """Take back that a product answers a proposal."""
    with unit_of_work() as session:
        answers.unlink_proposal(
            session,
            product_id=product_id,
            proposal_id=proposal_id,
            actor_id=current_account_id(),
            now=clock.now(),
        )


@blp.get("/proposals/<uuid:proposal_id>/products")
@public
@may_be_gone(MERGED)
@blp.response(200, schemas.ProductSchema(many=True))
def list_products_of_proposal(proposal_id: UUID) -> Any:
    """List the products that answer a proposal."""
    return answers.list_answering_products(db.session(), proposal_id=proposal_id)
