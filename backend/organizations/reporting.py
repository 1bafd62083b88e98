"""Owns how well institutions report the results of what they piloted; what is due, others say."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.db import new_id
from backend.organizations.models import ReportingRecord

IN_TIME, NOTHING_DUE, SOME_LATE, SOME_MISSING = range(4)
"""How an institution stands; lower is better, and nothing due stands between good and bad."""


def record_reporting(
    session: Session,
    *,
    institution_id: UUID,
    subject_type: str,
    subject_id: UUID,
    due_on: date,
    reported_on: date | None = None,
) -> None:
    """Keep that an institution owes a report, or when it gave it; the last word counts.

    The caller's own audit event says who decided it.

    :param subject_type: what the report is about, such as ``deployment``.
    :param due_on: last day for the report, in Korea.
    :param reported_on: the day it was given; None while it is owed.
    """
    dates = {"due_on": due_on, "reported_on": reported_on}
    session.execute(
        insert(ReportingRecord)
        .values(
            id=new_id(),
            institution_id=institution_id,
            subject_type=subject_type,
            subject_id=subject_id,
            **dates,
        )
        .on_conflict_do_update(constraint="uq_reporting_record_subject_type_subject_id", set_=dates)
    )


def reporting_standings(
    session: Session, institution_ids: Collection[UUID], *, on: date
) -> Mapping[UUID, int]:
    """Return how institutions stand on a day; those that owe nothing so far are missing.

    :return: institution id -> `IN_TIME`, `SOME_LATE` or `SOME_MISSING`, the worst that holds.
    """
    rows = session.execute(
        select(
            ReportingRecord.institution_id, ReportingRecord.due_on, ReportingRecord.reported_on
        ).where(ReportingRecord.institution_id.in_(institution_ids))
    )
    standings: dict[UUID, int] = {}
    for institution_id, due_on, reported_on in rows:
        standing = standing_of(due_on, reported_on, on)
        if standing != NOTHING_DUE:
            standings[institution_id] = max(standings.get(institution_id, IN_TIME), standing)
    return standings


def standing_of(due_on: date, reported_on: date | None, on: date) -> int:
    """Return how one report stands on a day: its last day is still in time."""
    if reported_on is not None and reported_on <= on:
        return IN_TIME if reported_on <= due_on else SOME_LATE
    return SOME_MISSING if due_on < on else NOTHING_DUE
