"""A stored round, run again, gives the same bytes."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from backend.rounds import engine, reruns
from tests.support.people import make_institution
from tests.support.proposals import make_decided
from tests.support.rounds import (
    PRICE_KRW,
    apply_for,
    close,
    make_open_round,
    make_product,
    publish,
    run,
)


@pytest.fixture
def code(session: Session) -> str:
    """The code of a round in which three institutions ask, and two can have the product."""
    product = make_product(session, answers=[make_decided(session)])
    round_, (offer,) = make_open_round(session, product, budget_krw=2 * PRICE_KRW)
    for _ in range(3):
        apply_for(session, make_institution(session), offer)
    close(session, round_)
    publish(session, round_)
    return round_.code


def test_a_published_round_gives_equal_bytes(app: Flask, code: str) -> None:
    done = app.test_cli_runner().invoke(args=["rounds", "rerun", code])
    assert done.exit_code == 0, done.output
    assert done.output.splitlines() == [
        "inputs hash: equal",
        "instance.json: equal",
        "plan.json: equal",
    ]


def test_a_difference_is_told_and_fails(
    app: Flask, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_seed = engine.with_seed
    monkeypatch.setattr(reruns.engine, "with_seed", lambda text, _: with_seed(text, "another"))
    done = app.test_cli_runner().invoke(args=["rounds", "rerun", code])
    assert done.exit_code == 1
    assert "inputs hash: equal" in done.output
    assert "plan.json: DIFFERENT" in done.output


def test_a_plan_that_waits_can_be_repeated_too(app: Flask, session: Session) -> None:
    round_, _ = make_open_round(session, make_product(session))
    close(session, round_)
    run(session, round_)
    done = app.test_cli_runner().invoke(args=["rounds", "rerun", round_.code])
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("has_round", [True, False])
def test_what_is_not_there_is_not_repeated(app: Flask, session: Session, has_round: bool) -> None:
    round_, _ = make_open_round(session, make_product(session))
    name = round_.code if has_round else "1999-1"
    done = app.test_cli_runner().invoke(args=["rounds", "rerun", name])
    assert done.exit_code == 1
    assert name in done.output
