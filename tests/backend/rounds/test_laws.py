"""Whatever officers do in whatever order: what was published was drawn, verified and approved."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from backend.errors import DomainError
from backend.organizations.models import Institution
from backend.rounds.approval import approve_plan
from backend.rounds.contracts import are_contracts_signed, record_contract
from backend.rounds.execution import carry_out
from backend.rounds.freezing import Announcement, freeze_inputs
from backend.rounds.models import FrozenInputs, MatchingRun, OfficialSeed, Placement, Round
from backend.rounds.publication import publish_plan
from backend.rounds.results import list_placements
from backend.rounds.runs import request_run
from backend.rounds.seeds import enter_seed
from backend.rounds.supersession import supersede_plan
from tests.support.people import CITY_HALL_EMD, make_institution, make_officer
from tests.support.proposals import make_decided
from tests.support.rounds import CLOSED, apply_for, close, make_open_round, make_product

BUSAN = {"site": (129.0328, 35.11223), "emd_code": "26110101"}


class Office:
    """Three officers and a closed round; each step is tried, and the rules may refuse it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        product = make_product(session, answers=[make_decided(session, neighbourhood_public=True)])
        self.round: Round
        self.round, (offer,) = make_open_round(session, product)
        self.moving: Institution = make_institution(session, **BUSAN)
        other = make_institution(session, **BUSAN, jurisdiction_codes=["11"])
        for institution in (self.moving, other):
            apply_for(session, institution, offer)
        close(session, self.round)
        self.officers = [make_officer(session).id for _ in range(3)]
        self.now: datetime = CLOSED
        self.published: dict[UUID, str] = {}
        self.steps = 0

    def freeze(self) -> None:
        freeze_inputs(
            self.session,
            round_id=self.round.id,
            announcement=Announcement("source", "form", self.now + timedelta(hours=2)),
            reason="for a reason",
            actor_id=self.officers[0],
            now=self.now,
        )

    def wait(self) -> None:
        self.now += timedelta(hours=2)

    def enter(self, officer: int, seed: str) -> None:
        enter_seed(
            self.session,
            round_id=self.round.id,
            seed=seed,
            actor_id=self.officers[officer],
            now=self.now,
        )

    def run(self, seed: str | None) -> None:
        request_run(
            self.session,
            round_id=self.round.id,
            seed=seed,
            actor_id=self.officers[0],
            now=self.now,
        )

    def work(self) -> None:
        for run in self.runs():
            if run.state == "queued":
                carry_out(lambda: nullcontext(self.session), run_id=run.id, now=lambda: self.now)

    def approve(self, officer: int) -> None:
        self._decide(approve_plan, officer)

    def publish(self) -> None:
        self._decide(publish_plan, 2)

    def correct(self) -> None:
        codes = [CITY_HALL_EMD], ["26110"], ["41"]
        self.moving.jurisdiction_codes = codes[self.steps % 3]

    def supersede(self) -> None:
        supersede_plan(
            self.session,
            round_id=self.round.id,
            reason="for a reason",
            actor_id=self.officers[0],
            now=self.now,
        )

    def sign(self) -> None:
        placement = self.session.scalars(select(Placement).order_by(Placement.id.desc())).first()
        if placement is not None and placement.run.round_id == self.round.id:
            record_contract(
                self.session,
                round_id=self.round.id,
                placement_id=placement.id,
                actor_id=self.officers[0],
                now=self.now,
            )

    def runs(self) -> list[MatchingRun]:
        self.session.flush()
        statement = (
            select(MatchingRun)
            .where(MatchingRun.round_id == self.round.id)
            .order_by(MatchingRun.id)
            .options(undefer(MatchingRun.plan_text))
            .execution_options(populate_existing=True)
        )
        return list(self.session.scalars(statement))

    def _decide(self, step: Callable[..., MatchingRun], officer: int) -> None:
        """Take the newest run that somebody could mean, rehearsals among them."""
        for run in self.runs()[-1:]:
            step(
                self.session,
                round_id=self.round.id,
                run_id=run.id,
                actor_id=self.officers[officer],
                now=self.now,
            )

    def attempt(self, step: Callable[["Office"], None]) -> None:
        """Try a step; all of it happens, or a rule refuses it and nothing does."""
        self.steps += 1
        try:
            with self.session.begin_nested():
                step(self)
                self.session.flush()
        except DomainError:
            self.session.expire_all()

    def check(self) -> None:
        """Check everything that has to hold at any time."""
        self.session.refresh(self.round)
        official = self.session.get(OfficialSeed, self.round.id)
        runs = self.runs()
        published = [run for run in runs if run.published_at is not None]
        for run in published:
            inputs = self.session.get_one(FrozenInputs, run.inputs_id)
            assert official is not None
            assert (run.seed, run.is_rehearsal) == (official.seed, False)
            assert run.inputs_sha256 == inputs.inputs_sha256
            assert (run.verifier_exit_code, run.verified_at is not None) == (0, True)
            assert run.approved_by not in (None, run.run_by)
            digest = sha256((run.plan_text or "").encode()).hexdigest()
            assert self.published.setdefault(run.id, digest) == digest
        assert set(self.published) == {run.id for run in published}
        standing = [run for run in published if run.superseded_at is None]
        assert len(standing) == min(1, len(published))
        assert (self.round.status == "published") == bool(published)
        placed = list_placements(self.session, round_id=self.round.id, limit=100, after=None).items
        assert {row.run_id for row in placed} <= {run.id for run in standing}
        assert len(placed) == len(standing)
        if are_contracts_signed(self.session, self.round.id):
            assert standing == published[-1:]


STEPS: dict[str, Callable[[Office], None]] = {
    "freeze": Office.freeze,
    "wait": Office.wait,
    "first enters": lambda office: office.enter(0, "7"),
    "second enters": lambda office: office.enter(1, "7"),
    "second errs": lambda office: office.enter(1, "8"),
    "run": lambda office: office.run(None),
    "rehearse": lambda office: office.run("9"),
    "work": Office.work,
    "approve alone": lambda office: office.approve(0),
    "approve": lambda office: office.approve(1),
    "publish": Office.publish,
    "correct": Office.correct,
    "supersede": Office.supersede,
    "sign": Office.sign,
}
READY = ["freeze", "wait", "first enters", "second enters", "run", "work", "approve", "publish"]
WALKS = st.tuples(
    st.integers(0, len(READY)).map(lambda length: READY[:length]),
    st.lists(st.sampled_from(sorted(STEPS)), max_size=12),
).map(lambda parts: parts[0] + parts[1])
"""Part of the way that everybody goes, and then anything."""


def walk(session: Session, steps: list[str]) -> Office:
    office = Office(session)
    for name in steps:
        office.attempt(STEPS[name])
        office.check()
    return office


def test_the_way_that_everybody_goes_ends_in_a_plan(session: Session) -> None:
    again = ["correct", "supersede", "work", "approve", "publish", "sign", "correct", "supersede"]
    office = walk(session, READY + again)
    assert len(office.published) == 2


@given(WALKS)
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_order_of_steps_publishes_what_was_not_drawn_verified_and_approved(
    session: Session, steps: list[str]
) -> None:
    walk(session, steps)


@pytest.mark.heavy
@given(WALKS)
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_order_of_many_does_either(session: Session, steps: list[str]) -> None:
    walk(session, steps)
