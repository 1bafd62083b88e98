"""Owns the answer to "why not my neighbourhood?" for every product that a round offered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.errors import Invalid
from backend.fairness import queries
from backend.fairness.sentences import tell_next_steps, tell_silence, tell_withdrawal
from backend.fairness.stages import describe_stage
from backend.pagination import InvalidCursor, Page, decode_cursor, encode_cursor
from backend.regions import errors
from backend.rounds.models import Offer, Outcome, Round
from backend.rounds.queries import all_offers
from backend.rounds.reasons import LEFT, Changes, list_changes, reason_of
from geo.regions import (
    LocalGovernment,
    NoActiveGeneration,
    Region,
    active_generation,
    find_region,
    get_local_government,
)
from geo.tiling import SIDO

NO_APPLICATION = "no_application"
"""Reason where no institution of the place asked for a product."""

OFFER_WITHDRAWN = "offer_withdrawn"
"""Reason where no institution of the place has an outcome because the supplier took it back."""

NOBODY = UUID(int=0)
"""Stands in a cursor for the institution of a product that nobody asked for."""

AWARDED, REFUSED, NOT_ASKED, WITHDRAWN = range(4)
"""The order in which a place's answers are told."""


class PlaceTooCoarse(Invalid):
    """The question is about a neighbourhood or a city, not about a province."""

    code = "place_too_coarse"
    ko = "시·군·구나 읍·면·동을 골라 주세요."
    en = "Choose a city, county or district (sigungu), or a neighbourhood (emd)."


