"""The window closes while institutions apply: each gets a clear answer, and it is what is kept."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from backend.rounds.models import Application, Round
from tests.backend.rounds.conftest import Headers
from tests.conftest import NOW
from tests.support.people import PASSWORD, make_applicant, make_institution, make_officer
from tests.support.rounds import make_open_round, make_product

INSTITUTIONS = 20
DEADLINE = NOW + timedelta(minutes=5)
CLEAR = {(200, None), (409, "round_not_open")}


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
    answer = app.test_client().post("/api/v1/sessions", json={"email": email, "password": PASSWORD})
    return {"Authorization": f"Bearer {answer.json['access_token']}"}


def test_whoever_applies_while_the_window_closes_gets_what_is_kept(
    committed_app: Flask, committed: Session
) -> None:
    app = committed_app
    app.config["CLOCK"] = lambda: NOW
    round_, (offer,) = make_open_round(committed, make_product(committed), closes_at=DEADLINE)
    officer = signed_in(app, make_officer(committed).email)
    bodies = [make_institution(committed) for _ in range(INSTITUTIONS)]
    callers = {
        body.organization_id: signed_in(app, make_applicant(committed, body).email)
        for body in bodies
    }
    wishes = {"applications": [{"offer_id": str(offer.id), "reason": "마감 직전의 신청"}]}
    answers: dict[object, tuple[int, str | None]] = {}
    start = threading.Barrier(INSTITUTIONS)
    # Each request reads the clock for the token and once for the rule: half of them come in time.
    clock = app.config["CLOCK"] = Countdown(INSTITUTIONS + INSTITUTIONS // 2)

    def apply(institution_id: object, headers: Headers) -> None:
        address = f"/api/v1/rounds/{round_.id}/institutions/{institution_id}/applications"
        start.wait()
        while True:
            answer = app.test_client().put(address, json=wishes, headers=headers)
            answers[institution_id] = (answer.status_code, answer.json.get("code"))
            if "Retry-After" not in answer.headers:
                return

    def close() -> None:
        clock.over.wait()
        while True:
            answer = app.test_client().post(f"/api/v1/rounds/{round_.id}/closing", headers=officer)
            if "Retry-After" not in answer.headers:
                return

    threads = [threading.Thread(target=apply, args=item) for item in callers.items()]
    threads.append(threading.Thread(target=close))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(answers.values()) <= CLEAR
    acknowledged = {one for one, answer in answers.items() if answer[0] == 200}
    kept = set(
        committed.scalars(
            select(Application.institution_id).where(Application.withdrawn_at.is_(None))
        )
    )
    assert kept == acknowledged
    assert 0 < len(kept) < INSTITUTIONS
    assert committed.get_one(Round, round_.id, populate_existing=True).status == "closed"
