"""Owns how published results and the institutions of a region are read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, func, literal, or_, select
from sqlalchemy.orm import Session, undefer

from backend.fairness.sums import Pair, Request
from backend.organizations.models import Institution, Organization
from backend.rounds.models import Application, MatchingRun, Outcome, Placement
from geo.regions import Region
from geo.regions.codes import SIDO_DIGITS, SIGUNGU_DIGITS
from geo.regions.facts import active_id
from geo.regions.models import RegionRow


@dataclass(frozen=True, slots=True)
class Place:
    """A region that somebody asks about, as far as institutions have to do with it.

    :param code: five or eight digits.
    :param containing: codes of regions and local governments that contain the whole of it.
    """

    code: str
    containing: tuple[str, ...]


def place_of(region: Region) -> Place:
    """Return what contains a sigungu or emd: itself, the regions above, its local government."""
    code = region.code
    above = {code[:SIDO_DIGITS], code[:SIGUNGU_DIGITS], code, region.local_government_code}
    return Place(code, tuple(sorted(above)))


def find_published_run(
    session: Session, round_id: UUID, *, with_texts: bool = False
) -> MatchingRun | None:
    """Return the run of a round whose plan is published and stands; None while there is none.

    :param with_texts: load the instance and the plan too.
    """
    statement = select(MatchingRun).where(
        MatchingRun.round_id == round_id,
        MatchingRun.published_at.is_not(None),
        MatchingRun.superseded_at.is_(None),
    )
    if with_texts:
        statement = statement.options(
            undefer(MatchingRun.instance_text), undefer(MatchingRun.plan_text)
        ).execution_options(populate_existing=True)
    return session.scalar(statement)


def list_outcomes_at(session: Session, run_id: UUID, place: Place) -> Sequence[Any]:
    """Return what became of institutions that serve a place, or whose product would stand there.

    :return: rows of offer_id, institution_id, reason, seat, residence_tier, name_ko, name_en,
        institution_type.
    """
    site = func.coalesce(Application.site_emd_code, Institution.site_emd_code)
    return session.execute(
        select(
            Outcome.offer_id,
            Outcome.institution_id,
            Outcome.reason,
            Outcome.seat,
            Outcome.residence_tier,
            Organization.name_ko,
            Organization.name_en,
            Institution.institution_type,
        )
        .join(Institution, Outcome.institution_id == Institution.organization_id)
        .join(Organization, Outcome.institution_id == Organization.id)
        .outerjoin(Application, Outcome.application_id == Application.id)
        .where(
            Outcome.run_id == run_id,
            or_(_serves(place), site.startswith(place.code, autoescape=True)),
        )
        .order_by(Organization.name_ko, Outcome.institution_id)
    ).all()


def count_institutions_at(session: Session, place: Place) -> list[tuple[str, int]]:
    """Return how many institutions of each type serve a place or stand there, many first."""
    number = func.count()
    rows = session.execute(
        select(Institution.institution_type, number)
        .join(Organization, Institution.organization_id == Organization.id)
        .where(
            Organization.closed_at.is_(None),
            or_(_serves(place), Institution.site_emd_code.startswith(place.code, autoescape=True)),
        )
        .group_by(Institution.institution_type)
        .order_by(number.desc(), Institution.institution_type)
    )
    return [(kind, count) for kind, count in rows]


def count_placements(session: Session, run_id: UUID) -> Mapping[UUID, int]:
    """Return at how many institutions each offer stands placed; those at none are missing."""
    rows = session.execute(
        select(Placement.offer_id, func.count())
        .where(Placement.run_id == run_id, Placement.ended_at.is_(None))
        .group_by(Placement.offer_id)
    )
    return dict(rows.all())


def list_holders(session: Session, run_id: UUID) -> set[Pair]:
    """Return the institutions and offers of the placements of a published run that stand."""
    rows = session.execute(
        select(Placement.institution_id, Placement.offer_id).where(
            Placement.run_id == run_id, Placement.ended_at.is_(None)
        )
    )
    return {(str(institution_id), str(offer_id)) for institution_id, offer_id in rows}


def _serves(place: Place) -> ColumnElement[bool]:
    """Return the condition that a jurisdiction contains a place, or some of it lies therein.

    Bodies of the whole nation have no codes: they serve every place and no place in particular.
    """
    listed = " " + func.array_to_string(Institution.jurisdiction_codes, " ")
    return or_(
        Institution.jurisdiction_codes.bool_op("&&")(literal(list(place.containing), ARRAY(Text))),
        listed.contains(f" {place.code}", autoescape=True),
    )


def read_requests(session: Session, run_id: UUID) -> dict[Pair, Request]:
    """Return what sums ask about the applications and fixed placements of a run.

    Sites are told by the codes in force.
    """
    site = func.coalesce(Application.site_emd_code, Institution.site_emd_code)
    rows = session.execute(
        select(
            Outcome.institution_id,
            Outcome.offer_id,
            Outcome.residence_tier,
            Institution.institution_type,
            site.label("emd_code"),
            RegionRow.name.label("emd_name"),
        )
        .join(Institution, Outcome.institution_id == Institution.organization_id)
        .outerjoin(Application, Outcome.application_id == Application.id)
        .outerjoin(RegionRow, (RegionRow.generation_id == active_id()) & (RegionRow.code == site))
        .where(Outcome.run_id == run_id)
    )
    return {
        (str(row.institution_id), str(row.offer_id)): Request(
            institution=str(row.institution_id),
            product=str(row.offer_id),
            emd_code=row.emd_code,
            is_rural=is_rural(row.emd_name),
            institution_type=row.institution_type,
            tier=row.residence_tier,
        )
        for row in rows
    }


def is_rural(emd_name: str | None) -> bool | None:
    """Tell eup and myeon from dong by the name; None where there is none.

    Eup and myeon are what the law calls rural first of all (Framework Act on Agriculture, Rural
    Community and Food Industry, article 3, item 5).
    """
    return None if emd_name is None else emd_name.endswith(("읍", "면"))
