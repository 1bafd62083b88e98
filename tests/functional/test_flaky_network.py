"""Phones on a bad network: what was acknowledged is there once, what was not at most once.

The journal of each phone is the oracle of what was done, and what it has copied in the end is what
the server answers. The server is served as in operation; between it and every phone stands a proxy
that loses, delays, doubles and cuts.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.audit.verification import verify
from backend.proposals.models import Endorsement, Proposal
from tests.support import databases
from tests.support.effects import KINDS, effects
from tests.support.flaky_proxy import Fate, flaky_proxy
from tests.support.journal import Outcome
from tests.support.journeys import draft_by_key, phone_of, travel, wake
from tests.support.people import AGREED, CITY_HALL_EMD, local_government_organization
from tests.support.phone import TRIES
from tests.support.phone_copy import CONTENT
from tests.support.server import running_server

AT_ONCE = 4
"""Phones at the same time, as many as the server has threads."""


@pytest.fixture
def database_url(template: str) -> Iterator[str]:
    """A database in which the local government of City Hall takes part."""
    with databases.copy_of(template) as url:
        engine = create_engine(url)
        with Session(engine) as session:
            local_government_organization(session, CITY_HALL_EMD[:5])
        engine.dispose()
        yield url


@pytest.mark.parametrize("journeys", [20, pytest.param(200, marks=pytest.mark.heavy)])
def test_what_was_acknowledged_is_there_once_and_nothing_twice(
    database_url: str, journeys: int
) -> None:
    with running_server(database_url) as server, ThreadPoolExecutor(AT_ONCE) as crowd:
        travelled = list(crowd.map(lambda number: travel(number, server), range(journeys)))
        looks = list(crowd.map(lambda journey: wake(journey, server), travelled))
    assert set().union(*(journey.met for journey in travelled)) == set(Fate)
    for kept, found in looks:
        assert kept == found, "a copy differs from what the server answers"
    assert {kind for kept, _ in looks for kind, _ in kept} == set(CONTENT)
    assert any(journey.copy.buried for journey in travelled)
    engine = create_engine(database_url)
    with Session(engine) as session:
        known: dict[Outcome, set[str]] = {outcome: set() for outcome in Outcome}
        faults, left = [], set[int]()
        for journey in travelled:
            person = select(Account.id).where(Account.email == journey.email)
            account = session.scalars(person).one()
            for intent in journey.phone.journal:
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
