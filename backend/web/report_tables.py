"""Owns how the report's tables read on the page: what is left out, how values are written."""

from collections.abc import Sequence
from dataclasses import replace

from backend.fairness.population import Population
from backend.fairness.tables import Row, Table, Value
from backend.web import texts

NOTHING = "-"
"""Stands where nothing is known, which is not zero."""


def show_value(value: Value, kind: str) -> str:
    """Write a value as people read it.

    :param kind: of its column.
    """
    if value is None or isinstance(value, str):
        return value or NOTHING
    if kind == "share":
        return f"{value:.1%}"
    return f"{value:.2f}" if kind == "rate" else f"{value:,}"


def without_silent(tables: Sequence[Table]) -> tuple[list[Table], int]:
    """Leave out the sigungu where nobody applied and nothing came.

    :return: the tables, and how many sigungu were left out.
    """
    left_out = 0
    shown = []
    for table in tables:
        kept = table
        if table.key == "sigungu":
            rows = [row for row in table.rows if _has_something(table, row)]
            # The row of what lies in no sigungu has no code.
            left_out = sum(1 for row in table.rows if row.code and row not in rows)
            kept = replace(table, rows=rows)
        shown.append(kept)
    return shown, left_out


def describe_people(population: Population | None, lang: str) -> str:
    """Say whom the rates count; empty where no table is loaded."""
    if population is None:
        return ""
    key = "fair.residents" if population.kind == "residents" else "fair.voters"
    day = population.as_of.isoformat()
    return texts.write(lang, key, date=day, source=population.source)


def _has_something(table: Table, row: Row) -> bool:
    sums = ("placements", "applications")
    return any(
        value for column, value in zip(table.columns, row.values, strict=True) if column.key in sums
    )
