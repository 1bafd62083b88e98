"""Owns the second implementation in SQL: gives it a round and reads what it chose.

A checker, not a part of the product: the tests compare its sets with the engine's, and the
benchmark its time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg import Connection

from geo.matching import Instance

_SQL = Path(__file__).with_name("twin.sql")
_TABLES = (
    "policy",
    "seat_type",
    "area",
    "product",
    "seat_rule",
    "preassigned",
    "institution",
    "application",
    "wish",
    "standing",
    "offer",
    "seat",
    "asking",
    "moved",
    "touched",
    "pass",
)

Passes = list[tuple[dict[str, int], dict[str, int]]]
"""Per pass the funded and the filled placements of each product, pre-assigned ones included."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the twin chose.

    :param holders: product, seat type and institution of every placement beyond pre-assigned ones.
    """

    passes: Passes
    holders: set[tuple[str, str, str]]


def choose(connection: Connection[Any], instance: Instance) -> Choice:
    """Solve a round in SQL.

    :param connection: in autocommit mode; what is made on it ends with it.
    """
    with connection.transaction():
        give(connection, instance)
        solve(connection)
        return read(connection)


def give(connection: Connection[Any], instance: Instance) -> None:
    """Put a round into empty temporary tables, which are made if need be."""
    policy = instance.policy
    area_at = {area.id: at for at, area in enumerate(instance.areas, start=1)}
    groups = sorted({p.cap_group for p in instance.products if p.cap_group is not None})
    group_at = {group: at for at, group in enumerate(groups, start=1)}
    with connection.cursor() as cursor:
        if cursor.execute("SELECT to_regclass('pg_temp.twin_policy')").fetchone() == (None,):
            cursor.execute(_SQL.read_text("utf-8"))
        cursor.execute("TRUNCATE " + ", ".join(f"twin_{name}" for name in _TABLES))
        cursor.execute("SET LOCAL jit = off; SET LOCAL work_mem = '256MB'")
    row = (
        instance.seed,
        policy.funding == "depth_first",
        policy.product_budget_cap_krw,
        policy.group_budget_cap_krw,
        policy.reallocate_unclaimed,
        policy.preassigned_uses_capacity,
    )
    _copy(connection, "policy", [row])
    _copy(
        connection,
        "seat_type",
        (
            (kind, at, list(policy.seat_priority[kind]))
            for at, kind in enumerate(policy.seat_precedence)
        ),
    )
    _copy(connection, "area", ((area_at[area.id], area.budget_krw) for area in instance.areas))
    _copy(
        connection,
        "product",
        (
            (
                row.id,
                area_at[row.area],
                row.price_krw,
                row.max_placements,
                list(row.order),
                None if row.cap_group is None else group_at[row.cap_group],
            )
            for row in instance.products
        ),
    )
    _copy(
        connection,
        "seat_rule",
        (
            (row.id, kind, None if number == "all" else number)
            for row in instance.products
            for kind, number in row.seats.items()
        ),
    )
    _copy(
        connection,
        "preassigned",
        ((row.id, institution) for row in instance.products for institution in row.preassigned),
    )
    _copy(connection, "institution", ((row.id, row.capacity) for row in instance.institutions))
    _copy(connection, "application", _list_applications(instance))


def solve(connection: Connection[Any]) -> None:
    """Let the server choose."""
    connection.execute("SELECT pg_temp.twin_solve()")


def read(connection: Connection[Any]) -> Choice:
    """Read what was chosen."""
    passes: Passes = []
    for number, product, funded, filled in connection.execute("SELECT * FROM twin_pass"):
        while len(passes) < number:
            passes.append(({}, {}))
        passes[number - 1][0][product] = funded
        passes[number - 1][1][product] = filled
    seats = connection.execute("SELECT product, seat_type, institution FROM twin_asking")
    return Choice(passes, set(seats.fetchall()))


def _list_applications(instance: Instance) -> Iterable[tuple[Any, ...]]:
    choice = {
        (body.id, product): at
        for body in instance.institutions
        for at, product in enumerate(body.ranking)
    }
    for row in instance.applications:
        keys = json.dumps(dict(row.keys))
        yield row.institution, row.product, choice[row[:2]], row.eligible, keys


def _copy(connection: Connection[Any], table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    statement = f"COPY twin_{table} FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
