"""Merges over HTTP: by the office that is competent for both, undone, objected to by an author."""

from typing import Any
from uuid import UUID

from backend import clock
from backend.auth.guards import current_account_id, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.openapi import URL_PREFIX, Blueprint
from backend.proposals.merges.queries import get_standing_merge
from backend.proposals.views import visible_proposal
from backend.reviews.merges import schemas, service
from backend.reviews.views import submitted_proposal

blp = Blueprint(
    "merges", __name__, url_prefix=URL_PREFIX, description="Proposals that say the same"
)


@blp.post("/proposals/<uuid:proposal_id>/merge")
@requires(Permission.Review.MERGE, subject=submitted_proposal)
@blp.arguments(schemas.MergeCreateSchema)
@blp.response(201, schemas.MergeSchema)
def merge_proposal(payload: dict[str, Any], proposal_id: UUID) -> Any:
    """Merge a proposal into one received before it that says the same, with a reason."""
    code = submitted_proposal(proposal_id).local_government_code or ""
    with unit_of_work() as session:
        return service.merge_proposal(
            session,
            proposal_id=proposal_id,
            local_government_code=code,
            actor_id=current_account_id(),
            now=clock.now(),
            **payload,
        )


@blp.get("/proposals/<uuid:proposal_id>/merge")
@requires(Permission.Proposal.READ_PRIVATE, subject=visible_proposal)
@blp.response(200, schemas.MergeSchema)
def show_merge(proposal_id: UUID) -> Any:
    """Show to its author and the office what a proposal was merged into, and why."""
    return get_standing_merge(db.session(), proposal_id)


@blp.post("/proposals/<uuid:proposal_id>/merge/undo")
@requires(Permission.Review.MERGE, subject=submitted_proposal)
@blp.arguments(schemas.MergeUndoSchema)
@blp.response(200, schemas.MergeSchema)
def undo_merge(payload: dict[str, Any], proposal_id: UUID) -> Any:
    """Let a merged proposal stand by itself again, within 30 days and before a decision."""
    with unit_of_work() as session:
        return service.undo_merge(
            session,
            proposal_id=proposal_id,
            actor_id=current_account_id(),
            now=clock.now(),
            **payload,
        )


@blp.post("/proposals/<uuid:proposal_id>/merge/objection")
@requires(Permission.Proposal.SUBMIT, subject=visible_proposal)
@blp.arguments(schemas.MergeObjectionSchema)
@blp.response(200, schemas.MergeSchema)
def object_to_merge(payload: dict[str, Any], proposal_id: UUID) -> Any:
    """Object to the merge of one's own proposal: the office hears why, and may undo it."""
    with unit_of_work() as session:
        return service.object_to_merge(
            session,
            proposal_id=proposal_id,
            actor_id=current_account_id(),
            now=clock.now(),
            **payload,
        )
