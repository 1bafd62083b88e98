"""Co-authors over HTTP: inviting, joining, leaving."""

from typing import Any
from uuid import UUID

from backend import clock
from backend.auth.guards import current_account_id, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.idempotency import not_kept
from backend.openapi import URL_PREFIX, Blueprint
from backend.proposals.co_authors import invitations, queries, schemas, service
from backend.proposals.models import Proposal
from backend.proposals.views import visible_proposal
from backend.schemas import ProblemSchema

blp = Blueprint(
    "co-authors", __name__, url_prefix=URL_PREFIX, description="Writing a proposal together"
)

PROBLEM = "application/problem+json"


def proposal_of(proposal_id: UUID, **_: Any) -> Proposal:
    """Return what a permission is about.

    :raises ProposalNotFound: when there is none, or the caller may not know that there is.
    """
    return visible_proposal(proposal_id)


@blp.post("/proposals/<uuid:proposal_id>/co-author-invitations")
@not_kept
@requires(Permission.Proposal.INVITE, subject=proposal_of)
@blp.response(201, schemas.CoAuthorOfferSchema)
def invite_co_author(proposal_id: UUID) -> Any:
    """Invite somebody to write a proposal together.

    Nothing is sent to anybody: the answer carries the token, this one time, and the author hands it
    over. It works once, for seven days.
    """
    with unit_of_work() as session:
        return invitations.invite_co_author(
            session, proposal_id=proposal_id, actor_id=current_account_id(), now=clock.now()
        )


@blp.get("/proposals/<uuid:proposal_id>/co-author-invitations")
@requires(Permission.Proposal.INVITE, subject=proposal_of)
@blp.response(200, schemas.CoAuthorInvitationListSchema)
def list_co_author_invitations(proposal_id: UUID) -> Any:
    """List the invitations that can still be accepted, without their tokens."""
    found = queries.list_open_invitations(db.session(), proposal_id=proposal_id, now=clock.now())
    return {"items": found}


@blp.delete("/proposals/<uuid:proposal_id>/co-author-invitations/<uuid:invitation_id>")
@requires(Permission.Proposal.INVITE, subject=proposal_of)
@blp.response(204)
def revoke_co_author_invitation(proposal_id: UUID, invitation_id: UUID) -> None:
    """Take an invitation back that nobody has accepted."""
    with unit_of_work() as session:
        invitations.revoke_invitation(
            session,
            proposal_id=proposal_id,
            invitation_id=invitation_id,
            actor_id=current_account_id(),
            now=clock.now(),
        )


@blp.post("/co-author-invitations/acceptance")
@requires(Permission.Proposal.CREATE)
@blp.arguments(schemas.CoAuthorAcceptanceSchema)
@blp.response(200, schemas.CoAuthorshipSchema)
@blp.alt_response(410, schema=ProblemSchema, content_type=PROBLEM, description="Used or expired")
def accept_co_author_invitation(payload: dict[str, Any]) -> Any:
    """Become a co-author by a token; who backed the proposal backs it no more.

    The token stands in the body, because addresses end up in logs.
    """
    with unit_of_work() as session:
        return invitations.accept_invitation(
            session, **payload, account_id=current_account_id(), now=clock.now()
        )


@blp.get("/proposals/<uuid:proposal_id>/co-authors")
@requires(Permission.Proposal.EDIT, subject=proposal_of)
@blp.response(200, schemas.CoAuthorListSchema)
def list_co_authors(proposal_id: UUID) -> Any:
    """List who writes a proposal besides its first author, for its authors."""
    return {"items": queries.list_co_authors(db.session(), proposal_id)}


@blp.delete("/proposals/<uuid:proposal_id>/co-authors/<uuid:co_author_id>")
@requires(Permission.Proposal.EDIT, subject=proposal_of)
@blp.response(204)
def end_co_authorship(proposal_id: UUID, co_author_id: UUID) -> None:
    """Leave a proposal at any time, or, as its first author, remove somebody from a draft."""
    with unit_of_work() as session:
        service.end_co_authorship(
            session,
            proposal_id=proposal_id,
            co_author_id=co_author_id,
            actor_id=current_account_id(),
            now=clock.now(),
        )
