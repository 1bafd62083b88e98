"""Owns moving records between generations set by set: each move on record, each undone exactly."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.regions.crosswalk import Crosswalk

Counts = dict[str, int]
"""Kind of what happened -> number of records."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the generation in force, as the domains carry it out.

    :param id: of its `BoundaryChange`.
    :param crosswalk: what became of each region and government.
    :param undoes: the change that this one rolls back; None when it does not.
    """

    id: UUID
    crosswalk: Crosswalk
    undoes: UUID | None = None


@dataclass(frozen=True, slots=True)
class Movable:
    """Which columns of a table follow the boundaries.

    :param subject_type: its name in moves and cases.
    :param key: the column that identifies a record.
    :param is_set: whether a record has several codes, of which each part can go on in several.
    """

    subject_type: str
    table: str
    key: str
    columns: tuple[str, ...]
    is_set: bool = False

    def values(self, alias: str) -> str:
        """Return SQL of a JSON object of the columns."""
        pairs = ", ".join(f"'{name}', {alias}.{name}" for name in self.columns)
        return f"jsonb_build_object({pairs})"


def move(session: Session, change: Change, movable: Movable, new: str, **given: Any) -> Counts:
    """Give records their new codes, put each on record, and return how many went which way.

    :param new: SQL that selects ``id``, ``kind`` and the movable's columns under their names; what
        is orphaned stays as it is. ``:old`` and ``:new`` are the generations.
    :param given: further parameters of that SQL.
    """
    parameters = {"old": change.crosswalk.old, "new": change.crosswalk.new, **given}
    session.execute(
        text(f"""
            INSERT INTO record_move (change_id, subject_type, subject_id, kind, before, after)
            SELECT :change_id, :subject_type, n.id, n.kind, {movable.values("t")},
                   CASE n.kind WHEN 'orphaned' THEN {movable.values("t")}
                               ELSE {movable.values("n")} END
            FROM ({new}) n JOIN {movable.table} t ON t.{movable.key} = n.id
            ON CONFLICT (change_id, subject_type, subject_id) DO NOTHING
        """),  # noqa: S608 (names of our own tables and columns)
        {**parameters, "change_id": change.id, "subject_type": movable.subject_type},
    )
    assignments = ", ".join(f"{name} = n.{name}" for name in movable.columns)
    session.execute(
        text(f"""
            UPDATE {movable.table} t SET {assignments}
            FROM ({new}) n WHERE t.{movable.key} = n.id AND n.kind <> 'orphaned'
        """),  # noqa: S608
        parameters,
    )
    return count_moves(session, change, movable)


def restore(session: Session, change: Change, movable: Movable) -> None:
    """Give the records that were not changed since exactly what they had before a change."""
    if change.undoes is None:
        return
    given = {
        "change_id": change.id,
        "undone": change.undoes,
        "subject_type": movable.subject_type,
    }
    session.execute(
        text(f"""
            INSERT INTO record_move (change_id, subject_type, subject_id, kind, before, after)
            SELECT :change_id, m.subject_type, m.subject_id, 'restored', m.after, m.before
            FROM record_move m JOIN {movable.table} t ON t.{movable.key} = m.subject_id
            WHERE m.change_id = :undone AND m.subject_type = :subject_type
              AND m.after <> m.before AND {movable.values("t")} = m.after
        """),  # noqa: S608
        given,
    )
    assignments = ", ".join(f"{name} = (was.earlier).{name}" for name in movable.columns)
    session.execute(
        text(f"""
            UPDATE {movable.table} t SET {assignments}
            FROM (SELECT subject_id, jsonb_populate_record(NULL::{movable.table}, after) AS earlier
                  FROM record_move
                  WHERE change_id = :change_id AND subject_type = :subject_type
                    AND kind = 'restored') was
            WHERE t.{movable.key} = was.subject_id
        """),  # noqa: S608
        {"change_id": change.id, "subject_type": movable.subject_type},
    )


def count_moves(session: Session, change: Change, movable: Movable) -> Counts:
    """Return how many records of a type a change moved which way."""
    rows = session.execute(
        text("""
            SELECT kind, count(*) AS records FROM record_move
            WHERE change_id = :change_id AND subject_type = :subject_type
            GROUP BY kind ORDER BY kind
        """),
        {"change_id": change.id, "subject_type": movable.subject_type},
    )
    return {row.kind: row.records for row in rows}


def open_cases(
    session: Session, change: Change, movable: Movable, cases: str, now: datetime
) -> int:
    """Leave records to a person, and return how many.

    :param cases: SQL that selects ``id``, ``account_id`` and ``codes`` (an array) of records that
        this change left orphaned or divided; candidates come from the crosswalk.
    """
    result = session.execute(
        text(f"""
            INSERT INTO boundary_case (id, change_id, subject_type, subject_id, account_id, codes,
                                       candidates, reason, opened_at)
            SELECT gen_random_uuid(), :change_id, :subject_type, c.id, c.account_id, c.codes,
                   found.candidates,
                   CASE WHEN :is_set AND m.kind <> 'orphaned' THEN 'jurisdiction_divided'
                        WHEN found.candidates = '{{}}' THEN 'no_successor'
                        ELSE 'several_successors' END,
                   :now
            FROM ({cases}) c
            JOIN record_move m ON m.change_id = :change_id AND m.subject_type = :subject_type
                              AND m.subject_id = c.id
            CROSS JOIN LATERAL (
                SELECT coalesce(array_agg(DISTINCT s ORDER BY s), '{{}}') AS candidates
                FROM crosswalk_entry e, unnest(e.successors) s WHERE e.code = ANY(c.codes)
            ) found
            ON CONFLICT (subject_type, subject_id) WHERE closed_at IS NULL DO NOTHING
        """),  # noqa: S608
        {
            "change_id": change.id,
            "subject_type": movable.subject_type,
            "is_set": movable.is_set,
            "now": now,
            "old": change.crosswalk.old,
            "new": change.crosswalk.new,
        },
    )
    return int(getattr(result, "rowcount", 0))


def decide_by_hand(
    session: Session,
    *,
    change_id: UUID,
    movable: Movable,
    subject_id: UUID,
    values: Mapping[str, Any],
) -> None:
    """Give one record the codes that a person decided, on record so that it can be undone.

    :param values: new values by column of the movable.
    """
    assignments = ", ".join(f"{name} = :{name}" for name in movable.columns)
    session.execute(
        text(
            f"UPDATE {movable.table} SET {assignments} WHERE {movable.key} = :subject_id"  # noqa: S608
        ),
        {**values, "subject_id": subject_id},
    )
    session.execute(
        text(f"""
            UPDATE record_move m SET after = {movable.values("t")}
            FROM {movable.table} t
            WHERE t.{movable.key} = m.subject_id AND m.change_id = :change_id
              AND m.subject_type = :subject_type AND m.subject_id = :subject_id
        """),  # noqa: S608
        {
            "change_id": change_id,
            "subject_type": movable.subject_type,
            "subject_id": subject_id,
        },
    )
