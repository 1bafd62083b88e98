"""A copy that asks what changed is the server's state again, whatever went on meanwhile."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import delete, event, func, select, text, update
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.db import db, unit_of_work
from backend.me.sync import queries, tasks
from backend.me.sync.models import Change
from backend.me.sync.tokens import Position, write_token
from backend.notifications.models import Notice
from backend.notifications.service import notify
from backend.proposals.models import Proposal
from tests.backend.me.conftest import API, Phone
from tests.support.people import CITY_HALL_EMD, register
from tests.support.proposals import make_draft, make_submitted

PhoneOf = Callable[..., Phone]
NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def phone(phone_of: PhoneOf) -> Phone:
    """The phone of a citizen who has done nothing yet but say where they live."""
    return phone_of()


def make(app: Flask, maker: Callable[..., Proposal], account_id: UUID, **facts: Any) -> str:
    """Make a proposal of an account's, and return its id."""
    with app.app_context(), unit_of_work() as session:
        return str(maker(session, session.get(Account, account_id), **facts).id)


def submitted(app: Flask, author_id: UUID | None = None, **facts: Any) -> str:
    """Make a submitted proposal, of a stranger's where nobody is named."""
    if author_id is None:
        with app.app_context(), unit_of_work() as session:
            author_id = register(session, residence=CITY_HALL_EMD).id
    return make(app, make_submitted, author_id, **facts)


def retitle(session: Session, proposal_id: str, title: str) -> None:
    session.execute(update(Proposal).where(Proposal.id == UUID(proposal_id)).values(title=title))


def tell(session: Session, phone: Phone, proposal_id: str) -> Notice:
    return notify(
        session,
        recipient_id=phone.account_id,
        kind="proposal_submitted",
        subject_type="proposal",
        subject_id=UUID(proposal_id),
        params={"title": "가로등", "local_government": "중구"},
        now=NOW,
    )


def write(app: Flask, work: Callable[[Session], Any]) -> Any:
    with app.app_context(), unit_of_work() as session:
        return work(session)


def call(phone: Phone, method: str, path: str, **options: Any) -> Any:
    headers = phone.headers | options.pop("headers", {})
    return phone.app.test_client().open(f"{API}{path}", method=method, headers=headers, **options)


def endorse(phone: Phone, proposal_id: str, method: str = "PUT") -> None:
    assert call(phone, method, f"/proposals/{proposal_id}/endorsement").status_code == 200


def test_the_first_copy_is_everything_in_pages(phone: Phone) -> None:
    own = [make(phone.app, make_draft, phone.account_id, title=f"초안 {n}") for n in range(3)]
    backed = submitted(phone.app)
    endorse(phone, backed)
    submitted(phone.app)
    write(phone.app, lambda session: tell(session, phone, own[0]))
    told = phone.sync(limit=2)
    assert len(told) == len(phone.copy) == 6
    assert [kind for kind, *_ in told] == ["residence", *["proposal"] * 4, "notice"]
    assert {key for key in phone.copy if key[0] == "proposal"} == {
        ("proposal", found) for found in (*own, backed)
    }
    assert phone.sync() == []


def test_each_thing_is_shown_as_its_own_address_shows_it(phone: Phone) -> None:
    own, backed = submitted(phone.app, phone.account_id), submitted(phone.app)
    endorse(phone, backed)
    phone.sync()
    shown = {
        f"/me/proposals/{own}": (("proposal", own), "own_proposal"),
        f"/proposals/{backed}": (("proposal", backed), "proposal"),
        "/me/residence": (("residence", str(phone.account_id)), "residence"),
    }
    for path, (key, name) in shown.items():
        answer = call(phone, "GET", path)
        assert phone.copy[key][name] == answer.json
        assert phone.copy[key]["etag"] == answer.headers["ETag"]
    assert "point" not in phone.copy["proposal", backed]["proposal"]


def test_a_copy_s_tag_is_good_for_a_change(phone: Phone) -> None:
    own = make(phone.app, make_draft, phone.account_id)
    phone.sync()
    tag = phone.copy["proposal", own]["etag"]
    for status in (200, 412):
        answer = call(
            phone, "PATCH", f"/proposals/{own}", json={"title": "나"}, headers={"If-Match": tag}
        )
        assert answer.status_code == status


def test_what_changed_is_told_once(phone: Phone) -> None:
    own = make(phone.app, make_draft, phone.account_id)
    phone.sync()
    for title in ("가", "나"):
        write(phone.app, lambda session, title=title: retitle(session, own, title))
    assert phone.sync() == [("proposal", own, False)]
    assert phone.copy["proposal", own]["own_proposal"]["title"] == "나"
    assert phone.sync() == []


def test_a_discarded_draft_is_told_to_be_gone(phone: Phone) -> None:
    own = make(phone.app, make_draft, phone.account_id)
    phone.sync()
    headers = {"If-Match": "*"}
    assert call(phone, "DELETE", f"/proposals/{own}", headers=headers).status_code == 204
    assert phone.sync() == [("proposal", own, True)]


