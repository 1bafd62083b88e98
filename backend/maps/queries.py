"""Owns reading proposals and placements as the public map shows them; each read is bounded.

What counts: proposals from their submission on unless taken back, and placements of plans that
are published and stand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, Text, any_, func, literal, select
from sqlalchemy.orm import aliased

from backend.catalogue.models import Product, ProductProposal
from backend.organizations.models import Organization
from backend.proposals.filters import LISTED
from backend.proposals.models import Proposal
from backend.regions.errors import BoundariesNotLoaded
from backend.rounds.models import MatchingRun, Offer, Placement, Round
from geo.areas import Bbox, lies_in_box
from geo.orm import Executor
from geo.regions import Generation, NoActiveGeneration, active_generation
from geo.regions.codes import EMD_DIGITS, SIDO_DIGITS, SIGUNGU_DIGITS
from geo.regions.models import GenerationRow, LocalGovernmentRow, RegionRow

MOST_ROUNDS = 50
"""Published rounds that the page offers to choose from."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which features are asked for; what is None does not matter.

    :param region_code: a region with everything in it.
    :param round: code of a round, for placements only.
    :param status: for proposals only.
    :param proposal_id: only placements of products that answer it.
    :param limit: at most so many, the newest.
    """

    limit: int
    bbox: Bbox | None = None
    region_code: str | None = None
    category: str | None = None
    round: str | None = None
    status: str | None = None
    proposal_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Features:
    """Rows with a point each, the newest first; `truncated` when there are more."""

    features: Sequence[Any]
    truncated: bool


def current_generation(conn: Executor) -> Generation:
    """Return the generation of boundaries in force.

    :raises BoundariesNotLoaded: when there are none.
    """
    try:
        return active_generation(conn)
    except NoActiveGeneration as exc:
        raise BoundariesNotLoaded from exc


def read_attribution(conn: Executor, generation: Generation) -> str:
    """Return whom the shapes of a generation are owed to, as its sources ask."""
    statement = select(GenerationRow.sources).where(GenerationRow.id == generation.id)
    return "; ".join(source["attribution"] for source in conn.execute(statement).scalar_one())


def read_region_ids(
    conn: Executor, generation: Generation, level: int, codes: Sequence[str]
) -> Mapping[str, int]:
    """Return code -> id of those regions of a level, in code order; unknown codes are left out."""
    wanted = any_(literal(list(codes), ARRAY(Text)))
    statement = select(RegionRow.code, RegionRow.id).where(
        RegionRow.generation_id == generation.id, RegionRow.level == level, RegionRow.code == wanted
    )
    return {row.code: row.id for row in conn.execute(statement.order_by(RegionRow.code))}


def list_placements(conn: Executor, wanted: Filter) -> Features:
    """Return placements with what a mark on the map has to say."""
    statement = select_placements().order_by(Placement.id.desc())
    if wanted.bbox is not None:
        statement = statement.where(lies_in_box(Placement.site_geom, wanted.bbox))
    if wanted.region_code is not None:
        statement = statement.where(placed_within(wanted.region_code))
    if wanted.category is not None:
        statement = statement.where(Product.category == wanted.category)
    if wanted.round is not None:
        statement = statement.where(Round.code == wanted.round)
    if wanted.proposal_id is not None:
        answering = select(ProductProposal.product_id).where(
            ProductProposal.proposal_id == wanted.proposal_id
        )
        statement = statement.where(Placement.product_id.in_(answering))
    return _bounded(conn, statement, wanted.limit)


def select_placements() -> Select[Any]:
    """Return a select of placements that stand, with product, institution, round and place."""
    emd = aliased(RegionRow)
    return (
        select(
            Placement.id,
            Placement.run_id,
            Placement.offer_id,
            func.ST_X(Placement.site_geom).label("lon"),
            func.ST_Y(Placement.site_geom).label("lat"),
            Placement.placed_at,
            Placement.residence_tier,
            Placement.seat,
            Placement.vacancy_id,
            Placement.site_emd_code.label("emd_code"),
            Placement.sigungu_code,
            Offer.unit_price_krw.label("amount_krw"),
            Product.id.label("product_id"),
            Product.name_ko.label("product_name_ko"),
            Product.name_en.label("product_name_en"),
            Product.category,
            Organization.id.label("institution_id"),
            Organization.name_ko.label("institution_name_ko"),
            Organization.name_en.label("institution_name_en"),
            Organization.is_synthetic,
            (Product.is_sample | Round.is_sample).label("is_sample"),
            Round.code.label("round"),
            emd.full_name.label("place_name"),
        )
        .join(MatchingRun, Placement.run_id == MatchingRun.id)
        .join(Round, MatchingRun.round_id == Round.id)
        .join(Offer, Placement.offer_id == Offer.id)
        .join(Product, Placement.product_id == Product.id)
        .join(Organization, Placement.institution_id == Organization.id)
        .outerjoin(
            emd,
            (emd.generation_id == Placement.generation_id) & (emd.code == Placement.site_emd_code),
        )
        .where(placement_stands())
    )


def stands() -> ColumnElement[bool]:
    """Return the condition on a run that its plan is published and not superseded."""
    return MatchingRun.published_at.is_not(None) & MatchingRun.superseded_at.is_(None)


def placement_stands() -> ColumnElement[bool]:
    """Return the condition that a placement is by a plan that stands and was not given up."""
    return stands() & Placement.ended_at.is_(None)


def placed_within(region_code: str) -> ColumnElement[bool]:
    """Return the condition that a placement lies in a region."""
    if len(region_code) == SIDO_DIGITS:
        return func.left(Placement.sigungu_code, SIDO_DIGITS) == region_code
    within = Placement.sigungu_code == region_code[:SIGUNGU_DIGITS]
    if len(region_code) == SIGUNGU_DIGITS:
        return within
    return within & (Placement.site_emd_code == region_code[:EMD_DIGITS])


def list_proposals(conn: Executor, wanted: Filter) -> Features:
    """Return proposals at their rounded public points."""
    statement = select_proposals().order_by(Proposal.submitted_at.desc(), Proposal.id.desc())
    if wanted.status is not None:
        statement = statement.where(Proposal.status == wanted.status)
    if wanted.bbox is not None:
        statement = statement.where(lies_in_box(Proposal.public_geom, wanted.bbox))
    if wanted.region_code is not None:
        statement = statement.where(
            Proposal.emd_code.startswith(wanted.region_code, autoescape=True)
        )
    if wanted.category is not None:
        statement = statement.where(Proposal.category == wanted.category)
    return _bounded(conn, statement, wanted.limit)


def select_proposals() -> Select[Any]:
    """Return a select of what everybody may see of proposals, with their places."""
    emd = aliased(RegionRow)
    return (
        select(
            Proposal.id,
            func.ST_X(Proposal.public_geom).label("lon"),
            func.ST_Y(Proposal.public_geom).label("lat"),
            Proposal.category,
            Proposal.title,
            Proposal.problem,
            Proposal.idea,
            Proposal.status,
            Proposal.emd_code,
            Proposal.sigungu_code,
            emd.full_name.label("place_name"),
            LocalGovernmentRow.full_name.label("local_government_name"),
            Proposal.submitted_at,
            Proposal.decided_at,
            Proposal.endorsement_count,
            Proposal.is_synthetic,
        )
        .join(emd, (emd.generation_id == Proposal.generation_id) & (emd.code == Proposal.emd_code))
        .join(
            LocalGovernmentRow,
            (LocalGovernmentRow.generation_id == Proposal.generation_id)
            & (LocalGovernmentRow.code == Proposal.local_government_code),
        )
        .where(listed())
    )


def listed() -> ColumnElement[bool]:
    """Return the condition that everybody may see a proposal: submitted and not taken back."""
    return Proposal.submitted_at.is_not(None) & Proposal.status.in_(LISTED)


def list_published_rounds(conn: Executor) -> Sequence[Any]:
    """Return the rounds whose results are published, the newest first."""
    statement = (
        select(Round.code, Round.title_ko, Round.title_en)
        .where(Round.status == "published")
        .order_by(Round.published_at.desc())
        .limit(MOST_ROUNDS)
    )
    return conn.execute(statement).all()


def answered_proposals(conn: Executor, product_id: UUID, limit: int) -> Sequence[Any]:
    """Return the adopted proposals that a product answers, the first received first."""
    statement = (
        select_proposals()
        .join(ProductProposal, ProductProposal.proposal_id == Proposal.id)
        .where(ProductProposal.product_id == product_id, Proposal.status == "adopted")
        .order_by(Proposal.submitted_at, Proposal.id)
        .limit(limit)
    )
    return conn.execute(statement).all()


def _bounded(conn: Executor, statement: Select[Any], limit: int) -> Features:
    rows = conn.execute(statement.limit(limit + 1)).all()
    return Features(rows[:limit], truncated=len(rows) > limit)
