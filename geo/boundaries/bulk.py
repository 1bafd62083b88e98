"""Owns writing many rows at once, by PostgreSQL's binary COPY."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from geo.orm import driver_of


def copy_rows(
    connection: Connection,
    table: str,
    columns: Sequence[str],
    types: Sequence[str],
    rows: Iterable[tuple[Any, ...]],
) -> None:
    """Append rows to a table, in the connection's transaction.

    :param columns: names of the columns of each row.
    :param types: their PostgreSQL types, which a binary COPY does not guess; geometries come as
        EWKB in `bytea`.
    :param rows: values in the order of the columns.
    """
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT binary)"
    with driver_of(connection).cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)
