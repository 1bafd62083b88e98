"""Whatever overlaps, a copy that asked at any moments is in the end what a new one would be."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from hypothesis import HealthCheck, settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.db import db, unit_of_work
from backend.notifications.models import Notice
from backend.proposals.models import Endorsement, Proposal
from tests.backend.me.conftest import Phone
from tests.support.people import CITY_HALL_EMD, register
from tests.support.proposals import make_submitted

NOW = datetime(2026, 11, 23, tzinfo=UTC)
WRITERS = strategies.integers(0, 2)
NUMBERS = strategies.integers(0, 5)


class Overlapping(RuleBasedStateMachine):
    """Writers whose transactions overlap, and a phone that asks in between.

    `foreign` are submitted proposals of somebody else's.
    """

    app: Flask
    phone_of: Callable[..., Phone]
    foreign: Sequence[UUID]

    def __init__(self) -> None:
        super().__init__()
        self.phone = type(self).phone_of()
        with self.app.app_context():
            self.engine = db.engines[None]
        self.open: dict[int, Session] = {}
        self.held: dict[UUID, int] = {}
        self.drafts: list[UUID] = []
        self.notices: list[UUID] = []

    def write(self, writer: int, subject: UUID, *statements: Any) -> None:
        """Write in a transaction that goes on, unless another one holds the row."""
        if self.held.setdefault(subject, writer) != writer:
            return
        session = self.open.setdefault(writer, Session(self.engine))
        for statement in statements:
            session.execute(statement)

    @rule(writer=WRITERS)
    def begin_draft(self, writer: int) -> None:
        self.drafts.append(uuid4())
        values = {"id": self.drafts[-1], "author_id": self.phone.account_id}
        texts = {"category": "safety", "title": "초안", "created_at": NOW, "updated_at": NOW}
        self.write(writer, self.drafts[-1], insert(Proposal).values(**values, **texts))

    @rule(writer=WRITERS, number=NUMBERS, title=strategies.sampled_from("가나다라"))
    def retitle(self, writer: int, number: int, title: str) -> None:
        found = [*self.drafts, *self.foreign]
        chosen = found[number % len(found)]
        change = update(Proposal).where(Proposal.id == chosen).values(title=title)
        self.write(writer, chosen, change)

    @rule(writer=WRITERS, number=NUMBERS)
    def discard(self, writer: int, number: int) -> None:
        if self.drafts:
            chosen = self.drafts[number % len(self.drafts)]
            self.write(writer, chosen, delete(Proposal).where(Proposal.id == chosen))

    @rule(writer=WRITERS, number=NUMBERS, begins=strategies.booleans())
    def follow(self, writer: int, number: int, begins: bool) -> None:
        chosen = self.foreign[number % len(self.foreign)]
        key = {"proposal_id": chosen, "account_id": self.phone.account_id}
        self.write(
            writer,
            chosen,
            delete(Endorsement).filter_by(**key),
            *([insert(Endorsement).values(**key, created_at=NOW)] if begins else []),
        )

    @rule(writer=WRITERS)
    def tell(self, writer: int) -> None:
        self.notices.append(uuid4())
        self.write(
            writer,
            self.notices[-1],
            insert(Notice).values(
                id=self.notices[-1],
                recipient_id=self.phone.account_id,
                kind="proposal_adopted",
                subject_type="proposal",
                subject_id=self.foreign[0],
                params={"title": "가로등", "reason": "좋다"},
                created_at=NOW,
            ),
        )

    @rule(writer=WRITERS, number=NUMBERS)
    def read(self, writer: int, number: int) -> None:
        if self.notices:
            chosen = self.notices[number % len(self.notices)]
            change = update(Notice).where(Notice.id == chosen).values(read_at=NOW)
            self.write(writer, chosen, change)

    @rule(writer=WRITERS, kept=strategies.booleans())
    def end(self, writer: int, kept: bool) -> None:
        session = self.open.pop(writer, None)
        if session is not None:
            if kept:
                session.commit()
            session.close()
        self.held = {row: other for row, other in self.held.items() if other != writer}

    @rule(limit=strategies.integers(1, 4))
    def sync(self, limit: int) -> None:
        self.phone.sync(limit)

    def teardown(self) -> None:
        for writer in list(self.open):
            self.end(writer, kept=True)
        self.phone.sync(limit=2)
        fresh = Phone(self.app, self.phone.account_id, self.phone.headers)
        fresh.sync()
        assert self.phone.copy == fresh.copy


def test_a_copy_is_what_a_new_one_would_be(
    committed_app: Flask, phone_of: Callable[..., Phone]
) -> None:
    foreign = []
    with committed_app.app_context(), unit_of_work() as session:
        for _ in range(2):
            author: Account = register(session, residence=CITY_HALL_EMD)
            foreign.append(make_submitted(session, author).id)
    bound = {"app": committed_app, "phone_of": staticmethod(phone_of), "foreign": foreign}
    run_state_machine_as_test(
        type("Bound", (Overlapping,), bound),
        settings=settings(
            max_examples=30,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
