"""How institutions report on what they piloted: neutral until something is due."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from backend.db import new_id
from backend.organizations.reporting import (
    IN_TIME,
    SOME_LATE,
    SOME_MISSING,
    record_reporting,
    reporting_standings,
    standing_of,
)
from tests.support.people import make_institution

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def owe(
    session: Session,
    institution_id: UUID,
    due_on: date,
    reported_on: date | None = None,
    *,
    subject_id: UUID | None = None,
) -> None:
    """Let an institution owe a report, or have given it."""
    record_reporting(
        session,
        institution_id=institution_id,
        subject_type="deployment",
        subject_id=subject_id or new_id(),
        due_on=due_on,
        reported_on=reported_on,
    )


def standing(session: Session, institution_id: UUID) -> int | None:
    """Return how an institution stands today."""
    return reporting_standings(session, {institution_id}, on=TODAY).get(institution_id)


def test_nothing_due_is_neither_good_nor_bad(session: Session) -> None:
    one = make_institution(session).organization_id
    assert standing(session, one) is None
    owe(session, one, TODAY)
    assert standing(session, one) is None


def test_a_report_on_its_last_day_is_in_time(session: Session) -> None:
    one = make_institution(session).organization_id
    owe(session, one, TODAY - DAY, TODAY - DAY)
    owe(session, one, TODAY + DAY, TODAY)
    assert standing(session, one) == IN_TIME


def test_a_late_report_and_a_missing_one_count_whatever_else_was_in_time(session: Session) -> None:
    one = make_institution(session).organization_id
    owe(session, one, TODAY, TODAY)
    owe(session, one, TODAY - 2 * DAY, TODAY - DAY)
    assert standing(session, one) == SOME_LATE
    owe(session, one, TODAY - DAY)
    assert standing(session, one) == SOME_MISSING


def test_the_last_word_on_a_report_counts(session: Session) -> None:
    one, subject_id = make_institution(session).organization_id, new_id()
    owe(session, one, TODAY - DAY, subject_id=subject_id)
    assert standing(session, one) == SOME_MISSING
    owe(session, one, TODAY - DAY, TODAY, subject_id=subject_id)
    assert standing(session, one) == SOME_LATE


def test_each_institution_has_its_own_record(session: Session) -> None:
    one, other = (make_institution(session).organization_id for _ in range(2))
    owe(session, one, TODAY - DAY)
    assert standing(session, other) is None


@given(st.integers(-400, 400), st.one_of(st.none(), st.integers(-400, 0)))
def test_more_time_never_makes_a_record_worse(due_in: int, reported_in: int | None) -> None:
    assert _after(due_in + 1, reported_in) <= _after(due_in, reported_in)


def _after(due_in: int, reported_in: int | None) -> int:
    reported_on = None if reported_in is None else TODAY + reported_in * DAY
    return standing_of(TODAY + due_in * DAY, reported_on, TODAY)
