"""Whatever is signed and given up in whatever order: what stands is what the engine says."""

from collections.abc import Callable
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from backend.errors import DomainError
from backend.rounds.contracts import record_contract
from backend.rounds.models import MatchingRun, Placement, PlacementContract, Vacancy
from backend.rounds.vacancies import withdraw_placement
from backend.rounds.vacancy_decisions import approve_vacancy, dismiss_vacancy
from geo.matching import load_json, parse_instance, parse_plan, parse_vacancies, succeed
from tests.support.people import make_officer
from tests.support.rounds import CLOSED
from tests.support.vacancies import REASON, Chain


class Office:
    """Two officers before a chain; each step is tried, and the rules may refuse it."""

    def __init__(self, chain: Chain) -> None:
        self.session = chain.session
        self.chain = chain
        self.first, self.second = (make_officer(chain.session).id for _ in range(2))
        self.contracted: set[UUID] = set()

    def sign(self, name: str) -> None:
        placement = self.chain.find(name)
        record_contract(
            self.session,
            round_id=self.chain.round.id,
            placement_id=placement.id,
            actor_id=self.first,
            now=CLOSED,
        )

    def withdraw(self, name: str) -> None:
        withdraw_placement(
            self.session,
            round_id=self.chain.round.id,
            placement_id=self.chain.find(name).id,
            reason=REASON,
            actor_id=self.first,
            now=CLOSED,
        )

    def approve(self) -> None:
        approve_vacancy(
            self.session,
            round_id=self.chain.round.id,
            vacancy_id=self.newest().id,
            actor_id=self.second,
            now=CLOSED,
        )

    def dismiss(self) -> None:
        dismiss_vacancy(
            self.session,
            round_id=self.chain.round.id,
            vacancy_id=self.newest().id,
            reason=REASON,
            actor_id=self.second,
            now=CLOSED,
        )

    def newest(self) -> Vacancy:
        statement = select(Vacancy).order_by(Vacancy.position.desc()).limit(1)
        found = self.session.scalar(statement)
        if found is None:
            raise NothingToDo
        return found

    def attempt(self, step: Callable[["Office"], None]) -> None:
        """Try a step; all of it happens, or a rule refuses it and nothing does."""
        try:
            with self.session.begin_nested():
                step(self)
                self.session.flush()
        except (DomainError, NothingToDo):
            self.session.expire_all()

    def check(self) -> None:
        """Check everything that has to hold at any time."""
        signed = set(self.session.scalars(select(PlacementContract.placement_id)))
        assert signed >= self.contracted
        self.contracted = signed
        standing = {
            row.id: (str(row.institution_id), str(row.offer_id))
            for row in self.session.scalars(select(Placement).where(Placement.ended_at.is_(None)))
        }
        assert signed <= standing.keys()
        assert set(standing.values()) == self.holders()

    def holders(self) -> set[tuple[str, str]]:
        """Return who holds what by the engine, from stored texts and the last approved events."""
        run = self.session.scalars(
            select(MatchingRun).options(
                undefer(MatchingRun.instance_text), undefer(MatchingRun.plan_text)
            )
        ).one()
        approved = self.session.scalars(
            select(Vacancy)
            .where(Vacancy.decision == "approved")
            .order_by(Vacancy.position)
            .options(undefer(Vacancy.events_text), undefer(Vacancy.record_text))
            .execution_options(populate_existing=True)
        ).all()
        instance = parse_instance(load_json((run.instance_text or "").encode()))
        plan = parse_plan(load_json((run.plan_text or "").encode()))
        succession = succeed(instance, plan, [])
        for vacancy in approved:
            events = parse_vacancies(load_json(vacancy.events_text.encode()))
            earlier = succession.steps
            succession = succeed(instance, plan, events)
            assert succession.steps[: len(earlier)] == earlier
            assert succession.dumps().decode() == vacancy.record_text
        return {(row["institution"], row["product"]) for row in succession.to_json()["holders"]}


class NothingToDo(Exception):
    """A step has nothing that it could be about."""


def _with(step: Callable[[Office, str], None], name: str) -> Callable[[Office], None]:
    def attempt(office: Office) -> None:
        if name not in office.chain.standing():
            raise NothingToDo
        step(office, name)

    return attempt


STEPS: dict[str, Callable[[Office], None]] = {
    "approve": Office.approve,
    "dismiss": Office.dismiss,
    **{f"sign {name}": _with(Office.sign, name) for name in ("near", "middle", "far")},
    **{f"withdraw {name}": _with(Office.withdraw, name) for name in ("near", "middle", "far")},
}


@pytest.fixture
def office(session: Session) -> Office:
    """The officers before a published round, to which every walk comes back."""
    return Office(Chain(session))


def walk(office: Office, steps: list[str]) -> None:
    """Try some steps, checking after each, and undo them all."""
    office.contracted = set()
    undone = office.session.begin_nested()
    for name in steps:
        office.attempt(STEPS[name])
        office.check()
    undone.rollback()


def test_a_walk_goes_all_the_way(office: Office) -> None:
    undone = office.session.begin_nested()
    for name in ("withdraw near", "approve", "sign middle", "withdraw far", "approve"):
        office.attempt(STEPS[name])
        office.check()
    assert office.chain.standing() == {"middle": "bell"}
    assert len(office.contracted) == 1
    undone.rollback()


@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=10))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_what_stands_is_what_the_engine_says(office: Office, steps: list[str]) -> None:
    walk(office, steps)


@pytest.mark.heavy
@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=20))
@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_it_is_in_many_orders(office: Office, steps: list[str]) -> None:
    walk(office, steps)
