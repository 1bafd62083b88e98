"""Whatever people do with a proposal in whatever order: legal steps only, and nothing is lost."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.backend.proposals.life import HERE, THERE, Life, World
from tests.conftest import Clock

SOME = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@pytest.fixture
def world(
    client: FlaskClient,
    clock: Clock,
    writer: Any,
    friend: Any,
    passer_by: Any,
    reviewer: Any,
    reviewer_elsewhere: Any,
) -> World:
    """Everybody who takes part in a proposal's life."""
    return World(
        client,
        clock,
        {
            "author": writer.headers,
            "neighbour": friend.headers,
            "passer_by": passer_by.headers,
            HERE: reviewer.headers,
            THERE: reviewer_elsewhere.headers,
        },
    )


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
    live(world, examples=80, steps=40)
    assert world.reached == {
        "submitted",
        "supplement_requested",
        "adopted",
        "rejected",
        "withdrawn",
    }
