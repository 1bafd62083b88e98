"""Owns what callers learn about a proposal beyond its columns, as frozen records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from geo.regions.models import LocalGovernmentRow, RegionRow


@dataclass(frozen=True, slots=True)
class PublicPlace:
    """Where a proposal is about, as everybody may know it: a rounded or a label point.

    :param lon: longitude in degrees, WGS 84.
    :param lat: latitude in degrees, WGS 84.
    :param local_government: the competent one, which a transfer may have changed.
    """

    lon: float
    lat: float
    emd: RegionRow
    sigungu: RegionRow
    local_government: LocalGovernmentRow


@dataclass(frozen=True, slots=True)
class VersionPlace:
    """Where a version of a proposal was about, by the boundaries of its time."""

    lon: float
    lat: float
    emd: RegionRow


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person as everybody may know them: by the name of their choice, never by an id."""

    display_name: str


@dataclass(frozen=True, slots=True)
class ExactPoint:
    """The point as it was given, for the author and the competent reviewers only."""

    lon: float
    lat: float
    accuracy_m: float | None


@dataclass(frozen=True, slots=True)
class BorderCheck:
    """Whether a point lies so near a border that its author should say on which side.

    :param candidates: neighbourhoods near the point other than the one it was given to: ``code``,
        ``full_name``, ``local_government_code``, ``distance_m``.
    """

    confirmation_needed: bool
    candidates: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class ResidenceSnapshot:
    """Where the author lived, by declaration, when the proposal was submitted; never public."""

    region: RegionRow
    confirmed: bool
    moved_recently: bool


@dataclass(frozen=True, slots=True)
class MergedProposal:
    """A proposal that is a part of another one now.

    :param proposer: under which name its author is known to the public; None: not by name.
    """

    id: UUID
    title: str
    submitted_at: datetime | None
    merged_at: datetime
    proposer: str | None


@dataclass(frozen=True, slots=True)
class AnsweringFacts:
    """What a round has to know of a proposal that a product answers.

    `residence_code` is the emd that the author declared and stays inside the computation;
    `shown_code` is what may be published of it: the emd with the author's consent, else the
    sigungu. The label point is that of `shown_code`, so that no distance tells more.
    """

    proposal_id: UUID
    author_id: UUID
    title: str
    category: str
    status: str
    residence_code: str
    residence_generation_id: int
    residence_confirmed: bool
    residence_moved_recently: bool
    neighbourhood_public: bool
    shown_code: str
    shown_name: str
    label_lon: float
    label_lat: float


class WithoutResidence:
    """A proposal as its co-authors see it: where its first author lives is not theirs to know."""

    residence = None

    def __init__(self, proposal: object) -> None:
        self._proposal = proposal

    def __getattr__(self, name: str) -> Any:
        return getattr(self._proposal, name)
