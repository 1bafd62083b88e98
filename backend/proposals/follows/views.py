"""Following over HTTP, and what one follows and backs."""

from typing import Any
from uuid import UUID

from backend import clock
from backend.auth.guards import current_account_id, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.openapi import URL_PREFIX, Blueprint
from backend.proposals.follows import queries, schemas, service
from backend.proposals.views import visible_proposal
from backend.schemas import PageQuerySchema, page_of, with_next_link

blp = Blueprint(
    "follows", __name__, url_prefix=URL_PREFIX, description="What one follows and backs"
)


@blp.put("/proposals/<uuid:proposal_id>/follow")
@requires(Permission.Proposal.FOLLOW, subject=visible_proposal)
@blp.response(200, schemas.FollowingSchema)
def follow_proposal(proposal_id: UUID) -> Any:
    """Hear what becomes of a proposal; repeating it changes nothing."""
    with unit_of_work() as session:
        service.follow(
            session, proposal_id=proposal_id, account_id=current_account_id(), now=clock.now()
        )
    return {"following": True}


@blp.delete("/proposals/<uuid:proposal_id>/follow")
@requires(Permission.Proposal.FOLLOW, subject=visible_proposal)
@blp.response(200, schemas.FollowingSchema)
def stop_following_proposal(proposal_id: UUID) -> Any:
    """Hear no more of a proposal; repeating it changes nothing."""
    with unit_of_work() as session:
        service.stop_following(
            session, proposal_id=proposal_id, account_id=current_account_id(), now=clock.now()
        )
    return {"following": False}


@blp.get("/me/proposals/<uuid:proposal_id>/standing")
@requires(Permission.Me.READ)
@blp.response(200, schemas.StandingSchema)
def show_standing(proposal_id: UUID) -> Any:
    """Show whether one writes, backs or follows a proposal."""
    return service.find_standing(db.session(), visible_proposal(proposal_id), current_account_id())


@blp.get("/me/followed-proposals")
@requires(Permission.Me.READ)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_of(schemas.FollowedProposalSchema))
def list_followed_proposals(query: dict[str, Any]) -> Any:
    """List what one follows, the latest first."""
    page = queries.list_followed(db.session(), account_id=current_account_id(), **query)
    return with_next_link(page)


@blp.get("/me/endorsements")
@requires(Permission.Me.READ)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_of(schemas.EndorsedProposalSchema))
def list_endorsements(query: dict[str, Any]) -> Any:
    """List what one backs, the latest first."""
    page = queries.list_endorsed(db.session(), account_id=current_account_id(), **query)
    return with_next_link(page)
