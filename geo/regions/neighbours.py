"""Owns reading which regions lie near another one: touching ones, the nearest, and by distance."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from geo.orm import Executor
from geo.regions.facts import Region
from geo.tiling import EMD, SIDO, SIGUNGU

REACH_M = {SIDO: 100_000.0, SIGUNGU: 50_000.0, EMD: 5_000.0}
"""How far pairs of regions are measured, by level."""

BANDS_M = {
    SIDO: (25_000.0, 100_000.0),
    SIGUNGU: (10_000.0, 25_000.0, 50_000.0),
    EMD: (1_000.0, 3_000.0, 5_000.0),
}
"""The distances at which one speaks of a region's surroundings, by level."""

BAND_ITEMS = 20
NEAREST_ITEMS = 3

PAIRS = text("""
    SELECT r.code, r.name, r.name_en, r.full_name, r.full_name_en, r.local_government_code,
           p.distance_m, p.border_m
    FROM (
        SELECT high_id AS other_id, distance_m, border_m
        FROM region_neighbour WHERE low_id = :region
        UNION ALL
        SELECT low_id, distance_m, border_m FROM region_neighbour WHERE high_id = :region
    ) AS p JOIN region r ON r.id = p.other_id
    ORDER BY p.distance_m, p.border_m DESC, r.code
""")


class BeyondReach(ValueError):
    """A distance farther than regions of the level are measured.

    :param reach_m: the farthest that is known, in metres.
    """

    def __init__(self, reach_m: float) -> None:
        super().__init__(f"regions of this level are measured up to {reach_m:.0f} m")
        self.reach_m = reach_m


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another region of the same level: metres between the two shapes, and of common border."""

    code: str
    name: str
    name_en: str | None
    full_name: str
    full_name_en: str | None
    local_government_code: str
    distance_m: float
    border_m: float


@dataclass(frozen=True, slots=True)
class Band:
    """The regions farther than `over_m` (the first band: from 0) and within `within_m`.

    `count` is exact; `items` are the nearest `BAND_ITEMS` of them.
    """

    over_m: float
    within_m: float
    count: int
    items: Sequence[Neighbour]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What lies around a region. One that touches no other is told its nearest ones instead."""

    touching: Sequence[Neighbour]
    nearest: Sequence[Neighbour]
    bands: Sequence[Band]

    @property
    def touches_nobody(self) -> bool:
        """Say whether the region shares a border line with no other of its level: an island."""
        return not self.touching


def describe_surroundings(conn: Executor, region: Region) -> Surroundings:
    """Return the regions of the same level around one, nearest first.

    Distances are those between the shapes on EPSG:5179, not between centres.

    :param region: a region of any generation that is loaded.
    """
    pairs = _pairs(conn, region)
    touching = [pair for pair in pairs if pair.border_m > 0]
    limits = BANDS_M.get(region.level, ())
    return Surroundings(
        touching=touching,
        nearest=[] if touching else pairs[:NEAREST_ITEMS],
        bands=[
            _band(pairs, over_m, within_m)
            for over_m, within_m in zip((0.0, *limits), limits, strict=False)
        ],
    )


def list_neighbours(conn: Executor, region: Region, within_m: float | None) -> list[Neighbour]:
    """Return the regions of the same level within a distance, nearest first; at 0 m, those with
    the longest common border first.

    :param region: a region of any generation that is loaded.
    :param within_m: distance between the shapes in metres; None lists those that share a border
        line.
    :raises BeyondReach: when distances of the level are not known that far.
    """
    reach_m = REACH_M.get(region.level, 0.0)
    if within_m is not None and within_m > reach_m:
        raise BeyondReach(reach_m)
    return [
        pair
        for pair in _pairs(conn, region)
        if (pair.border_m > 0 if within_m is None else pair.distance_m <= within_m)
    ]


def _pairs(conn: Executor, region: Region) -> list[Neighbour]:
    return [Neighbour(*row) for row in conn.execute(PAIRS, {"region": region.id})]


def _band(pairs: Sequence[Neighbour], over_m: float, within_m: float) -> Band:
    found = [
        pair
        for pair in pairs
        if pair.distance_m <= within_m and (pair.distance_m > over_m or over_m == 0)
    ]
    return Band(over_m, within_m, len(found), found[:BAND_ITEMS])
