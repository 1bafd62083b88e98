"""Owns the search for proposals that say the same: candidates, scores, and why each is a hit.

Only what everybody may see of others is compared and shown: their public points, and nothing that
is a draft, was withdrawn or merged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.proposals.models import Proposal
from backend.proposals.places import Place, place_of_point, place_of_region
from backend.proposals.queries import list_proposals
from backend.proposals.similar.queries import list_near, list_of_whole, list_with_like_titles
from backend.proposals.similar.signals import THRESHOLD, Side, Signal, compare, score_of
from backend.proposals.similar.texts import profile
from backend.proposals.states import LABELS
from geo.regions import find_region

MOST_HITS = 10

DECIDED = frozenset({"adopted", "rejected"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be compared with others.

    :param lon, lat: where it is, in degrees, WGS 84; None where that is not known.
    :param at: when it was handed in, or now.
    """

    side: Side
    title: str
    lon: float | None
    lat: float | None
    at: datetime
    proposal_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A proposal that may say the same, how much it is alike, and by what."""

    proposal: Proposal
    score: float
    signals: Sequence[Signal]

    @property
    def is_decided(self) -> bool:
        """Return whether the local government has decided about it already."""
        return self.proposal.status in DECIDED

    @property
    def text(self) -> dict[str, str]:
        """Return why it is a hit, the weightiest reason first."""
        told = sorted(self.signals, key=lambda one: -one.weight * one.value)[:3]
        state = LABELS[self.proposal.status]
        return {
            "ko": ", ".join(one.ko for one in told) + f". 지금 상태: {state[0]}.",
            "en": ", ".join(one.en for one in told) + f". Its state: {state[1]}.",
        }


@dataclass(frozen=True, slots=True)
class Hits:
    """The hits, the likeliest first, and the score from which something is one."""

    items: Sequence[Hit]
    threshold: float = THRESHOLD


def find_similar(
    session: Session,
    *,
    title: str,
    now: datetime,
    problem: str | None = None,
    idea: str | None = None,
    category: str | None = None,
    location: Mapping[str, Any] | None = None,
    region_code: str | None = None,
) -> Hits:
    """Return public proposals that may say the same as a text at a place.

    :param location: ``lon``, ``lat`` in degrees and perhaps ``accuracy_m``.
    :param region_code: eight digits, in place of a point.
    :raises CoordinatesSwapped, PointOutsideKorea, RegionUnknown, RegionTooCoarse: for a bad place.
    """
    place: Place | None = None
    if location is not None:
        place = place_of_point(session, **location)
    elif region_code is not None:
        place = place_of_region(session, region_code=region_code)
    lon = lat = None
    if location is not None:
        lon, lat = location["lon"], location["lat"]
    side = Side(
        profile(title, problem, idea),
        category,
        place.emd_code if place else None,
        is_whole=location is None,
    )
    return search(session, Asked(side, title, lon, lat, now))


def find_similar_to(session: Session, proposal: Proposal, *, now: datetime) -> Hits:
    """Return public proposals that may say the same as one that is there.

    A draft, which only its author can ask about, is compared by its exact point, and everything
    else by its public one: no distance tells more than the map.
    """
    exact = proposal.exact_point if not proposal.is_public else None
    shown = proposal.public_place if proposal.geom is not None else None
    point = exact or shown
    side = Side(
        profile(proposal.title, proposal.problem, proposal.idea),
        proposal.category,
        proposal.emd_code,
        is_whole=proposal.geom is None,
    )
    at = proposal.submitted_at or now
    lon, lat = (point.lon, point.lat) if point else (None, None)
    return search(session, Asked(side, proposal.title, lon, lat, at, proposal.id))


def search(session: Session, asked: Asked) -> Hits:
    """Score the candidates and return those from the threshold on."""
    scored = []
    for row in list_candidates(session, asked):
        signals = compare_with(asked, row)
        score = score_of(signals)
        if score >= THRESHOLD:
            scored.append((score, row.id, signals))
    scored = sorted(scored, key=lambda one: (-one[0], one[1]))[:MOST_HITS]
    found = {row.id: row for row in list_proposals(session, [one[1] for one in scored])}
    return Hits([Hit(found[id_], score, signals) for score, id_, signals in scored])


def compare_with(asked: Asked, row: Any) -> tuple[Signal, ...]:
    """Compare what is asked for with one candidate."""
    other = Side(
        profile(row.title, row.problem, row.idea), row.category, row.emd_code, row.is_whole
    )
    return compare(
        asked.side,
        other,
        distance_m=row.distance_m,
        age_days=(asked.at - row.submitted_at) / timedelta(days=1),
    )


def list_candidates(session: Session, asked: Asked) -> Sequence[Any]:
    """Return what is near; of a whole neighbourhood what is about it or around its middle."""
    if asked.side.emd_code is None:
        return list_with_like_titles(session, title=asked.title, without=asked.proposal_id)
    rows: list[Any] = []
    without, lon, lat = asked.proposal_id, asked.lon, asked.lat
    middle = find_region(session, asked.side.emd_code)
    if middle is not None:
        rows += list_of_whole(session, lon=middle.lon, lat=middle.lat, without=without)
        if lon is None or lat is None:
            lon, lat = middle.lon, middle.lat
    if lon is not None and lat is not None:
        rows += list_near(session, lon=lon, lat=lat, without=without)
    return list({row.id: row for row in rows}.values())
