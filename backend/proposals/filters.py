"""Owns by what the public list of proposals is narrowed down."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select

from backend.proposals.models import Proposal
from backend.proposals.words import holds_all, words_of
from geo.areas import Bbox, Circle, lies_in_box, lies_in_circle
from geo.regions.codes import EMD_DIGITS, SIGUNGU_DIGITS

LISTED = ("submitted", "supplement_requested", "adopted", "rejected")
"""What the public list shows unless a state is asked for: everything that was not taken back."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of the submitted proposals are asked for; what is None narrows nothing down.

    :param statuses: all but withdrawn ones when not given.
    :param region_code: a region with everything in it.
    :param local_government_code: only what this local government is competent for.
    :param bbox: where the rounded point lies, as `circle`; no other point can be asked about.
    :param submitted_from: the first submission, and `submitted_to` is no part of the time.
    :param q: words that all have to occur in the title or the problem.
    """

    statuses: Collection[str] | None = None
    categories: Collection[str] | None = None
    region_code: str | None = None
    local_government_code: str | None = None
    bbox: Bbox | None = None
    circle: Circle | None = None
    submitted_from: datetime | None = None
    submitted_to: datetime | None = None
    q: str | None = None

    @property
    def words(self) -> Sequence[str]:
        """Return the words that are looked for."""
        return words_of(self.q or "")


def narrow(statement: Select[tuple[Proposal]], wanted: Wanted) -> Select[tuple[Proposal]]:
    """Return a statement of what of it is public and asked for."""
    criteria: list[ColumnElement[bool]] = [
        Proposal.submitted_at.is_not(None),
        Proposal.status.in_(wanted.statuses or LISTED),
    ]
    if wanted.categories is not None:
        criteria.append(Proposal.category.in_(wanted.categories))
    if wanted.region_code is not None:
        criteria.append(_lies_in(wanted.region_code))
    if wanted.local_government_code is not None:
        criteria.append(Proposal.local_government_code == wanted.local_government_code)
    if wanted.bbox is not None:
        criteria.append(lies_in_box(Proposal.public_geom, wanted.bbox))
    if wanted.circle is not None:
        criteria.append(lies_in_circle(Proposal.public_geom, wanted.circle))
    if wanted.submitted_from is not None:
        criteria.append(Proposal.submitted_at >= wanted.submitted_from)
    if wanted.submitted_to is not None:
        criteria.append(Proposal.submitted_at < wanted.submitted_to)
    if wanted.words:
        criteria.append(holds_all(wanted.words))
    return statement.where(*criteria)


def _lies_in(region_code: str) -> ColumnElement[bool]:
    """Return whether proposals are about a region, by the column that an index begins with."""
    if len(region_code) == EMD_DIGITS:
        return Proposal.emd_code == region_code
    if len(region_code) == SIGUNGU_DIGITS:
        return Proposal.sigungu_code == region_code
    return Proposal.emd_code.startswith(region_code, autoescape=True)
