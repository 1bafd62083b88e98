"""Every way to change the past is found, and nothing else is."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.audit.chain import GENESIS, event_hash
from backend.audit.service import publish_heads, verify
from backend.audit.verification import BreakKind, check
from tests.backend.audit.factories import NOW, append, tamper, without_triggers

COLUMNS = (
    "chain",
    "seq",
    "occurred_at",
    "actor_id",
    "action",
    "subject_type",
    "subject_id",
    "data",
)


@pytest.fixture
def chain(session: Session) -> str:
    """The name of a chain of five events, beside another one of two."""
    for number in range(5):
        append(session, chain="gu-1", subject_id=str(number))
    for number in range(2):
        append(session, chain="gu-2", subject_id=str(number))
    return "gu-1"


def found(session: Session, chain: str | None = None) -> list[tuple[int, BreakKind]]:
    return [(broken.seq, broken.kind) for broken in verify(session, chain)]


def rewrite(session: Session, chain: str) -> None:
    """Hash a whole chain anew, as somebody with the code and the database can."""
    rows = session.execute(
        text("SELECT * FROM audit_event WHERE chain = :chain ORDER BY seq"), {"chain": chain}
    ).all()
    previous = GENESIS
    with without_triggers(session):
        for row in rows:
            content = {name: getattr(row, name) for name in COLUMNS}
            digest = event_hash(previous, **content)
            session.execute(
                text(
                    "UPDATE audit_event SET prev_hash = :previous, hash = :digest"
                    " WHERE chain = :chain AND seq = :seq"
                ),
                {"previous": previous, "digest": digest, "chain": chain, "seq": row.seq},
            )
            previous = digest


def test_an_untouched_chain_is_intact(session: Session, chain: str) -> None:
    assert found(session) == []


def test_a_check_counts_what_it_saw(session: Session, chain: str) -> None:
    seen = check(session)
    assert (seen.events, seen.chains) == (7, 2)


def test_one_chain_can_be_checked_alone(session: Session, chain: str) -> None:
    tamper(session, "UPDATE audit_event SET action = 'x' WHERE chain = 'gu-1'")
    assert found(session, "gu-2") == []


@pytest.mark.parametrize(
    "change",
    [
        "action = 'x'",
        "subject_type = 'x'",
        "subject_id = 'x'",
        "actor_id = gen_random_uuid()",
        "occurred_at = occurred_at + interval '1 microsecond'",
        "data = '{ }'",
    ],
)
def test_an_edited_event_is_found(session: Session, chain: str, change: str) -> None:
    tamper(session, f"UPDATE audit_event SET {change} WHERE chain = 'gu-1' AND seq = 3")  # noqa: S608
    assert found(session) == [(3, BreakKind.EDITED)]


def test_an_event_edited_and_hashed_anew_is_found_at_the_next(session: Session, chain: str) -> None:
    tamper(
        session,
        "UPDATE audit_event SET hash = sha256('other') WHERE chain = 'gu-1' AND seq = 3",
    )
    assert (4, BreakKind.UNLINKED) in found(session)


@pytest.mark.parametrize(("gone", "shows_at"), [(1, 2), (3, 4)], ids=["first", "middle"])
def test_a_deleted_event_is_found(session: Session, chain: str, gone: int, shows_at: int) -> None:
    tamper(session, "DELETE FROM audit_event WHERE chain = 'gu-1' AND seq = :gone", gone=gone)
    assert found(session) == [(shows_at, BreakKind.MISSING)]


def test_two_events_changing_places_are_found(session: Session, chain: str) -> None:
    for old, new in ((2, 99), (3, 2), (99, 3)):
        tamper(
            session,
            "UPDATE audit_event SET seq = :new WHERE chain = 'gu-1' AND seq = :old",
            old=old,
            new=new,
        )
    assert {(2, BreakKind.EDITED), (3, BreakKind.EDITED)} <= set(found(session))


def test_an_event_moved_to_another_chain_is_found(session: Session, chain: str) -> None:
    tamper(
        session,
        "UPDATE audit_event SET chain = 'gu-2', seq = 3 WHERE chain = 'gu-1' AND seq = 5",
    )
    assert (3, BreakKind.EDITED) in found(session, "gu-2")


def test_a_cut_tail_is_found_by_the_published_head(session: Session, chain: str) -> None:
    publish_heads(session, now=NOW)
    tamper(session, "DELETE FROM audit_event WHERE chain = 'gu-1' AND seq > 3")
    assert found(session) == [(5, BreakKind.CUT)]


def test_a_tail_cut_and_grown_again_is_found(session: Session, chain: str) -> None:
    publish_heads(session, now=NOW)
    tamper(session, "DELETE FROM audit_event WHERE chain = 'gu-1' AND seq > 3")
    for number in range(3):
        append(session, chain="gu-1", subject_id=f"invented {number}")
    assert found(session) == [(5, BreakKind.REWRITTEN)]


def test_a_chain_hashed_anew_is_found_by_the_published_head(session: Session, chain: str) -> None:
    publish_heads(session, now=NOW)
    tamper(session, "UPDATE audit_event SET action = 'x' WHERE chain = 'gu-1' AND seq = 2")
    rewrite(session, chain)
    assert found(session) == [(5, BreakKind.REWRITTEN)]


def test_a_chain_that_is_gone_is_found_by_the_published_head(session: Session, chain: str) -> None:
    publish_heads(session, now=NOW)
    tamper(session, "DELETE FROM audit_event WHERE chain = 'gu-1'")
    assert found(session) == [(5, BreakKind.CUT)]


def test_growth_after_publication_is_no_break(session: Session, chain: str) -> None:
    publish_heads(session, now=NOW)
    append(session, chain="gu-1")
    assert found(session) == []
