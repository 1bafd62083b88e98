"""Owns the filling of a database: rows as the application writes them, by INSERT ... SELECT.

Nothing is switched off for it: every constraint and every trigger sees every row.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg.sql import SQL, Composed, Identifier

from backend.accounts.consents.service import required_documents
from backend.accounts.passwords import hash_password
from backend.proposals.categories import CATEGORIES
from bench.api import drafts, rows, vocabulary
from bench.api.rows import Table
from bench.api.sizes import NEWEST, SHARED_PEOPLE, SHARED_PROPOSALS, Size

PASSWORD = "benchmarks know this password"  # noqa: S105 (of nobody who exists)
"""Of everybody; hashed once, for twenty thousand would take minutes."""

FILLERS = {
    "boolean": "false",
    "jsonb": "'[]'::jsonb",
    "integer": "0",
    "bigint": "0",
    "double precision": "0",
    "character varying": "''",
    "text": "''",
}
"""By type, for a column that must have a value and is not known here."""

_COLUMNS = """
    SELECT column_name, data_type, is_nullable = 'NO' AND column_default IS NULL
               AND is_identity = 'NO' AND is_generated = 'NEVER'
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s
"""


def fill(connection: psycopg.Connection, size: Size) -> None:
    """Fill a database that holds the country and nobody.

    :param connection: commits each statement by itself.
    """
    given = _given(size)
    for statement in (*drafts.FUNCTIONS, *drafts.TABLES):
        connection.execute(statement.encode(), given)
    # The audit's trigger looks for the end of the chain in a plan made while the table is empty.
    connection.execute("SET enable_sort = off")
    for table in rows.TABLES:
        connection.execute(_insert(connection, table), given)
    connection.execute("VACUUM ANALYZE")


def restore(connection: psycopg.Connection) -> None:
    """Take back what a run wrote, its audit events aside, which nobody can."""
    given = {"newest": NEWEST}
    connection.execute(
        """
        WITH gone AS (
            DELETE FROM endorsement WHERE created_at > %(newest)s RETURNING proposal_id
        )
        UPDATE proposal SET endorsement_count = endorsement_count - times
        FROM (SELECT proposal_id, count(*) AS times FROM gone GROUP BY 1) counted
        WHERE id = proposal_id
        """,
        given,
    )
    connection.execute("DELETE FROM proposal WHERE created_at > %(newest)s", given)
    connection.execute("DELETE FROM kept_answer")
    connection.execute("VACUUM ANALYZE proposal, endorsement, kept_answer")


def _given(size: Size) -> dict[str, Any]:
    documents = required_documents(datetime.now(UTC))
    return {
        "proposals": size.proposals,
        "people": size.people,
        "shared_proposals": SHARED_PROPOSALS,
        "shared_people": SHARED_PEOPLE,
        "newest": NEWEST,
        "password_hash": hash_password(PASSWORD),
        "documents": [document.key for document in documents],
        "versions": [document.version for document in documents],
        "categories": [category.code for category in CATEGORIES],
        "spots": list(vocabulary.SPOTS),
        "things": list(vocabulary.THINGS),
        "wishes": list(vocabulary.WISHES),
        "problem": vocabulary.PROBLEM,
        "idea": vocabulary.IDEA,
        "states": list(drafts.STATES),
        "backers": list(drafts.BACKERS),
        "rare_word": vocabulary.RARE_WORD,
        "rare_word_at": vocabulary.RARE_WORD_AT,
        "rare_short": vocabulary.RARE_SHORT,
        "rare_short_at": vocabulary.RARE_SHORT_AT,
    }


def _insert(connection: psycopg.Connection, table: Table) -> SQL | Composed:
    """Return the statement for the columns that the table has: those known, and those it needs."""
    found = connection.execute(_COLUMNS, [table.name]).fetchall()
    values: dict[str, str] = {}
    for column, kind, is_needed in found:
        if column in table.values:
            values[column] = table.values[column]
        elif is_needed and column not in table.by_trigger:
            values[column] = FILLERS[kind]
    if not values:
        return SQL("SELECT 1")
    return _select_into(table.name, values, table.source)


def _select_into(name: str, values: Mapping[str, str], source: str) -> SQL | Composed:
    return SQL("INSERT INTO {} ({}) SELECT {} {}").format(
        Identifier(name),
        SQL(", ").join(Identifier(column) for column in values),
        SQL(", ").join(SQL(expression) for expression in values.values()),
        SQL(source),
    )
