"""A merge at the same time as something else about the same proposals: one outcome, never two."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import sleep
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, event, func, select, text

from backend.accounts.models import Account
from backend.db import db
from backend.proposals.merges.models import ProposalMerge
from backend.proposals.models import Endorsement, Proposal
from backend.reviews.models import Review
from tests.backend.reviews.merges.merging import API, FIRST, LATER, REASON
from tests.support.people import PASSWORD, make_reviewer, register
from tests.support.proposals import make_submitted

Request = Callable[[str], Any]


class Office:
    """Two proposals that say the same, and who may do something about them."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            session = db.session()
            first, later = make_submitted(session, now=FIRST), make_submitted(session, now=LATER)
            self.first, self.later = first.id, later.id
            emails = {
                "reviewer": make_reviewer(session, "11140").email,
                "colleague": make_reviewer(session, "11140").email,
                "citizen": register(session).email,
            }
            for name, proposal in (("first", first), ("later", later)):
                emails[name] = session.get_one(Account, proposal.author_id).email
            self.engine = db.engines[None]
        # On a slow machine it takes longer than a request may wait until all have met.
        event.listen(self.engine, "begin", _wait_longer)
        self.tokens = {name: self._sign_in(email) for name, email in emails.items()}

    def send(self, who: str, method: str, path: str, body: Any = None) -> tuple[int, str | None]:
        answer = self.app.test_client().open(
            f"{API}/proposals/{path}",
            method=method,
            json=body,
            headers={"Authorization": f"Bearer {self.tokens[who]}"},
        )
        return answer.status_code, (answer.json or {}).get("code")

    def merge(self, who: str = "reviewer") -> tuple[int, str | None]:
        body = {"into": str(self.first), "reason": REASON}
        return self.send(who, "POST", f"{self.later}/merge", body)

    def at_once(self, *requests: Callable[[], Any]) -> list[Any]:
        """Send requests that are all under way before any of them can finish."""
        with ThreadPoolExecutor(len(requests)) as pool, self.engine.connect() as holder:
            holder.execute(select(Proposal.id).with_for_update())
            sent = [pool.submit(request) for request in requests]
            _wait_for_waiters(self.engine, len(sent))
            holder.rollback()
            return [future.result() for future in sent]

    def state(self) -> tuple[str, str, int]:
        """Return the states of both, and how many merges stand; counts have to be exact."""
        with self.app.app_context():
            session = db.session()
            found = [session.get_one(Proposal, one) for one in (self.first, self.later)]
            for proposal in found:
                rows = select(func.count()).where(Endorsement.proposal_id == proposal.id)
                assert session.scalar(rows) == proposal.endorsement_count
                open_reviews = select(func.count()).where(
                    Review.proposal_id == proposal.id, Review.closed_at.is_(None)
                )
                under_review = proposal.status in ("submitted", "supplement_requested")
                assert session.scalar(open_reviews) == int(under_review)
            standing = select(func.count()).where(ProposalMerge.undone_at.is_(None))
            return found[0].status, found[1].status, session.scalar(standing) or 0

    def _sign_in(self, email: str) -> str:
        answer = self.app.test_client().post(
            "/api/v1/sessions", json={"email": email, "password": PASSWORD}
        )
        token: str = answer.json["access_token"]
        return token


@pytest.fixture
def office(committed_app: Flask) -> Office:
    """An office with two proposals that say the same."""
    return Office(committed_app)


def test_two_colleagues_merge_once(office: Office) -> None:
    answers = office.at_once(office.merge, lambda: office.merge("colleague"))
    assert sorted(answers) == [(201, None), (409, "invalid_transition")]
    assert office.state() == ("submitted", "merged", 1)


def test_of_opposite_directions_one_is_merged(office: Office) -> None:
    body = {"into": str(office.later), "reason": REASON}
    answers = office.at_once(
        office.merge, lambda: office.send("colleague", "POST", f"{office.first}/merge", body)
    )
    assert answers[0] == (201, None)
    assert answers[1][0] == 409
    assert office.state() == ("submitted", "merged", 1)


def test_a_merge_and_the_withdrawal_of_the_later_one_are_one(office: Office) -> None:
    answers = office.at_once(
        office.merge, lambda: office.send("later", "POST", f"{office.later}/withdrawal")
    )
    assert sorted(status for status, _ in answers) in ([200, 409], [201, 409])
    assert office.state() in (("submitted", "merged", 1), ("submitted", "withdrawn", 0))


def test_a_merge_into_what_is_taken_back_leaves_nobody_behind(office: Office) -> None:
    answers = office.at_once(
        office.merge, lambda: office.send("first", "POST", f"{office.first}/withdrawal")
    )
    assert answers[1] == (200, None)
    assert answers[0][0] in (201, 409)
    assert office.state() == ("withdrawn", "submitted", 0)


@pytest.mark.parametrize("outcome", ["adopted", "rejected"])
def test_a_merge_and_a_decision_about_the_later_one_are_one(office: Office, outcome: str) -> None:
    body = {"outcome": outcome, "reason": REASON}
    answers = office.at_once(
        office.merge,
        lambda: office.send("colleague", "PUT", f"{office.later}/decision", body),
    )
    assert sorted(status for status, _ in answers) in ([200, 409], [201, 409])
    assert office.state() in (("submitted", "merged", 1), ("submitted", outcome, 0))


def test_an_endorsement_of_what_is_being_merged_is_counted_once_or_sent_on(office: Office) -> None:
    answers = office.at_once(
        office.merge, lambda: office.send("citizen", "PUT", f"{office.later}/endorsement")
    )
    assert answers[0] == (201, None)
    assert answers[1] in ((200, None), (410, "proposal_merged"))
    assert office.state() == ("submitted", "merged", 1)
    with office.app.app_context():
        expected = 2 if answers[1][0] == 200 else 1
        assert db.session().get_one(Proposal, office.first).endorsement_count == expected


def test_two_undos_are_one(office: Office) -> None:
    assert office.merge() == (201, None)
    body = {"reason": REASON}
    undo = f"{office.later}/merge/undo"
    answers = office.at_once(
        lambda: office.send("reviewer", "POST", undo, body),
        lambda: office.send("colleague", "POST", undo, body),
    )
    assert sorted(answers) == [(200, None), (409, "proposal_not_merged")]
    assert office.state() == ("submitted", "submitted", 0)


def _wait_longer(connection: Connection) -> None:
    connection.exec_driver_sql("SET LOCAL lock_timeout = '30s'")


def _wait_for_waiters(engine: Engine, number: int) -> None:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as observer:
        for _ in range(5000):
            if observer.scalar(waiting) == number:
                return
            sleep(0.002)
    raise AssertionError("the requests never met")
