"""Phones on a bad network: what was acknowledged is there once, what was not at most once.

The journal of each phone is the oracle. The server is served as in operation; between it and every
phone stands a proxy that loses, delays, doubles and cuts.
"""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random
from threading import Event
from uuid import UUID, uuid5

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.audit.verification import verify
from backend.proposals.models import Endorsement, Proposal
from tests.support import databases
from tests.support.effects import KINDS, effects
from tests.support.flaky_proxy import Fate, FlakyProxy, flaky_proxy
from tests.support.journal import Intent, Journal, Outcome
from tests.support.people import (
    AGREED,
    CITY_HALL,
    CITY_HALL_EMD,
    PASSWORD,
    local_government_organization,
)
from tests.support.phone import TRIES, Phone
from tests.support.server import running_server

TROUBLE = 0.45
AT_ONCE = 4
"""Phones at the same time, as many as the server has threads."""
FASTER = 2_000
"""A second of a phone's patience lasts half a millisecond."""
IDS = UUID("0198a000-0000-7000-8000-000000000000")


@dataclass(frozen=True)
class Journey:
    """What a journey left behind, outside the database."""

    email: str
    journal: Journal
    met: Counter[Fate]


@pytest.fixture
def database_url(template: str) -> Iterator[str]:
    """A database in which the local government of City Hall takes part."""
    with databases.copy_of(template) as url:
        engine = create_engine(url)
        with Session(engine) as session:
            local_government_organization(session, CITY_HALL_EMD[:5])
        engine.dispose()
        yield url


def pause(seconds: float) -> None:
    Event().wait(seconds / FASTER)


def phone_of(number: int, address: str) -> Phone:
    """Return the app of a person who has just installed it."""
    return Phone(
        address,
        email=f"phone{number}@example.com",
        password=PASSWORD,
        device_id=str(uuid5(IDS, f"device{number}")),
        random=Random(number),  # noqa: S311 (of a test)
        pause=pause,
    )


def travel(number: int, server: str) -> Journey:
    """Let one person do what people do, on a network of their own."""
    with flaky_proxy(server, seed=number, trouble=TROUBLE) as proxy:
        phone = phone_of(number, proxy.address)
        phone.register(f"사람 {number}", **AGREED)
        phone.sign_in()
        settled = phone.intend(
            "residence", CITY_HALL_EMD, "PUT", "/me/residence", {"region_code": CITY_HALL_EMD}
        )
        drafted = draft(phone, number)
        phone.renew()
        if Outcome.ACKNOWLEDGED is settled.outcome is drafted.outcome:
            phone.intend("submit", drafted.about, "POST", f"/proposals/{drafted.about}/submission")
        others = {one["id"] for one in phone.read("/proposals?limit=5")["items"]} - {drafted.about}
        for other in sorted(others)[:2]:
            phone.intend("endorse", other, "PUT", f"/proposals/{other}/endorsement")
        for notice in phone.read("/me/notices?unread=true")["items"]:
            phone.intend("reading", notice["id"], "POST", f"/me/notices/{notice['id']}/reading")
        phone.renew()
        if number % 2:
            phone.send_pending()
        phone.read("/me")
        if number % 5 == 0:
            lose_sight(phone, proxy, number)
    return Journey(f"phone{number}@example.com", phone.journal, proxy.met)


def lose_sight(phone: Phone, proxy: FlakyProxy, number: int) -> None:
    """Write a last thing of which the phone never learns whether it was done."""
    proxy.only(Fate.ANSWER_LOST if number % 2 else Fate.REQUEST_LOST)
    draft_by_key(phone, f"소식 없는 초안 {number}")


def draft_by_key(phone: Phone, title: str) -> None:
    """Begin a proposal without an id of one's own."""
    body = {"category": "traffic", "title": title}
    phone.intend("draft_by_key", title, "POST", "/proposals", body)


