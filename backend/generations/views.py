"""Changes of the boundaries over HTTP: what one did, and deciding what it left unclear."""

from typing import Any
from uuid import UUID

from backend import clock
from backend.auth.guards import current_account_id, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.generations import cases, queries, schemas
from backend.openapi import URL_PREFIX, Blueprint
from backend.schemas import page_of, with_next_link

blp = Blueprint(
    "generations", __name__, url_prefix=URL_PREFIX, description="Changes of the boundaries"
)


@blp.get("/boundary-changes/<uuid:change_id>")
@requires(Permission.BoundaryChange.READ)
@blp.response(200, schemas.BoundaryChangeSchema)
def show_change(change_id: UUID) -> Any:
    """Show a change of the boundaries with its report."""
    return queries.get_change(db.session(), change_id)


@blp.get("/boundary-changes/<uuid:change_id>/cases")
@requires(Permission.BoundaryChange.READ)
@blp.arguments(schemas.CaseQuerySchema, location="query")
@blp.response(200, page_of(schemas.BoundaryCaseSchema))
def list_cases(query: dict[str, Any], change_id: UUID) -> Any:
    """List the records about which a person has to decide after a change."""
    change = queries.get_change(db.session(), change_id)
    return with_next_link(queries.list_cases(db.session(), change_id=change.id, **query))


@blp.put("/boundary-changes/<uuid:change_id>/cases/<uuid:case_id>")
@requires(Permission.BoundaryChange.DECIDE)
@blp.arguments(schemas.CaseDecisionSchema)
@blp.response(200, schemas.BoundaryCaseSchema)
def decide_case(decision: dict[str, Any], change_id: UUID, case_id: UUID) -> Any:
    """Decide where a record belongs."""
    with unit_of_work() as session:
        return cases.decide_case(
            session,
            change_id=change_id,
            case_id=case_id,
            codes=decision["region_codes"],
            actor_id=current_account_id(),
            now=clock.now(),
        )
