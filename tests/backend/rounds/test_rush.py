"""Much at once: institutions apply while the window closes, or while an offer is withdrawn.

Each gets a clear answer, and what is kept is what was answered.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from backend.rounds.models import Application, Offer
from tests.backend.rounds.conftest import Headers
from tests.conftest import NOW
from tests.support.headers import AS_IT_IS
from tests.support.people import PASSWORD, make_applicant, make_institution, make_officer
from tests.support.rounds import make_open_round, make_product

INSTITUTIONS = 20
DEADLINE = NOW + timedelta(minutes=5)


class Countdown:
    """A clock that reaches the deadline once it was read so many times."""

    def __init__(self, readings: int) -> None:
        self._left = readings
        self._lock = threading.Lock()
        self.over = threading.Event()

    def __call__(self) -> datetime:
        with self._lock:
            self._left -= 1
            if self._left >= 0:
                return NOW
        self.over.set()
        return DEADLINE


@pytest.fixture
def committed(committed_app: Flask) -> Iterator[Session]:
    """A session whose commits are real."""
    engine = create_engine(committed_app.config["SQLALCHEMY_DATABASE_URI"])
    with Session(engine, expire_on_commit=False) as session:
        yield session
    engine.dispose()


def signed_in(app: Flask, email: str) -> Headers:
    """Return the headers of a signed-in request."""
    answer = app.test_client().post("/api/v1/sessions", json={"email": email, "password": PASSWORD})
    return {"Authorization": f"Bearer {answer.json['access_token']}"}


def until_answered(ask: Callable[[], Any]) -> Any:
    """Ask as a client does that tries again when it is told to, and return the answer."""
    while True:
        answer = ask()
        if "Retry-After" not in answer.headers:
            return answer


class Rush:
    """Twenty institutions that all apply at once, and what each of them was answered."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.app = app
        self.answers: dict[UUID, tuple[int, str | None]] = {}
        bodies = [make_institution(session) for _ in range(INSTITUTIONS)]
        self._callers = {
            body.organization_id: signed_in(app, make_applicant(session, body).email)
            for body in bodies
        }

    def run(self, offers: Sequence[Offer], meanwhile: Callable[[], Any]) -> Any:
        """Let everybody ask for the offers, and return what `meanwhile` was answered."""
        path = f"/api/v1/rounds/{offers[0].round_id}/institutions"
        wishes = {
            "applications": [
                {"offer_id": str(offer.id), "reason": "마감 직전의 신청"} for offer in offers
            ]
        }
        start = threading.Barrier(INSTITUTIONS)

        def apply(institution_id: UUID, headers: Headers) -> None:
            start.wait()
            client, address = self.app.test_client(), f"{path}/{institution_id}/applications"
            answer = until_answered(
                lambda: client.put(address, json=wishes, headers=headers | AS_IT_IS)
            )
            self.answers[institution_id] = (answer.status_code, answer.json.get("code"))

        threads = [threading.Thread(target=apply, args=item) for item in self._callers.items()]
        for thread in threads:
            thread.start()
        answer = until_answered(meanwhile)
        for thread in threads:
            thread.join()
        return answer

    @property
    def acknowledged(self) -> set[UUID]:
        """The institutions that were told their ranking is kept."""
        return {one for one, answer in self.answers.items() if answer[0] == 200}


def standing(session: Session, offer: Offer) -> dict[UUID, int]:
    """Return at which place each institution asks for an offer."""
    rows = session.execute(
        select(Application.institution_id, Application.position).where(
            Application.offer_id == offer.id, Application.withdrawn_at.is_(None)
        )
    )
    return dict(rows.all())


def test_whoever_applies_while_the_window_closes_gets_what_is_kept(
    committed_app: Flask, committed: Session
) -> None:
    committed_app.config["CLOCK"] = lambda: NOW
    round_, offers = make_open_round(committed, make_product(committed), closes_at=DEADLINE)
    officer = signed_in(committed_app, make_officer(committed).email)
    rush = Rush(committed_app, committed)
    # Each request reads the clock for the token and once for the rule: half of them come in time.
    clock = committed_app.config["CLOCK"] = Countdown(INSTITUTIONS + INSTITUTIONS // 2)

    def close() -> Any:
        clock.over.wait()
        client = committed_app.test_client()
        return client.post(f"/api/v1/rounds/{round_.id}/closing", headers=officer)

    assert rush.run(offers, close).json["status"] == "closed"
    assert set(rush.answers.values()) == {(200, None), (409, "round_not_open")}
    assert len(rush.answers) == INSTITUTIONS
    committed.rollback()
    assert standing(committed, offers[0]).keys() == rush.acknowledged


def test_nobody_asks_for_an_offer_that_is_withdrawn_while_they_apply(
    committed_app: Flask, committed: Session
) -> None:
    committed_app.config["CLOCK"] = lambda: NOW
    round_, offers = make_open_round(
        committed, make_product(committed), make_product(committed), closes_at=DEADLINE
    )
    officer = signed_in(committed_app, make_officer(committed).email)
    rush = Rush(committed_app, committed)
    path = f"/api/v1/rounds/{round_.id}/offers/{offers[0].id}/withdrawal"

    def withdraw() -> Any:
        client = committed_app.test_client()
        return client.post(path, json={"reason": "생산 중단"}, headers=officer)

    assert rush.run(offers, withdraw).status_code == 201
    assert set(rush.answers.values()) <= {(200, None), (409, "offer_withdrawn")}
    assert len(rush.answers) == INSTITUTIONS
    committed.rollback()
    assert standing(committed, offers[0]) == {}
    assert standing(committed, offers[1]) == dict.fromkeys(rush.acknowledged, 1)
