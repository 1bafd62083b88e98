"""Owns what the calls ask about: things of which the shared rows alone fill a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

import psycopg

from bench.api.sizes import PAGE

READERS = range(1, 21)
WRITERS = range(101, 121)
"""By number. What somebody writes lengthens their own lists: other people's are read."""

RADIUS_M = 5_000
"""Of the circle that is asked for around a place."""

MOST_PAIRS = 12_000

_LISTED: LiteralString = "status IN ('submitted', 'supplement_requested', 'adopted', 'rejected')"
_REGIONS: LiteralString = f"""
    SELECT left(emd_code, %(digits)s) FROM proposal WHERE {_LISTED}
    GROUP BY 1 HAVING count(*) >= {PAGE} ORDER BY 1
"""
_CATEGORIES: LiteralString = f"""
    SELECT category FROM proposal WHERE {_LISTED}
    GROUP BY 1 HAVING count(*) >= {PAGE} ORDER BY 1
"""
_PROPOSALS: LiteralString = f"""
    SELECT id FROM proposal WHERE {_LISTED} ORDER BY submitted_at DESC LIMIT 200
"""
_TALKED_ABOUT: LiteralString = """
    SELECT id FROM proposal WHERE endorsement_count = 40 AND status = 'submitted'
    ORDER BY submitted_at DESC
"""
_PLACES: LiteralString = f"""
    SELECT ST_X(label_point), ST_Y(label_point) FROM region
    WHERE level = 3
      AND code IN (SELECT emd_code FROM proposal GROUP BY 1 HAVING count(*) >= {PAGE} / 2)
      AND {PAGE} <= (
        SELECT count(*) FROM proposal WHERE {_LISTED}
        AND ST_DWithin(public_geom::geography, label_point::geography, 0.98 * {RADIUS_M})
      )
"""
_PAIRS: LiteralString = f"""
    SELECT p.id, substr(a.email, 7, strpos(a.email, '@') - 7)::int
    FROM proposal p CROSS JOIN account a
    WHERE p.status IN ('submitted', 'adopted') AND p.author_id <> a.id
      AND a.email = ANY(%(emails)s)
      AND NOT EXISTS (SELECT FROM endorsement WHERE proposal_id = p.id AND account_id = a.id)
    ORDER BY md5(p.id::text || a.id) LIMIT {MOST_PAIRS}
"""


@dataclass(frozen=True)
class Picks:
    """What may be asked about.

    :param regions: codes of regions by their number of digits.
    :param talked_about: proposals with the most comments.
    :param places: (lon, lat) with a page of proposals within `RADIUS_M`.
    :param pairs: proposals with the number of somebody who may back them and does not.
    """

    regions: dict[int, Sequence[str]]
    categories: Sequence[str]
    proposals: Sequence[UUID]
    talked_about: Sequence[UUID]
    places: Sequence[tuple[float, float]]
    pairs: Sequence[tuple[UUID, int]]


def email_of(number: int) -> str:
    """Return the address of a person."""
    return f"person{number}@example.com"


def pick(connection: psycopg.Connection) -> Picks:
    """Return what may be asked about, from a database that holds the shared rows alone."""

    def column(statement: LiteralString, **given: object) -> list[object]:
        return [row[0] for row in connection.execute(statement, given)]

    emails = [email_of(number) for number in WRITERS]
    return Picks(
        regions={digits: column(_REGIONS, digits=digits) for digits in (2, 5, 8)},  # type: ignore[misc]
        categories=column(_CATEGORIES),  # type: ignore[arg-type]
        proposals=column(_PROPOSALS),  # type: ignore[arg-type]
        talked_about=column(_TALKED_ABOUT),  # type: ignore[arg-type]
        places=connection.execute(_PLACES).fetchall(),
        pairs=connection.execute(_PAIRS, {"emails": emails}).fetchall(),
    )
