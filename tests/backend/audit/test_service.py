"""Appending: numbers, links, one writer at a time, and nothing else allowed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from backend.audit.chain import GENESIS
from backend.audit.models import AuditEvent
from backend.audit.service import heads, publish_heads, verify
from backend.db import unit_of_work
from tests.backend.audit.factories import NOW, append


def test_events_are_numbered_within_their_chain(session: Session) -> None:
    numbers = [append(session, chain=chain).seq for chain in ("gu-1", "gu-1", "gu-2", "gu-1")]
    assert numbers == [1, 2, 1, 3]


def test_the_first_event_follows_nothing(session: Session) -> None:
    assert append(session, chain="gu-1").prev_hash == GENESIS


def test_an_event_follows_the_one_before_it(session: Session) -> None:
    first = append(session, chain="gu-1")
    assert append(session, chain="gu-1").prev_hash == first.hash


def test_the_default_chain_is_public(session: Session) -> None:
    assert append(session).chain == "public"


def test_data_comes_back_as_it_was_given(session: Session) -> None:
    event = append(session, data={"사유": "중복", "ranks": [1, None]})
    assert event.facts == {"사유": "중복", "ranks": [1, None]}


@pytest.mark.parametrize(
    "given",
    [
        {"subject_id": 'quote " backslash \\ slash / tab \t newline \n bell \a delete \x7f'},
        {"subject_id": "한글 \u2028 \U0001f600 e\u0301"},
        {"data": {"deep": {"nul": "\x00", "list": [1, 1.5, -0.0, 1e30, True, None, ""]}}},
        {"actor_id": UUID("0198a3c0-0000-7000-8000-00000000000a")},
        {"now": datetime(2026, 1, 1, 0, 0, 0, 7, tzinfo=timezone(timedelta(hours=9)))},
        {"now": datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)},
        {"now": datetime(1, 1, 1, tzinfo=UTC)},
        {"chain": "0198a3c0-0000-7000-8000-00000000000b"},
    ],
    ids=["escapes", "unicode", "data", "actor", "zone", "last year", "first year", "chain"],
)
def test_the_database_hashes_what_python_recomputes(
    session: Session, given: dict[str, object]
) -> None:
    append(session, **given)
    assert verify(session) == []


def test_the_hash_does_not_depend_on_the_session_time_zone(session: Session) -> None:
    session.execute(text("SET LOCAL TimeZone = 'Asia/Seoul'"))
    append(session)
    assert verify(session) == []


def test_a_naive_time_is_refused(session: Session) -> None:
    with pytest.raises(ValueError, match="aware"):
        append(session, now=NOW.replace(tzinfo=None))


def test_a_rollback_leaves_no_event(session: Session) -> None:
    append(session, chain="gu-1")
    session.rollback()
    assert heads(session) == []


def test_the_caller_cannot_choose_number_or_hash(session: Session) -> None:
    session.execute(
        text(
            "INSERT INTO audit_event (chain, seq, occurred_at, action, subject_type, subject_id,"
            " data, prev_hash, hash) VALUES ('gu-1', 9, now(), 'a', 't', '1', '{}',"
            " repeat('x', 32)::bytea, repeat('x', 32)::bytea)"
        )
    )
    assert (heads(session)[0].seq, verify(session)) == (1, [])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET action = 'other'",
        "UPDATE audit_event SET action = 'other' WHERE false",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
        "UPDATE audit_published_head SET seq = 1",
        "DELETE FROM audit_published_head",
        "TRUNCATE audit_published_head",
    ],
)
def test_changes_are_refused(session: Session, statement: str) -> None:
    append(session)
    with pytest.raises(ProgrammingError, match="takes new rows only"):
        session.execute(text(statement))


def test_parallel_writers_make_one_chain(committed_app: Flask) -> None:
    def write(_: int) -> None:
        for _ in range(10):
            with committed_app.app_context(), unit_of_work() as session:
                append(session, chain="gu-1")

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(write, range(5)))
    with committed_app.app_context(), unit_of_work() as session:
        last = session.scalar(select(func.max(AuditEvent.seq)))
        assert (last, verify(session)) == (50, [])


def test_heads_are_published_once(session: Session) -> None:
    append(session, chain="gu-1")
    append(session, chain="gu-2")
    publish_heads(session, now=NOW)
    append(session, chain="gu-2")
    assert [(head.chain, head.seq) for head in publish_heads(session, now=NOW)] == [("gu-2", 2)]
