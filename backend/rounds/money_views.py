"""The money of a round over HTTP: what was moved between its areas, and why."""

from typing import Any
from uuid import UUID

from backend import clock
from backend.auth.guards import current_account_id, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.openapi import URL_PREFIX, Blueprint
from backend.rounds import money_schemas as schemas
from backend.rounds import transfers
from backend.rounds.views import visible_round
from backend.schemas import PageQuerySchema, page_of, with_next_link

blp = Blueprint("round_money", __name__, url_prefix=URL_PREFIX, description="Money of rounds")


@blp.get("/rounds/<uuid:round_id>/transfers")
@requires(Permission.Round.READ_DRAFT, subject=visible_round)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_of(schemas.TransferSchema))
def list_transfers(query: dict[str, Any], round_id: UUID) -> Any:
    """List what was moved between the areas of a round, the newest first."""
    return with_next_link(transfers.list_transfers(db.session(), round_id=round_id, **query))


@blp.post("/rounds/<uuid:round_id>/transfers")
@requires(Permission.Round.MOVE_MONEY)
@blp.arguments(schemas.TransferCreateSchema)
@blp.response(201, schemas.TransferSchema)
def transfer_money(payload: dict[str, Any], round_id: UUID) -> Any:
    """Move money from one area of a round to another, before its matching is run."""
    with unit_of_work() as session:
        return transfers.transfer_money(
            session,
            round_id=round_id,
            **payload,
            actor_id=current_account_id(),
            now=clock.now(),
        )
