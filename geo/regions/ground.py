"""Owns comparing the ground of neighbourhoods between two generations of the boundaries."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import text

from geo.orm import Executor

SAME_GROUND = 0.9
"""Two shapes are the same ground when either has at least this share of itself in common with the
other: a border drawn anew moves less."""

PART_OF_GROUND = 0.05
"""A region goes on in another that takes at least this share of its ground; less is drawing."""

SAME_CODE = text("""
    SELECT o.code,
           o.geom::bytea = n.geom::bytea OR least(
               ST_Area(common.shape) / ST_Area(o.geom), ST_Area(common.shape) / ST_Area(n.geom)
           ) >= :same AS is_same
    FROM region o
    JOIN region n ON n.generation_id = :new AND n.code = o.code
    CROSS JOIN LATERAL (
        SELECT CASE WHEN o.geom::bytea = n.geom::bytea THEN o.geom
                    ELSE ST_Intersection(o.geom, n.geom) END AS shape
    ) common
    WHERE o.generation_id = :old AND o.level = 3
""")

SHARES = text("""
    SELECT o.code AS old_code, n.code AS new_code,
           CASE WHEN o.geom::bytea = n.geom::bytea THEN 1.0
                ELSE ST_Area(ST_Intersection(o.geom, n.geom)) / ST_Area(o.geom) END AS share
    FROM region o
    JOIN region n ON n.generation_id = :new AND n.level = 3 AND n.geom && o.geom
    WHERE o.generation_id = :old AND o.level = 3 AND o.code = ANY(:codes)
""")
"""Shares are ratios of areas in one place, so degrees serve as well as metres."""


def same_ground(conn: Executor, old: int, new: int) -> frozenset[str]:
    """Return the neighbourhoods that have their code and their ground in both generations.

    :param old: id of the generation that is left.
    :param new: id of the generation that is entered.
    """
    given = {"old": old, "new": new, "same": SAME_GROUND}
    return frozenset(row.code for row in conn.execute(SAME_CODE, given) if row.is_same)


def shares_of_ground(
    conn: Executor, old: int, new: int, codes: Collection[str]
) -> Mapping[str, Mapping[str, float]]:
    """Return which share of its ground each neighbourhood has in which of the new generation.

    :param codes: neighbourhoods of the generation that is left.
    :returns: old code -> new code -> share, drawing faults left out.
    """
    found: dict[str, dict[str, float]] = defaultdict(dict)
    if not codes:
        return found
    given = {"old": old, "new": new, "codes": sorted(codes)}
    for row in conn.execute(SHARES, given):
        if row.share >= PART_OF_GROUND:
            found[row.old_code][row.new_code] = row.share
    return found
