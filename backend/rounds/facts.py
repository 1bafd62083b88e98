"""Owns the gathering of everything that a round's matching depends on, from all domains below."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.catalogue.queries import answered_proposals, designated_products
from backend.organizations.models import Institution
from backend.organizations.reporting import reporting_standings
from backend.proposals.facts import AnsweringFacts
from backend.proposals.queries import answering_facts
from backend.reviews.priorities import category_ranks, proposal_ranks
from backend.rounds.models import Application, MatchingRun, Offer, Placement, Round
from backend.rounds.queries import all_applications, all_offers
from backend.rounds.residence import Governments, Home
from geo.regions import list_local_governments, list_regions

SIGUNGU = 2


@dataclass(frozen=True, slots=True)
class Request:
    """An institution that asks for an offer, or for whom it is fixed (without application).

    :param application: None where the institution is fixed.
    """

    offer: Offer
    institution: Institution
    application: Application | None

    @property
    def lon(self) -> float:
        """Longitude of the site where the product would stand."""
        return (self.application or self.institution).site.lon

    @property
    def lat(self) -> float:
        """Latitude of the site where the product would stand."""
        return (self.application or self.institution).site.lat

    @property
    def site_emd_code(self) -> str | None:
        """The emd of that site; None overseas."""
        return (self.application or self.institution).site_emd_code

    @property
    def pledges_purchase(self) -> bool:
        """Whether the institution pledges to buy the product after the trial."""
        return self.application is not None and self.application.pledges_purchase


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """Everything a round's matching depends on, as rows; `engine` turns it into an instance.

    :param requests: applications by institution and rank, then fixed institutions.
    :param proposals: product id -> the adopted proposals it answers.
    :param homes: product id -> where their proposers live, as far as that counts.
    :param designated: products whose designation holds on the day of the run.
    :param proposal_ranks: (local government, proposal) -> rank.
    :param category_ranks: category -> local government -> rank.
    :param earlier_placements: institution -> placements by published plans of other rounds.
    :param reporting: institution -> how it reported on earlier trials, where anything was due.
    """

    round: Round
    offers: list[Offer]
    requests: list[Request]
    proposals: Mapping[UUID, list[AnsweringFacts]]
    homes: Mapping[UUID, list[Home]]
    designated: Collection[UUID]
    proposal_ranks: Mapping[tuple[str, UUID], int]
    category_ranks: Mapping[str, Mapping[str, int]]
    earlier_placements: Mapping[UUID, int]
    reporting: Mapping[UUID, int]
    governments: Governments


def gather(session: Session, round_: Round, *, on: date) -> RoundFacts:
    """Read everything that the matching of a round depends on.

    :param on: the day for which designations are checked.
    """
    offers = all_offers(session, round_.id)
    proposals = _proposals_of(session, {offer.product_id for offer in offers})
    confirmed_only = round_.policy["require_confirmed_residence"]
    requests = _list_requests(session, round_, offers)
    institution_ids = {request.institution.organization_id for request in requests}
    return RoundFacts(
        round=round_,
        offers=offers,
        requests=requests,
        proposals=proposals,
        homes={
            product_id: [
                Home(fact.shown_code, fact.label_lon, fact.label_lat)
                for fact in answered
                if fact.residence_confirmed or not confirmed_only
            ]
            for product_id, answered in proposals.items()
        },
        designated=designated_products(session, {offer.product_id for offer in offers}, on),
        proposal_ranks=proposal_ranks(
            session,
            programme_year=round_.programme_year,
            proposal_ids={fact.proposal_id for answered in proposals.values() for fact in answered},
        ),
        category_ranks={
            category: category_ranks(
                session, programme_year=round_.programme_year, category=category
            )
            for category in sorted({offer.product.category for offer in offers})
        },
        earlier_placements=_count_earlier(session, round_, institution_ids),
        reporting=reporting_standings(session, institution_ids, on=on),
        governments=load_governments(session),
    )


def load_governments(session: Session) -> Governments:
    """Return which local government answers for each sigungu in force."""
    return Governments(
        of_sigungu={
            region.code: region.local_government_code for region in list_regions(session, SIGUNGU)
        },
        single_tier=frozenset(
            government.code
            for government in list_local_governments(session)
            if government.kind == "single_tier"
        ),
    )


def _proposals_of(
    session: Session, product_ids: Collection[UUID]
) -> dict[UUID, list[AnsweringFacts]]:
    answered = answered_proposals(session, product_ids)
    facts = answering_facts(session, {one for ids in answered.values() for one in ids})
    return {product_id: [facts[one] for one in ids] for product_id, ids in answered.items()}


def _list_requests(session: Session, round_: Round, offers: list[Offer]) -> list[Request]:
    applications = all_applications(session, round_.id)
    wanted = {row.institution_id for row in applications}
    wanted |= {fixed for offer in offers for fixed in offer.fixed_institution_ids}
    rows = session.scalars(select(Institution).where(Institution.organization_id.in_(wanted)))
    institutions = {row.organization_id: row for row in rows}
    by_id = {offer.id: offer for offer in offers}
    asked = [
        Request(by_id[row.offer_id], institutions[row.institution_id], row) for row in applications
    ]
    fixed = [
        Request(offer, institutions[institution_id], None)
        for offer in offers
        for institution_id in offer.fixed_institution_ids
    ]
    return asked + fixed


def _count_earlier(
    session: Session, round_: Round, institution_ids: Collection[UUID]
) -> dict[UUID, int]:
    rows = session.execute(
        select(Placement.institution_id, func.count())
        .join(MatchingRun, Placement.run_id == MatchingRun.id)
        .where(
            Placement.institution_id.in_(institution_ids),
            MatchingRun.published_at.is_not(None),
            MatchingRun.superseded_at.is_(None),
            MatchingRun.round_id != round_.id,
            Placement.ended_at.is_(None),
        )
        .group_by(Placement.institution_id)
    )
    return dict(rows.all())
