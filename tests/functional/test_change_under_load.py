"""The boundaries change while people read and write: nobody sees a half state, nothing is lost."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from backend.db import db, unit_of_work
from backend.generations.service import activate_generation, roll_back
from backend.proposals.drafts import create_draft
from backend.proposals.models import Proposal
from backend.regions.models import RecordMove
from geo.regions import active_generation
from tests.conftest import NOW
from tests.support.incheon import YEONGJONG
from tests.support.people import PASSWORD, register
from tests.support.proposals import make_draft, make_submitted

AIRPORT = "28110147"
POINT = {"lon": 126.4407, "lat": 37.4602}
READERS = 3
ROUNDS = 2


@dataclass
class Seen:
    """What readers and writers got: answers by path, and everything that was not right."""

    answers: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)


def check_locate(app: Flask, old: int, new: int, _: str) -> str | None:
    answer = app.test_client().get("/api/v1/regions/locate", query_string=POINT)
    if answer.status_code != 200:
        return f"locate {answer.status_code}"
    told = answer.json
    parts = (told["emd"], told["sigungu"], told["local_government"])
    expected = {old: "28110", new: YEONGJONG}[told["generation_id"]]
    return None if all(part["code"].startswith(expected) for part in parts) else f"mixed {told}"


def check_region(app: Flask, old: int, new: int, _: str) -> str | None:
    for code, there in (("28110", old), (YEONGJONG, new)):
        answer = app.test_client().get(f"/api/v1/regions/{code}")
        if answer.status_code == 404:
            continue
        if answer.status_code != 200 or answer.json["generation"]["id"] != there:
            return f"region {code} {answer.status_code} {answer.text}"
    return None


def check_children(app: Flask, old: int, new: int, _: str) -> str | None:
    told = app.test_client().get("/api/v1/regions/28/children").json
    codes = {item["code"] for item in told["items"]}
    is_new = told["generation"]["id"] == new
    return None if (YEONGJONG in codes, "28110" in codes) == (is_new, not is_new) else "mixed"


def check_proposal(app: Flask, old: int, new: int, proposal_id: str) -> str | None:
    answer = app.test_client().get(f"/api/v1/proposals/{proposal_id}")
    if answer.status_code != 200:
        return f"proposal {answer.status_code}"
    place = answer.json["place"]
    codes = {place["emd"]["code"][:5], place["sigungu"]["code"], place["local_government"]["code"]}
    return None if codes in ({"28110"}, {YEONGJONG}) else f"mixed {codes}"


def check_tile(app: Flask, old: int, new: int, _: str) -> str | None:
    for generation in (old, new):
        answer = app.test_client().get(f"/tiles/sigungu/{generation}/8/217/98")
        if answer.status_code not in (200, 204, 404) or (
            generation == old and answer.status_code != 200
        ):
            return f"tile {generation} {answer.status_code}"
    return None


def check_statistics(app: Flask, old: int, new: int, _: str) -> str | None:
    told = app.test_client().get("/api/v1/maps/statistics", query_string={"level": "sigungu"})
    if told.status_code != 200:
        return f"statistics {told.status_code}"
    elsewhere = told.json["elsewhere"]["proposals"]
    return None if elsewhere == 0 else f"{elsewhere} proposals in no region"


CHECKS: tuple[Callable[[Flask, int, int, str], str | None], ...] = (
    check_locate,
    check_region,
    check_children,
    check_proposal,
    check_tile,
    check_statistics,
)


def read(app: Flask, old: int, new: int, proposal_id: str, seen: Seen) -> None:
    while not seen.stop.is_set():
        for check in CHECKS:
            fault = check(app, old, new, proposal_id)
            seen.answers[check.__name__] += 1
            if fault is not None:
                seen.faults.append(fault)


def write(app: Flask, headers: dict[str, str], seen: Seen) -> None:
    """Draft proposals at the airport; one that is told to try again does so under the same id."""
    client = app.test_client()
    while not seen.stop.is_set():
        draft = {
            "id": str(uuid4()),
            "title": "공항 앞 횡단보도 조명",
            "category": "traffic",
            "problem": "밤에 보행자가 보이지 않는다.",
            "location": POINT,
        }
        answer = client.post("/api/v1/proposals", json=draft, headers=headers)
        if answer.status_code == 201:
            seen.made.append(draft["id"])
        elif answer.status_code != 409:
            seen.faults.append(f"write {answer.status_code} {answer.text}")
        seen.stop.wait(0.02)


@pytest.mark.heavy
def test_nobody_sees_a_half_state_and_nothing_is_lost(incheon_app: Flask) -> None:
    app, seen = incheon_app, Seen()
    with app.app_context():
        session = db.session()
        old = active_generation(session).id
        new = session.scalar(text("SELECT id FROM region_generation WHERE state = 'validated'"))
        proposal = make_submitted(session, location=POINT)
        for _ in range(200):
            make_draft(session, location=POINT)
        author = register(session)
        proposal_id, email = str(proposal.id), author.email
        db.session.remove()
    facts = {"email": email, "password": PASSWORD}
    token = app.test_client().post("/api/v1/sessions", json=facts).json["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    threads = [
        *(
            threading.Thread(target=read, args=(app, old, new, proposal_id, seen))
            for _ in range(READERS)
        ),
        threading.Thread(target=write, args=(app, headers, seen)),
    ]
    for thread in threads:
        thread.start()
    in_force = old
    try:
        for _ in range(ROUNDS):
            with app.app_context(), unit_of_work(alone=True) as session:
                activate_generation(session, generation_id=new, now=NOW)
            in_force = new
            with app.app_context(), unit_of_work(alone=True) as session:
                roll_back(session, now=NOW)
            in_force = old
        with app.app_context(), unit_of_work(alone=True) as session:
            activate_generation(session, generation_id=new, now=NOW)
        in_force = new
    finally:
        seen.stop.set()
        for thread in threads:
            thread.join()
    assert seen.faults == []
    assert min(seen.answers[check.__name__] for check in CHECKS) > 0
    with app.app_context():
        session = db.session()
        rows = session.execute(
            select(Proposal.id, Proposal.generation_id, Proposal.sigungu_code)
        ).all()
        assert {str(row.id) for row in rows} >= set(seen.made)
        assert {(row.generation_id, row.sigungu_code) for row in rows} == {(in_force, YEONGJONG)}
        moved = session.scalars(select(RecordMove.subject_id).distinct()).all()
        assert {str(one) for one in moved} & set(seen.made)


def test_a_change_waits_for_the_write_under_way(incheon_app: Flask) -> None:
    app = incheon_app
    with app.app_context():
        new = db.session().scalar(
            text("SELECT id FROM region_generation WHERE state = 'validated'")
        )
        author = register(db.session())
        author_id = author.id
        db.session.remove()
    done = threading.Event()

    def activate() -> None:
        with app.app_context(), unit_of_work(alone=True) as session:
            activate_generation(session, generation_id=new, now=NOW)
        done.set()

    change = threading.Thread(target=activate)
    with app.app_context(), unit_of_work() as session:
        draft_id = _draft(session, author_id)
        change.start()
        _wait_until_somebody_waits(app)
        assert not done.is_set()
    change.join()
    with app.app_context():
        draft = db.session().get_one(Proposal, draft_id)
        assert (draft.generation_id, draft.sigungu_code) == (new, YEONGJONG)
        assert draft.made_emd_code == AIRPORT


def _draft(session: Session, author_id: UUID) -> UUID:
    draft, _ = create_draft(
        session,
        author_id=author_id,
        category="safety",
        title="변경 직전에 쓴 제안",
        location=POINT,
        now=NOW,
    )
    session.flush()
    return draft.id


def _wait_until_somebody_waits(app: Flask) -> None:
    """Return once the change queues at the lock of the writers."""
    engine = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
    waiting = text(
        "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)"
    )
    pause = threading.Event()
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while not connection.scalar(waiting):
                pause.wait(0.02)
    finally:
        engine.dispose()