def test_who_stops_to_follow_is_told_to_let_go(phone: Phone) -> None:
    backed = submitted(phone.app)
    endorse(phone, backed)
    phone.sync()
    assert ("proposal", backed) in phone.copy
    endorse(phone, backed, "DELETE")
    assert phone.sync() == [("proposal", backed, True)]
    write(phone.app, lambda session: retitle(session, backed, "이제 남의 일"))
    assert phone.sync() == []


def test_notices_and_residence_are_told_to_whom_they_belong(
    phone: Phone, phone_of: PhoneOf
) -> None:
    other = phone_of()
    proposal = submitted(phone.app)
    for one in (phone, other):
        one.sync()
    notice = str(write(phone.app, lambda session: tell(session, phone, proposal).id))
    assert phone.sync() == [("notice", notice, False)]
    assert call(phone, "POST", f"/me/notices/{notice}/reading").status_code == 200
    assert phone.sync() == [("notice", notice, False)]
    assert phone.copy["notice", notice]["notice"]["read_at"] is not None
    write(phone.app, lambda session: session.execute(delete(Notice)))
    assert phone.sync() == [("notice", notice, True)]
    declared = call(
        phone, "PUT", "/me/residence", json={"region_code": "11140104"}, headers={"If-Match": "*"}
    )
    assert declared.status_code == 200
    assert phone.sync() == [("residence", str(phone.account_id), False)]
    assert other.sync() == []


def test_a_transaction_that_began_first_and_ended_last_is_not_lost(phone: Phone) -> None:
    first, second = (make(phone.app, make_draft, phone.account_id) for _ in range(2))
    phone.sync()
    with phone.app.app_context():
        engine = db.engines[None]
    with engine.connect() as slow, Session(slow) as session:
        retitle(session, first, "먼저 쓰고 나중에 끝난 것")
        write(phone.app, lambda session: retitle(session, second, "나중에 쓴 것"))
        # Told of neither: the later one waits, lest the token pass the earlier.
        assert phone.sync() == []
        session.commit()
    assert phone.sync() == [("proposal", first, False), ("proposal", second, False)]
    assert phone.sync() == []


def test_an_overlapping_change_of_the_same_thing_does_not_jump_behind_a_token(
    phone: Phone,
) -> None:
    own, other = (make(phone.app, make_draft, phone.account_id) for _ in range(2))
    phone.sync()
    with phone.app.app_context():
        engine = db.engines[None]
    with engine.connect() as slow, Session(slow) as session:
        # It has its number before the others' changes and touches the same row after them.
        retitle(session, other, "번호를 먼저 받는다")
        write(phone.app, lambda session: retitle(session, own, "가"))
        assert phone.sync() == []
        retitle(session, own, "나")
        session.commit()
    assert {found for _, found, _ in phone.sync()} == {own, other}
    assert phone.copy["proposal", own]["own_proposal"]["title"] == "나"
    assert phone.sync() == []


def test_one_change_of_what_many_follow_is_one_row(phone: Phone) -> None:
    backed = submitted(phone.app)
    with phone.app.app_context():
        before = db.session.scalar(select(func.count()).select_from(Change))
        db.session.execute(
            text(
                "INSERT INTO account (id, email, display_name, password_hash, created_at,"
                " is_synthetic) SELECT gen_random_uuid(), 'f' || n || '@example.com', 'f', 'x',"
                " now(), true FROM generate_series(1, 500) n"
            )
        )
        db.session.execute(
            text(
                "INSERT INTO endorsement (proposal_id, account_id, created_at)"
                " SELECT :id, id, now() FROM account WHERE display_name = 'f'"
            ),
            {"id": backed},
        )
        db.session.execute(delete(Change).where(Change.account_id.is_not(None)))
        db.session.commit()
        for title in "가나다":
            retitle(db.session(), backed, title)
            db.session.commit()
        assert before is not None
        assert db.session.scalar(select(func.count()).where(Change.account_id.is_not(None))) == 0
        assert db.session.scalar(select(func.count()).where(Change.subject_id == UUID(backed))) == 1


