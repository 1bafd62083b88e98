"""Whatever is lost, repeated or stolen: the owner stays in, and who copied a token does not.

The services run on a session of their own, without HTTP; time is a number that a rule moves.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from backend.accounts.models import SignIn
from backend.accounts.renewals import GRACE, renew
from backend.accounts.sessions import Device, TokenPair, TokenPolicy, open_sign_in
from tests.conftest import NOW
from tests.support.people import register

POLICY = TokenPolicy("s" * 32, "https://dongne.example", timedelta(minutes=15), timedelta(days=30))
PHONE, OTHER = uuid4(), uuid4()


@dataclass
class Used:
    """A token that was used, and when, as the owner's phone remembers it."""

    token: str
    at: datetime


class Renewals(RuleBasedStateMachine):
    """One sign-in of one phone: what it knows, what got lost, and what a thief knows."""

    connection: ClassVar[Connection]

    def __init__(self) -> None:
        super().__init__()
        self._savepoint = self.connection.begin_nested()
        self.session = Session(self.connection, join_transaction_mode="create_savepoint")
        self.now = NOW
        account = register(self.session)
        pair = open_sign_in(self.session, account, Device(PHONE), POLICY, self.now)
        self.token = pair.refresh_token
        self.sign_in = self.session.query(SignIn).filter_by(account_id=account.id).one()
        self.used: list[Used] = []
        self.lost: Used | None = None
        self.is_ended = False

    def teardown(self) -> None:
        self.session.close()
        self._savepoint.rollback()

    def ask(self, token: str, device: object = PHONE) -> TokenPair | None:
        pair = renew(
            self.session,
            refresh_token=token,
            policy=POLICY,
            now=self.now,
            device_id=device,  # type: ignore[arg-type]
        )
        self.session.flush()
        return pair

    @rule(seconds=st.sampled_from([1, 10, 15, 29, 30, 900]))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @precondition(lambda self: not self.is_ended)
    @rule(repeated=st.integers(1, 3))
    def renew_and_hear(self, repeated: int) -> None:
        """The phone asks, several times at once it may be, and hears."""
        asked, at = self.token, self._first_use(self.token)
        answers = [self.ask(asked) for _ in range(repeated)]
        if self.now - at >= GRACE:
            # It lost the answer and slept over the half minute: like a copy, it is out.
            assert answers == [None] * repeated
            self.is_ended = True
            return
        tokens = {answer.refresh_token for answer in answers if answer}
        assert None not in answers
        assert len(tokens) == 1
        self.used.append(Used(asked, at))
        (self.token,) = tokens
        self.lost = None

    @precondition(lambda self: not self.is_ended)
    @rule()
    def renew_and_lose_the_answer(self) -> None:
        asked, at = self.token, self._first_use(self.token)
        answer = self.ask(asked)
        assert (answer is None) == (self.now - at >= GRACE)
        self.is_ended = answer is None
        self.lost = Used(asked, at)

    @precondition(lambda self: self.used)
    @rule(data=st.data())
    def a_straggler_arrives(self, data: st.DataObject) -> None:
        """A request of the phone that hung in the network arrives after its answer was used."""
        straggler = data.draw(st.sampled_from(self.used))
        is_late = self.now - straggler.at >= GRACE
        is_last = straggler is self.used[-1] and self.lost is None
        answer = self.ask(straggler.token)
        if self.is_ended or is_late:
            assert answer is None
            self.is_ended = True
        elif is_last:
            assert answer is not None
            assert answer.refresh_token == self.token
        else:
            assert answer is None

    @precondition(lambda self: len(self.used) > 2)
    @rule(data=st.data(), device=st.sampled_from([None, OTHER]))
    def a_thief_tries_a_used_token(self, data: st.DataObject, device: object) -> None:
        """Without the phone's id, a used token opens nothing and betrays that it was copied."""
        stolen = data.draw(st.sampled_from(self.used))
        assert self.ask(stolen.token, device) is None
        self.is_ended = True

    @precondition(lambda self: len(self.used) > 2)
    @rule()
    def a_thief_tries_the_newest_token_on_another_device(self) -> None:
        assert self.ask(self.token, OTHER) is None
        self.is_ended = True

    @precondition(lambda self: self.is_ended)
    @rule()
    def nothing_opens_what_has_ended(self) -> None:
        for token in (self.token, *(used.token for used in self.used)):
            assert self.ask(token) is None

    @invariant()
    def the_sign_in_is_on_exactly_when_it_should_be(self) -> None:
        self.session.refresh(self.sign_in)
        assert (self.sign_in.ended_at is not None) == self.is_ended

    def _first_use(self, token: str) -> datetime:
        return self.lost.at if self.lost and self.lost.token == token else self.now


@pytest.mark.parametrize(
    "examples", [pytest.param(40, id="some"), pytest.param(400, id="many", marks=pytest.mark.heavy)]
)
def test_renewals_keep_the_owner_in_and_thieves_out(
    app: Flask, connection: Connection, examples: int
) -> None:
    Renewals.connection = connection
    with app.app_context():
        run_state_machine_as_test(
            Renewals,
            settings=settings(
                max_examples=examples,
                stateful_step_count=20,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
