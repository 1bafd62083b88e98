"""Fairness over HTTP: why a place got what it got."""

from typing import Any
from uuid import UUID

from backend import clock
from backend.auth.guards import requires
from backend.auth.permissions import Permission
from backend.db import db
from backend.fairness import explanations, schemas
from backend.openapi import URL_PREFIX, Blueprint
from backend.rounds.views import visible_round
from backend.schemas import with_next_link

blp = Blueprint(
    "fairness", __name__, url_prefix=URL_PREFIX, description="Who got what of a round, and why"
)


@blp.get("/rounds/<uuid:round_id>/explanations")
@requires(Permission.Round.READ_DRAFT, subject=visible_round)
@blp.arguments(schemas.ExplanationQuerySchema, location="query")
@blp.response(200, schemas.PlaceAnswerSchema)
def explain_place(query: dict[str, Any], round_id: UUID) -> Any:
    """Answer "why not my neighbourhood?" for every product that a round offered."""
    answer = explanations.explain_place(
        db.session(), visible_round(round_id), **query, now=clock.now()
    )
    return answer, with_next_link(answer.page)[1]
