"""Whatever people do with a proposal in whatever order: legal steps only, and nothing is lost."""

from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from backend.db import db
from tests.backend.proposals.life import HERE, THERE, Life, World
from tests.conftest import Clock
from tests.support.people import CITY_HALL_EMD, PASSWORD, make_reviewer, register

SOME = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@pytest.fixture
def world(committed_app: Flask) -> World:
    """Everybody who takes part in a proposal's life, with real commits.

    Hundreds of lives in one transaction would keep more locks than the database has room for.
    """
    clock = committed_app.config["CLOCK"] = Clock()
    client = committed_app.test_client()
    with committed_app.app_context():
        session = db.session()
        citizens = ("author", "neighbour", "passer_by")
        emails = {who: register(session, residence=CITY_HALL_EMD).email for who in citizens}
        emails |= {office: make_reviewer(session, office).email for office in (HERE, THERE)}
    people = {}
    for who, email in emails.items():
        facts = {"email": email, "password": PASSWORD}
        token = client.post("/api/v1/sessions", json=facts).json["access_token"]
        people[who] = {"Authorization": f"Bearer {token}"}
    return World(client, clock, people)


def live(world: World, examples: int, steps: int) -> None:
    """Play so many lives of so many steps."""
    lives = settings(max_examples=examples, stateful_step_count=steps, **SOME)
    run_state_machine_as_test(lambda: _life(world), settings=lives)


def _life(world: World) -> Life:
    life = Life()
    life.world = world
    return life


def test_a_whole_life_step_by_step(world: World) -> None:
    life = _life(world)
    life.draft(title="밤길 비상벨", handed_in=True)
    steps: tuple[tuple[str, dict[str, Any]], ...] = (
        ("edit", {"title": "밤길의 밝은 비상벨"}),
        ("endorse", {"who": "neighbour", "method": "PUT"}),
        ("follow", {"who": "passer_by", "method": "PUT"}),
        ("comment", {"who": "author"}),
        ("read_the_file", {"office": HERE}),
        ("edit", {"title": "낮은 턱"}),
        ("decide", {"competent": True, "outcome": "supplement_requested"}),
        ("decide", {"competent": True, "outcome": "adopted"}),
        ("edit", {"title": "낮은 턱"}),
        ("submit", {}),
        ("decide", {"competent": True, "outcome": "transferred"}),
        ("decide", {"competent": False, "outcome": "adopted"}),
        ("go_unnamed", {}),
        ("decide", {"competent": True, "outcome": "adopted"}),
        ("decide", {"competent": True, "outcome": "adopted"}),
        ("decide", {"competent": True, "outcome": "rejected"}),
        ("withdraw", {}),
        ("endorse", {"who": "passer_by", "method": "PUT"}),
    )
    for name, facts in steps:
        getattr(life, name)(**facts)
        life.compare()
    assert world.reached == {"submitted", "supplement_requested", "adopted"}
    assert life.model.events == [
        "submitted",
        "edited",
        "review_started",
        "supplement_requested",
        "resubmitted",
        "transferred",
        "adopted",
    ]


def test_no_order_of_steps_breaks_a_proposal(world: World) -> None:
    live(world, examples=8, steps=25)


@pytest.mark.heavy
def test_no_order_of_many_does_either(world: World) -> None:
    live(world, examples=60, steps=40)