def draft(phone: Phone, number: int) -> Intent:
    """Begin a proposal by an id of one's own and correct it, and another one by its key alone."""
    draft_id = str(uuid5(IDS, f"draft{number}"))
    body = {
        "id": draft_id,
        "category": "safety",
        "title": f"골목길 보안등 {number}",
        "problem": "밤길이 어둡다.",
        "location": {"lon": CITY_HALL[0], "lat": CITY_HALL[1]},
    }
    made = phone.intend("draft", draft_id, "POST", "/proposals", body)
    if made.outcome is Outcome.ACKNOWLEDGED:
        phone.intend(
            "edit",
            draft_id,
            "PATCH",
            f"/proposals/{draft_id}",
            {"problem": f"{number}번째 골목이 어둡다."},
            edits=f"/me/proposals/{draft_id}",
        )
    draft_by_key(phone, f"이름 없는 초안 {number}")
    return made


@pytest.mark.parametrize("journeys", [20, pytest.param(200, marks=pytest.mark.heavy)])
def test_what_was_acknowledged_is_there_once_and_nothing_twice(
    database_url: str, journeys: int
) -> None:
    with running_server(database_url) as server, ThreadPoolExecutor(AT_ONCE) as crowd:
        travelled = list(crowd.map(lambda number: travel(number, server), range(journeys)))
    assert set().union(*(journey.met for journey in travelled)) == set(Fate)
    engine = create_engine(database_url)
    with Session(engine) as session:
        known: dict[Outcome, set[str]] = {outcome: set() for outcome in Outcome}
        faults, left = [], set[int]()
        for journey in travelled:
            person = select(Account.id).where(Account.email == journey.email)
            account = session.scalars(person).one()
            for intent in journey.journal:
                done = effects(session, account, intent)
                known[intent.outcome].add(intent.kind)
                left |= done if intent.outcome is Outcome.PENDING else set()
                right = (
                    done == {1} if intent.outcome is Outcome.ACKNOWLEDGED else done in ({0}, {1})
                )
                if not right or intent.outcome is Outcome.REFUSED:
                    faults.append((journey.email, intent, done))
        backed = select(func.sum(Proposal.endorsement_count))
        assert faults == []
        assert session.scalar(backed) == session.scalar(select(func.count(Endorsement.account_id)))
        assert verify(session) == []
    engine.dispose()
    assert known[Outcome.ACKNOWLEDGED] == KINDS
    assert left == {0, 1}, "what stays unknown has to be done in one case and not in another"


def test_what_is_wanted_twice_is_counted_twice(database_url: str) -> None:
    """Else the count of every trace could be 1 for another reason than the keys."""
    engine = create_engine(database_url)
    with (
        running_server(database_url) as server,
        flaky_proxy(server, seed=0, trouble=0) as proxy,
        Session(engine) as session,
    ):
        phone = phone_of(0, proxy.address)
        phone.register("사람", **AGREED)
        phone.sign_in()
        account = session.scalars(select(Account.id)).one()
        proxy.only(Fate.ANSWER_LOST)
        draft_by_key(phone, "같은 제목")
        (once,) = phone.journal
        assert (once.sent, effects(session, account, once)) == (TRIES, {1})
        draft_by_key(phone, "같은 제목")
        session.commit()
        assert effects(session, account, once) == {2}
    engine.dispose()


def test_nobody_is_signed_out_by_renewals_whose_answers_are_lost(database_url: str) -> None:
    with running_server(database_url) as server:
        for number in range(3):
            with flaky_proxy(server, seed=number, trouble=0.7) as proxy:
                phone = phone_of(number, proxy.address)
                phone.register("사람", **AGREED)
                phone.sign_in()
                for _ in range(12):
                    phone.renew()
                assert phone.read("/me")["email"] == f"phone{number}@example.com"
                assert proxy.met[Fate.ANSWER_LOST] > 0
                assert proxy.met[Fate.DOUBLED] > 0


def test_a_straggling_copy_of_a_sign_in_signs_nobody_out(database_url: str) -> None:
    with running_server(database_url) as server:
        phone, copy = phone_of(0, server), phone_of(0, server)
        phone.register("사람", **AGREED)
        phone.sign_in()
        copy.sign_in()
        phone.renew()
        assert phone.read("/me")["email"] == "phone0@example.com"