def test_the_cost_is_that_of_one_s_own_however_many_others_change(phone: Phone) -> None:
    make(phone.app, make_draft, phone.account_id)
    with phone.app.app_context():
        session = db.session()
        register(session)
        session.execute(text("SET LOCAL statement_timeout = 0"))
        session.execute(
            text(
                "INSERT INTO change (kind, subject_id) SELECT 'proposal', gen_random_uuid()"
                " FROM generate_series(1, 20000)"
            )
        )
        session.execute(
            text(
                "INSERT INTO change (kind, subject_id, account_id) SELECT 'notice',"
                " gen_random_uuid(), (SELECT id FROM account WHERE id <> :me LIMIT 1)"
                " FROM generate_series(1, 20000)"
            ),
            {"me": phone.account_id},
        )
        session.commit()
        session.execute(text("ANALYZE change"))
        statement = queries.touched_statement(
            phone.account_id, Position(1), Position(2**40), limit=100
        )
        compiled = statement.compile(session.connection(), compile_kwargs={"literal_binds": True})
        plan = session.scalar(text(f"EXPLAIN (ANALYZE, FORMAT JSON) {compiled}"))
    scans = [node for node in nodes(plan[0]["Plan"]) if node.get("Relation Name") == "change"]
    assert len(scans) == 2
    assert {scan["Node Type"] for scan in scans} <= {"Index Scan", "Index Only Scan"}
    assert sum(scan["Actual Rows"] * scan["Actual Loops"] for scan in scans) <= 10
    assert not any(scan.get("Rows Removed by Filter") for scan in scans)


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for below in plan.get("Plans", ()) for node in nodes(below))]


def test_a_token_of_before_the_horizon_is_refused_with_what_to_do(
    phone: Phone, phone_of: PhoneOf
) -> None:
    away = phone_of()
    for one in (phone, away):
        one.sync()
    make(phone.app, make_draft, phone.account_id)
    write(phone.app, lambda _: None)
    phone.sync()
    with phone.app.app_context(), unit_of_work() as session:
        session.execute(update(Change).values(noted_at=Change.noted_at - timedelta(days=91)))
    with phone.app.app_context():
        tasks.forget_old_changes()
        assert db.session.scalar(select(func.count()).select_from(Change)) == 0
    answer = away.ask(away.since)
    assert (answer.status_code, answer.json["code"]) == (410, "sync_token_expired")
    assert phone.sync() == []
    away.since = None
    assert away.sync() == [("residence", str(away.account_id), False)]


def test_what_is_young_is_not_forgotten(phone: Phone) -> None:
    phone.sync()
    own = make(phone.app, make_draft, phone.account_id)
    with phone.app.app_context():
        tasks.forget_old_changes()
    assert phone.sync() == [("proposal", own, False)]


def test_a_token_of_another_history_or_person_is_refused(phone: Phone, phone_of: PhoneOf) -> None:
    with phone.app.app_context():
        standing = queries.get_standing(db.session())
    ahead = Position(standing.ended.xid + 10_000)
    other = phone_of()
    other.sync()
    for token in (
        write_token(standing.ended, account_id=phone.account_id, epoch="another"),
        write_token(ahead, account_id=phone.account_id, epoch=standing.epoch),
        other.since,
    ):
        answer = phone.ask(token)
        assert (answer.status_code, answer.json["code"]) == (410, "sync_token_expired")


def test_after_a_dump_was_read_in_again_every_copy_starts_anew(phone: Phone) -> None:
    phone.sync()
    with phone.app.app_context():
        db.session.execute(text("CREATE TEMPORARY TABLE dump AS TABLE change"))
        db.session.execute(text("TRUNCATE change"))
        db.session.execute(text("INSERT INTO change TABLE dump"))
        db.session.execute(text("DROP TABLE dump"))
        db.session.commit()
    answer = phone.ask(phone.since)
    assert (answer.status_code, answer.json["code"]) == (410, "sync_token_expired")
    phone.since = None
    assert phone.sync() == [("residence", str(phone.account_id), False)]


@pytest.mark.parametrize("token", ["x", "e30", "W10", "WzFd", "a" * 501, "한", "bnVsbA"])
def test_what_is_no_token_is_explained(phone: Phone, token: str) -> None:
    answer = phone.ask(token)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["query.since"]


def test_an_account_that_is_erased_leaves_no_rows(phone: Phone) -> None:
    endorse(phone, submitted(phone.app))
    with phone.app.app_context():
        db.session.execute(delete(Account).where(Account.id == phone.account_id))
        db.session.commit()
        assert (
            db.session.scalar(select(func.count()).where(Change.account_id == phone.account_id))
            == 0
        )


def test_strangers_have_no_copy(committed_app: Flask) -> None:
    assert committed_app.test_client().get(f"{API}/sync").status_code == 401


def test_a_reader_of_many_changes_asks_no_more_often(phone: Phone) -> None:
    """Each page costs the same number of statements, however many items it has."""
    counts = []
    for many in (1, 8):
        phone.sync()
        for number in range(many):
            make(phone.app, make_draft, phone.account_id, title=f"{number}")
        with phone.app.app_context():
            engine = db.engines[None]
        statements: list[str] = []

        def note(*args: Any, statements: list[str] = statements) -> None:
            statements.append(args[2])

        event.listen(engine, "before_cursor_execute", note)
        phone.sync()
        event.remove(engine, "before_cursor_execute", note)
        counts.append(len(statements))
    assert counts[0] == counts[1]
