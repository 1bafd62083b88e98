"""Declared interests over HTTP: an officer declares, officers and auditors read."""

from typing import Any
from uuid import UUID

from backend import clock
from backend.auth.guards import current_account_id, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.openapi import URL_PREFIX, Blueprint
from backend.rounds import interest_schemas as schemas
from backend.rounds import interests
from backend.rounds.views import visible_round
from backend.schemas import PageQuerySchema, page_of, with_next_link

blp = Blueprint("interests", __name__, url_prefix=URL_PREFIX, description="Declared interests")


@blp.get("/rounds/<uuid:round_id>/interests")
@requires(Permission.Round.READ_INTERESTS)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_of(schemas.InterestSchema))
def list_interests(query: dict[str, Any], round_id: UUID) -> Any:
    """List what people declared about their impartiality in a round."""
    visible_round(round_id)
    return with_next_link(interests.list_interests(db.session(), round_id=round_id, **query))


@blp.post("/rounds/<uuid:round_id>/interests")
@requires(Permission.Round.DECLARE_INTEREST)
@blp.arguments(schemas.InterestCreateSchema)
@blp.response(201, schemas.InterestSchema)
def declare_interest(payload: dict[str, Any], round_id: UUID) -> Any:
    """Declare an interest of one's own; whoever does takes no decision about the round."""
    with unit_of_work() as session:
        return interests.declare_interest(
            session,
            round_id=round_id,
            **payload,
            actor_id=current_account_id(),
            now=clock.now(),
        )
