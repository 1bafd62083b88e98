"""Proposals over HTTP: drafts, the public list, the thread, endorsements."""

from typing import Any
from uuid import UUID

from backend import clock
from backend.auth.guards import current_account_id, current_identity, public, requires
from backend.auth.permissions import Permission
from backend.auth.policy import permits
from backend.db import db, unit_of_work
from backend.openapi import URL_PREFIX, Blueprint
from backend.pagination import Page
from backend.preconditions import needs_match
from backend.proposals import checks, drafts, endorsements, queries, schemas
from backend.proposals.categories import CATEGORIES
from backend.proposals.facts import WithoutResidence
from backend.proposals.merges.queries import refuse_merged
from backend.proposals.models import Proposal
from backend.schemas import PageQuerySchema, ProblemSchema, page_of, with_next_link

blp = Blueprint("proposals", __name__, url_prefix=URL_PREFIX, description="Citizens' proposals")


def visible_proposal(proposal_id: UUID) -> Proposal:
    """Return what a permission is about; a draft is there for nobody but its author.

    What was merged is there for its author and the office; others are sent on.

    :raises ProposalNotFound: when there is none, or the caller may not know that there is.
    :raises ProposalMerged: when it is a part of another one now.
    """
    proposal = queries.get_proposal(db.session(), proposal_id)
    identity = current_identity()
    if not permits(identity, Permission.Proposal.READ, proposal):
        raise queries.ProposalNotFound
    if not permits(identity, Permission.Proposal.READ_PRIVATE, proposal):
        refuse_merged(db.session(), proposal)
    return proposal


def seen_by_caller(proposal: Proposal) -> Proposal | WithoutResidence:
    """Return a proposal as the one of its authors sees it who is calling."""
    return proposal if proposal.author_id == current_account_id() else WithoutResidence(proposal)


@blp.get("/categories")
@public
@blp.response(200, schemas.CategoryListSchema)
def list_categories() -> Any:
    """List the categories of proposals."""
    return {"items": CATEGORIES}


@blp.post("/proposals")
@requires(Permission.Proposal.CREATE)
@blp.arguments(schemas.ProposalCreateSchema)
@blp.response(201, schemas.ProposalSchema)
@blp.alt_response(200, schema=schemas.ProposalSchema, description="The draft that is there")
def create_proposal(payload: dict[str, Any]) -> Any:
    """Begin a draft; the same id again answers with the draft that is there (200)."""
    with unit_of_work() as session:
        proposal, is_new = drafts.create_draft(
            session, author_id=current_account_id(), **payload, now=clock.now()
        )
    return proposal, 201 if is_new else 200


@blp.get("/proposals")
@public
@blp.arguments(schemas.ProposalQuerySchema, location="query")
@blp.response(200, page_of(schemas.PublicProposalSchema))
def list_proposals(query: dict[str, Any]) -> Any:
    """List submitted proposals, newest first, at most 100 a page."""
    return with_next_link(queries.list_public(db.session(), **query))


@blp.get("/proposals/<uuid:proposal_id>")
@requires(Permission.Proposal.READ, subject=visible_proposal)
@blp.response(200, schemas.PublicProposalSchema)
@blp.alt_response(410, schema=ProblemSchema, description="Merged; `Location` is where it is now")
def show_proposal(proposal_id: UUID) -> Any:
    """Show a proposal as everybody may see it; a draft only to its authors."""
    return queries.get_proposal(db.session(), proposal_id)


@blp.patch("/proposals/<uuid:proposal_id>")
@needs_match
@requires(Permission.Proposal.EDIT, subject=visible_proposal)
@blp.arguments(schemas.ProposalUpdateSchema)
@blp.response(200, schemas.ProposalSchema)
def edit_proposal(payload: dict[str, Any], proposal_id: UUID) -> Any:
    """Change a draft, what was sent back, or a submission whose review has not started."""
    with unit_of_work() as session:
        proposal = drafts.edit_proposal(
            session,
            proposal_id=proposal_id,
            actor_id=current_account_id(),
            changes=payload,
            now=clock.now(),
        )
    return seen_by_caller(proposal)


@blp.delete("/proposals/<uuid:proposal_id>")
@needs_match
@requires(Permission.Proposal.DISCARD, subject=visible_proposal)
@blp.response(204)
def discard_proposal(proposal_id: UUID) -> None:
    """Delete a draft."""
    with unit_of_work() as session:
        drafts.discard_draft(
            session, proposal_id=proposal_id, actor_id=current_account_id(), now=clock.now()
        )


@blp.get("/me/proposals")
@requires(Permission.Me.READ)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_of(schemas.ProposalSchema))
def list_own_proposals(query: dict[str, Any]) -> Any:
    """List what one writes, alone or with others, in every state, newest first."""
    page = queries.list_own(db.session(), author_id=current_account_id(), **query)
    return with_next_link(Page([seen_by_caller(item) for item in page.items], page.next_cursor))


@blp.get("/me/proposals/<uuid:proposal_id>")
@requires(Permission.Proposal.EDIT, subject=visible_proposal)
@blp.response(200, schemas.ProposalSchema)
def show_own_proposal(proposal_id: UUID) -> Any:
    """Show what one writes with its exact point and, to its first author, the residence."""
    return seen_by_caller(queries.get_proposal(db.session(), proposal_id))


@blp.get("/proposals/<uuid:proposal_id>/submission-checks")
@requires(Permission.Proposal.SUBMIT, subject=visible_proposal)
@blp.response(200, schemas.ChecksSchema)
def list_submission_checks(proposal_id: UUID) -> Any:
    """List what is missing or doubtful before the submission, to its first author."""
    proposal = queries.get_proposal(db.session(), proposal_id)
    return {"items": checks.show_checks(db.session(), proposal, now=clock.now())}


@blp.get("/proposals/<uuid:proposal_id>/events")
@requires(Permission.Proposal.READ, subject=visible_proposal)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_of(schemas.ProposalEventSchema))
def list_events(query: dict[str, Any], proposal_id: UUID) -> Any:
    """List what happened to a proposal, oldest first."""
    proposal = visible_proposal(proposal_id)
    page = queries.list_events(
        db.session(),
        proposal_id=proposal_id,
        include_private=permits(current_identity(), Permission.Proposal.READ_PRIVATE, proposal),
        **query,
    )
    return with_next_link(page)


@blp.put("/proposals/<uuid:proposal_id>/endorsement")
@requires(Permission.Proposal.ENDORSE, subject=visible_proposal)
@blp.response(200, schemas.BackingSchema)
def endorse_proposal(proposal_id: UUID) -> Any:
    """Back a proposal; repeating it changes nothing."""
    with unit_of_work() as session:
        return endorsements.endorse(
            session, proposal_id=proposal_id, account_id=current_account_id(), now=clock.now()
        )


@blp.delete("/proposals/<uuid:proposal_id>/endorsement")
@requires(Permission.Proposal.ENDORSE, subject=visible_proposal)
@blp.response(200, schemas.BackingSchema)
def stop_endorsing_proposal(proposal_id: UUID) -> Any:
    """Take one's backing back; repeating it changes nothing."""
    with unit_of_work() as session:
        return endorsements.stop_endorsing(
            session, proposal_id=proposal_id, account_id=current_account_id(), now=clock.now()
        )
