"""Residences over HTTP: declare, confirm by a position, look back."""

from typing import Any

from backend import clock
from backend.accounts import queries, residences, schemas
from backend.auth.guards import current_account_id, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.idempotency import not_kept
from backend.openapi import URL_PREFIX, Blueprint
from backend.schemas import PageQuerySchema, page_of, with_next_link

blp = Blueprint("residences", __name__, url_prefix=URL_PREFIX, description="Where people live")


@blp.get("/me/residence")
@requires(Permission.Me.READ)
@blp.response(200, schemas.ResidenceSchema)
def show_residence() -> Any:
    """Show the residence on record."""
    return queries.get_residence(db.session(), current_account_id())


@blp.put("/me/residence")
@requires(Permission.Me.EDIT)
@blp.arguments(schemas.ResidenceDeclarationSchema)
@blp.response(200, schemas.ResidenceSchema)
def declare_residence(payload: dict[str, Any]) -> Any:
    """Declare the neighbourhood where one lives."""
    with unit_of_work() as session:
        return residences.declare_residence(
            session, account_id=current_account_id(), **payload, now=clock.now()
        )


@blp.post("/me/residence/confirmation")
@not_kept
@requires(Permission.Me.EDIT)
@blp.arguments(schemas.PositionSchema)
@blp.response(200, schemas.ConfirmationSchema)
def confirm_residence(payload: dict[str, Any]) -> Any:
    """Confirm the residence by where the phone is; the position is looked at once and forgotten.

    Nothing of the request is kept, not even under an Idempotency-Key: to repeat it does no harm.
    """
    with unit_of_work() as session:
        return residences.confirm_residence(
            session, account_id=current_account_id(), **payload, now=clock.now()
        )


@blp.get("/me/residences")
@requires(Permission.Me.READ)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_of(schemas.PastResidenceSchema))
def list_residences(query: dict[str, Any]) -> Any:
    """List where one declared to live, newest first."""
    page = residences.list_residences(db.session(), account_id=current_account_id(), **query)
    return with_next_link(page)


@blp.get("/me/location-uses")
@requires(Permission.Me.READ)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_of(schemas.LocationUseSchema))
def list_location_uses(query: dict[str, Any]) -> Any:
    """List what one's positions were used for; the positions themselves are not kept."""
    page = residences.list_location_uses(db.session(), account_id=current_account_id(), **query)
    return with_next_link(page)
