"""Owns counting per region: what the colours of the map stand for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from backend.maps.counts import count_placements, count_proposals
from backend.maps.queries import (
    current_generation,
    read_region_ids,
)
from geo.orm import Executor
from geo.regions import Generation, Region, list_regions
from geo.regions.codes import EMD_DIGITS, SIDO_DIGITS, SIGUNGU_DIGITS

LEVELS = {"sido": (1, SIDO_DIGITS), "sigungu": (2, SIGUNGU_DIGITS), "emd": (3, EMD_DIGITS)}
"""Level name -> its number and the digits of its codes."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What there is in a place; proposals are those of all times, whatever round is asked for."""

    placements: int = 0
    amount_krw: int = 0
    proposals: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Return both together."""
        return Counts(
            self.placements + other.placements,
            self.amount_krw + other.amount_krw,
            self.proposals + other.proposals,
        )


NOTHING = Counts()


@dataclass(frozen=True, slots=True)
class RegionCounts:
    """A region and what there is in it."""

    region: Region
    counts: Counts


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts of every region of a level, those without anything too.

    :param elsewhere: what lies in none of them: abroad, or under a code no longer in force.
    """

    level: str
    round: str | None
    category: str | None
    generation: Generation
    as_of: datetime
    values: Sequence[RegionCounts]
    elsewhere: Counts


@dataclass(frozen=True, slots=True)
class StatisticsRows:
    """Counts by id of the regions of a level that have any.

    :param elsewhere: what lies in none of them: abroad, or under a code no longer in force.
    """

    level: str
    round: str | None
    category: str | None
    generation: Generation
    as_of: datetime
    counts: Mapping[int, Counts]
    elsewhere: Counts


def compute_rows(
    conn: Executor,
    *,
    level: str,
    now: datetime,
    round: str | None = None,  # noqa: A002 (the word of the field)
    category: str | None = None,
) -> StatisticsRows:
    """Count placements, their money and proposals in the regions of a level that have any.

    :param level: sido, sigungu or emd.
    :param round: code of a round, to count its placements only; proposals belong to none.
    :param category: count what is of this category only.
    :raises BoundariesNotLoaded: when there are no boundaries.
    """
    number, digits = LEVELS[level]
    generation = current_generation(conn)
    counted = _by_prefix(_by_region(conn, level, round, category), digits)
    ids = read_region_ids(conn, generation, number, [code for code in counted if code])
    counts = {region_id: counted.pop(code) for code, region_id in ids.items()}
    elsewhere = sum(counted.values(), start=NOTHING)
    return StatisticsRows(level, round, category, generation, now, counts, elsewhere)


def compute_statistics(
    conn: Executor,
    *,
    level: str,
    now: datetime,
    round: str | None = None,  # noqa: A002 (the word of the field)
    category: str | None = None,
    region_code: str = "",
) -> Statistics:
    """Count placements, their money and proposals in every region of a level.

    :param level: sido, sigungu or emd.
    :param round: code of a round, to count its placements only; proposals belong to none.
    :param category: count what is of this category only.
    :param region_code: count in this region only; one that is not in force holds no regions.
    :raises BoundariesNotLoaded: when there are no boundaries.
    """
    number, digits = LEVELS[level]
    generation = current_generation(conn)
    counted = _by_prefix(_by_region(conn, level, round, category), digits)
    if region_code:
        counted = {
            code: counts for code, counts in counted.items() if (code or "").startswith(region_code)
        }
    regions = [one for one in list_regions(conn, number) if one.code.startswith(region_code)]
    values = [RegionCounts(region, counted.pop(region.code, NOTHING)) for region in regions]
    elsewhere = sum(counted.values(), start=NOTHING)
    return Statistics(level, round, category, generation, now, values, elsewhere)


def _by_region(
    conn: Executor, level: str, round_code: str | None, category: str | None
) -> Iterable[tuple[str | None, Counts]]:
    by_emd = level == "emd"
    placements = count_placements(conn, by_emd=by_emd, round_code=round_code, category=category)
    for code, row in placements.items():
        yield code, Counts(row.placements, int(row.amount_krw))
    for code, proposals in count_proposals(conn, by_emd=by_emd, category=category).items():
        yield code, Counts(proposals=proposals)


def _by_prefix(
    counts: Iterable[tuple[str | None, Counts]], digits: int
) -> dict[str | None, Counts]:
    total: dict[str | None, Counts] = {}
    for code, found in counts:
        prefix = code[:digits] if code else None
        total[prefix] = total.get(prefix, NOTHING) + found
    return total