@dataclass(frozen=True, slots=True)
class Explanation:
    """What became of one product for a place: one institution's outcome, or nobody's.

        :param institution: row of the institution with its outcome; None where nobody has one.
    :param is_placed: whether the institution has the product by now, vacancies passed on included.
    :param placements: at how many institutions the product stands placed in all.
        :param explanation: ``{"ko": ..., "en": ...}``.
    """

    offer: Offer
    institution: Any | None
    reason: str
    is_placed: bool
    placements: int
    explanation: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Summary:
    """Products by what became of them for a place."""

    awarded: int = 0
    refused: int = 0
    no_application: int = 0
    offer_withdrawn: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a round did for a place.

    :param stage: where the round stands, in both languages; None once its plan is published.
    :param institutions: type and number of the institutions that could apply there.
    :param page: of `Explanation`; empty before the publication.
    """

    round: Round
    region: Region
    local_government: LocalGovernment
    stage: Mapping[str, str] | None
    institutions: Sequence[tuple[str, int]]
    next_steps: Mapping[str, str]
    summary: Summary
    page: Page


@dataclass(frozen=True, slots=True)
class _Line:
    offer: Offer
    institution: Any | None
    since: Mapping[str, str] | None = None

    @property
    def rank(self) -> int:
        if self.institution is None:
            # Applications fell out with an offer that was taken back in the window: of silence
            # nothing can be said then.
            return NOT_ASKED if self.offer.withdrawn_at is None else WITHDRAWN
        if self.since is not None:
            return REFUSED if self.since is LEFT else AWARDED
        return REFUSED if self.institution.seat is None else AWARDED

    @property
    def position(self) -> tuple[UUID, UUID]:
        return self.offer.id, self.institution.institution_id if self.institution else NOBODY


def explain_place(
    session: Session,
    round_: Round,
    *,
    region_code: str,
    limit: int,
    after: str | None,
    now: datetime,
) -> Answer:
    """Say for every product of a round what became of it for a place, and why.

    An institution counts when its jurisdiction contains the place or lies in it, or when its
    product would stand there. Products that were placed there come first, then those that were
    asked for in vain, then those that nobody there asked for, then those taken back.

    :param region_code: a sigungu or an emd.
    :param limit: most explanations.
    :raises RegionUnknown: when no region in force has the code.
    :raises PlaceTooCoarse: when it is a sido.
    :raises BoundariesNotLoaded: when there are no boundaries.
    :raises InvalidCursor: when `after` was not made by this list.
    """
    region = _get_place(session, region_code)
    place = queries.place_of(region)
    government = get_local_government(session, region.local_government_code)
    institutions = queries.count_institutions_at(session, place)
    run = queries.find_published_run(session, round_.id)
    lines: list[_Line] = []
    page = Page([], None)
    if run is not None:
        changes = list_changes(session, run.id)
        lines = _list_lines(session, round_.id, run.id, place, changes)
        shown, next_cursor = _cut(lines, limit, after)
        placed = queries.count_placements(session, run.id)
        silence = tell_silence(region, institutions)
        told = [_explain(session, run.id, line, placed, silence, changes=changes) for line in shown]
        page = Page(told, next_cursor)
    return Answer(
        round=round_,
        region=region,
        local_government=government,
        stage=None if run else describe_stage(round_, now),
        institutions=institutions,
        next_steps=tell_next_steps(government),
        summary=_summarize(lines),
        page=page,
    )


def _get_place(session: Session, code: str) -> Region:
    try:
        active_generation(session)
    except NoActiveGeneration as exc:
        raise errors.BoundariesNotLoaded from exc
    region = find_region(session, code)
    if region is None:
        raise errors.RegionUnknown(field="query.region")
    if region.level == SIDO:
        raise PlaceTooCoarse(field="query.region")
    return region


def _list_lines(
    session: Session, round_id: UUID, run_id: UUID, place: queries.Place, changes: Changes
) -> list[_Line]:
    asked: dict[UUID, list[Any]] = {}
    for row in queries.list_outcomes_at(session, run_id, place):
        asked.setdefault(row.offer_id, []).append(row)
    groups = []
    for offer in all_offers(session, round_id):
        lines = [
            _Line(offer, row, changes.get((row.institution_id, offer.id)))
            for row in asked.get(offer.id, [])
        ]
        groups.append(sorted(lines or [_Line(offer, None)], key=_by_rank))
    groups.sort(key=lambda group: (group[0].rank, group[0].offer.product.name_ko))
    return [line for group in groups for line in group]


def _by_rank(line: _Line) -> int:
    return line.rank


def _cut(
    lines: Sequence[_Line], limit: int, after: str | None
) -> tuple[Sequence[_Line], str | None]:
    begin = 0
    if after is not None:
        position = tuple(decode_cursor(after, [Outcome.offer_id, Outcome.institution_id]))
        places = [line.position for line in lines]
        if position not in places:
            raise InvalidCursor(field="query.after")
        begin = places.index(position) + 1
    shown = lines[begin : begin + limit]
    has_more = begin + limit < len(lines)
    return shown, encode_cursor(shown[-1].position) if has_more else None


def _summarize(lines: Sequence[_Line]) -> Summary:
    best: dict[UUID, int] = {}
    for line in lines:
        best[line.offer.id] = min(line.rank, best.get(line.offer.id, WITHDRAWN))
    ranks = list(best.values())
    return Summary(*(ranks.count(rank) for rank in (AWARDED, REFUSED, NOT_ASKED, WITHDRAWN)))


def _explain(
    session: Session,
    run_id: UUID,
    line: _Line,
    placed: Mapping[UUID, int],
    silence: Mapping[str, str],
    *,
    changes: Changes,
) -> Explanation:
    row, offer = line.institution, line.offer
    if row is not None:
        reason = row.reason
        told: Mapping[str, str] = reason_of(
            session,
            run_id=run_id,
            institution_id=row.institution_id,
            offer_id=offer.id,
            changes=changes,
        )
    elif line.rank == WITHDRAWN:
        reason, told = OFFER_WITHDRAWN, tell_withdrawal(offer.withdrawal_reason or "")
    else:
        reason, told = NO_APPLICATION, silence
    return Explanation(
        offer=offer,
        institution=row,
        reason=reason,
        is_placed=line.rank == AWARDED,
        placements=placed.get(offer.id, 0),
        explanation=told,
    )
