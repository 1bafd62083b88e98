"""Reviews over HTTP: handing in and taking back, the queue, the decision, the rankings."""

from typing import Any
from uuid import UUID

from werkzeug.routing import IntegerConverter

from backend import clock
from backend.auth.guards import current_account_id, public, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.openapi import URL_PREFIX, Blueprint
from backend.organizations.models import Organization
from backend.organizations.queries import get_local_government_organization
from backend.preconditions import needs_match
from backend.proposals.models import Proposal
from backend.proposals.queries import ProposalNotFound, get_proposal
from backend.proposals.schemas import ProposalSchema
from backend.proposals.views import visible_proposal
from backend.reviews import decisions, desk, priorities, ranking, schemas, submission
from backend.schemas import page_of, with_next_link

blp = Blueprint(
    "reviews", __name__, url_prefix=URL_PREFIX, description="The work of local governments"
)

FIRST_YEAR, LAST_YEAR = 2019, 2100
"""The programme began in 2019."""


class ProgrammeYear(IntegerConverter):
    """A year of the programme in a path.

    Bounds alone would let the path match, and a year outside be answered with 405 by the method
    that comes first.
    """

    regex = r"20(?:19|[2-9][0-9])|2100"


YEAR = "<programme_year:programme_year>"


def submitted_proposal(proposal_id: UUID) -> Proposal:
    """Return what a decision is about; a draft is there for no office.

    :raises ProposalNotFound: when there is none, or it was never submitted.
    """
    proposal = get_proposal(db.session(), proposal_id)
    if not proposal.is_public:
        raise ProposalNotFound
    return proposal


def local_government(code: str, **_: object) -> Organization:
    """Return the organization that a route is about.

    :raises LocalGovernmentUnknown: when no local government has the code.
    """
    return get_local_government_organization(db.session(), code)


@blp.post("/proposals/<uuid:proposal_id>/submission")
@requires(Permission.Proposal.SUBMIT, subject=visible_proposal)
@blp.response(200, ProposalSchema)
def submit_proposal(proposal_id: UUID) -> Any:
    """Hand a draft in at the competent local government, or hand in the supplement."""
    with unit_of_work() as session:
        return submission.submit_proposal(
            session, proposal_id=proposal_id, actor_id=current_account_id(), now=clock.now()
        )


@blp.post("/proposals/<uuid:proposal_id>/withdrawal")
@requires(Permission.Proposal.SUBMIT, subject=visible_proposal)
@blp.response(200, ProposalSchema)
def withdraw_proposal(proposal_id: UUID) -> Any:
    """Take a proposal back before it is decided."""
    with unit_of_work() as session:
        return submission.withdraw_proposal(
            session, proposal_id=proposal_id, actor_id=current_account_id(), now=clock.now()
        )


@blp.get("/local-governments/<string:code>/reviews")
@requires(Permission.Review.READ_QUEUE, subject=local_government)
@blp.arguments(schemas.QueueQuerySchema, location="query")
@blp.response(200, page_of(schemas.ReviewSchema))
def list_reviews(query: dict[str, Any], code: str) -> Any:
    """List a local government's reviews: what waits oldest first, what is decided newest first."""
    with unit_of_work() as session:
        page = desk.read_queue(
            session,
            local_government_code=code,
            actor_id=current_account_id(),
            now=clock.now(),
            **query,
        )
        # The commit would expire what was read, and have it read again row by row.
        session.expunge_all()
    return with_next_link(page)


@blp.get("/proposals/<uuid:proposal_id>/review")
@requires(Permission.Review.READ_QUEUE, subject=submitted_proposal)
@blp.response(200, schemas.ReviewSchema)
def show_review(proposal_id: UUID) -> Any:
    """Show the competent local government's review of a proposal."""
    code = submitted_proposal(proposal_id).local_government_code or ""
    with unit_of_work() as session:
        return desk.read_review(
            session,
            proposal_id=proposal_id,
            local_government_code=code,
            actor_id=current_account_id(),
            now=clock.now(),
        )


@blp.put("/proposals/<uuid:proposal_id>/decision")
@requires(Permission.Review.DECIDE, subject=submitted_proposal)
@blp.arguments(schemas.DecisionCreateSchema)
@blp.response(200, schemas.DecisionSchema)
def decide(payload: dict[str, Any], proposal_id: UUID) -> Any:
    """Adopt, reject, pass on, or ask for a supplement, with a reason."""
    code = submitted_proposal(proposal_id).local_government_code or ""
    with unit_of_work() as session:
        return decisions.decide(
            session,
            proposal_id=proposal_id,
            local_government_code=code,
            actor_id=current_account_id(),
            now=clock.now(),
            **payload,
        )


@blp.get(f"/local-governments/<string:code>/proposal-ranks/{YEAR}")
@public
@blp.response(200, schemas.ProposalRankingSchema)
def show_proposal_ranking(code: str, programme_year: int) -> Any:
    """Show a local government's order of its adopted proposals."""
    local_government(code)
    return priorities.show_proposal_ranking(
        db.session(), local_government_code=code, programme_year=programme_year
    )


@blp.put(f"/local-governments/<string:code>/proposal-ranks/{YEAR}")
@needs_match
@requires(Permission.Review.RANK, subject=local_government)
@blp.arguments(schemas.ProposalRankingCreateSchema)
@blp.response(200, schemas.ProposalRankingSchema)
def rank_proposals(payload: dict[str, Any], code: str, programme_year: int) -> Any:
    """Set the whole order of the adopted proposals; the order before it is kept as history."""
    with unit_of_work() as session:
        return ranking.rank_proposals(
            session,
            local_government_code=code,
            programme_year=programme_year,
            actor_id=current_account_id(),
            now=clock.now(),
            **payload,
        )


@blp.get(f"/local-governments/<string:code>/category-ranks/{YEAR}")
@public
@blp.response(200, schemas.CategoryRankingSchema)
def show_category_ranking(code: str, programme_year: int) -> Any:
    """Show a local government's order of categories."""
    local_government(code)
    return priorities.show_category_ranking(
        db.session(), local_government_code=code, programme_year=programme_year
    )


@blp.put(f"/local-governments/<string:code>/category-ranks/{YEAR}")
@needs_match
@requires(Permission.Review.RANK, subject=local_government)
@blp.arguments(schemas.CategoryRankingCreateSchema)
@blp.response(200, schemas.CategoryRankingSchema)
def rank_categories(payload: dict[str, Any], code: str, programme_year: int) -> Any:
    """Set the whole order of the categories; the order before it is kept as history."""
    with unit_of_work() as session:
        return ranking.rank_categories(
            session,
            local_government_code=code,
            programme_year=programme_year,
            actor_id=current_account_id(),
            now=clock.now(),
            **payload,
        )
