"""Owns which SQL a call runs, how the database plans it, and the same SQL for pgbench."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Engine, event

SCANNED_WHOLE = re.compile(
    r"Seq Scan on (proposal|endorsement|proposal_event|comment|notice|change|audit_event|review"
    r"|kept_answer|account|residence)\b"
)
"""What must not be read from end to end: tables that grow with the use of the service."""

_PLANNED = re.compile(r"\s*(SELECT|WITH|INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
_ANALYZED = re.compile(r"\s*(SELECT|WITH)\b", re.IGNORECASE)
_LONG_VALUE = re.compile(r"'[^']{80,}'")
_LONG_LIST = re.compile(r" IN \([^()]{120,}\)")
_LOCKS = re.compile(r"\bFOR (NO KEY )?UPDATE\b|advisory", re.IGNORECASE)


@contextmanager
def captured() -> Iterator[list[str]]:
    """Collect the statements that this process executes meanwhile, with their values in them."""
    statements: list[str] = []

    def note(
        _connection: Any, cursor: Any, statement: str, parameters: Any, _context: Any, many: bool
    ) -> None:
        client = psycopg.ClientCursor(cursor.connection)
        statements.extend(
            client.mogrify(statement.encode(), given or None)
            for given in (parameters if many else [parameters])
        )

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def write_script(file: Path, statements: Sequence[str], *, takes_back: bool) -> None:
    """Write statements as one transaction of pgbench.

    :param takes_back: roll it back, so that the same rows can be written again; the commit, which
        waits for the disk, is then no part of what is measured.
    """
    lines = [f"{' '.join(statement.split())};" for statement in statements]
    if takes_back:
        lines = ["BEGIN;", *lines, "ROLLBACK;"]
    file.write_text("\n".join([*lines, ""]), encoding="utf-8")


def plans_of(connection: psycopg.Connection, statements: Sequence[str]) -> list[tuple[str, str]]:
    """Return the plan of each different statement that reads or writes rows.

    What only reads is run, so that the plan tells how many rows each step saw.
    """
    plans: dict[str, str] = {}
    for statement in statements:
        if not _PLANNED.match(statement) or statement in plans:
            continue
        runs = _ANALYZED.match(statement) and not _LOCKS.search(statement)
        options = "ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF" if runs else "COSTS OFF"
        rows = connection.execute(f"EXPLAIN ({options}) {statement}".encode())
        plans[statement] = "\n".join(row[0] for row in rows)
    return list(plans.items())


def to_text(plans: Sequence[tuple[str, str]]) -> str:
    """Return plans as a file has them: what is asked, without its list of columns, and how."""
    shown = [f"{_head(statement)}\n\n{plan}" for statement, plan in plans]
    return _LONG_LIST.sub(" IN (...)", _LONG_VALUE.sub("'...'", "\n\n".join(shown))) + "\n"


def _head(statement: str) -> str:
    text = " ".join(statement.split())
    return re.sub(r"^SELECT .{80,}? FROM ", "SELECT ... FROM ", text)
