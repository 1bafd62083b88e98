"""Similar proposals over HTTP: of a text that somebody writes, or of a proposal that is there."""

from typing import Any
from uuid import UUID

from backend import clock
from backend.auth.guards import public, requires
from backend.auth.permissions import Permission
from backend.db import db
from backend.idempotency import not_kept
from backend.openapi import URL_PREFIX, Blueprint
from backend.proposals.similar import schemas, service
from backend.proposals.views import visible_proposal

blp = Blueprint(
    "similar", __name__, url_prefix=URL_PREFIX, description="Proposals that may say the same"
)


@blp.post("/proposals/similar")
@not_kept
@public
@blp.arguments(schemas.SimilarQuerySchema)
@blp.response(200, schemas.SimilarListSchema)
def find_similar(payload: dict[str, Any]) -> Any:
    """Find public proposals that may say the same, and why; nothing sent is kept."""
    return service.find_similar(db.session(), now=clock.now(), **payload)


@blp.get("/proposals/<uuid:proposal_id>/similar")
@requires(Permission.Proposal.READ, subject=visible_proposal)
@blp.response(200, schemas.SimilarListSchema)
def show_similar(proposal_id: UUID) -> Any:
    """Find public proposals that may say the same as a proposal, or as one's own draft."""
    proposal = visible_proposal(proposal_id)
    return service.find_similar_to(db.session(), proposal, now=clock.now())
