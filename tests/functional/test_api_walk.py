"""The walk of docs/api.md, run by bash and curl against the application as it is served."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from tests.support import databases
from tests.support.proposals import make_submitted
from tests.support.server import running_server
from tests.support.walks import fits, is_as_shown, read_steps, run_steps

PAGE = databases.ROOT / "docs" / "api.md"


@pytest.fixture
def database_url(template: str, app: Flask) -> Iterator[str]:
    """A database in which somebody else has proposed something at City Hall.

    That leaves jobs behind, whose names are known once there is an application.
    """
    with databases.copy_of(template) as url:
        engine = create_engine(url)
        with Session(engine) as session:
            make_submitted(session)
        engine.dispose()
        yield url


def test_the_walk_answers_what_the_page_shows(database_url: str, tmp_path: Path) -> None:
    steps = read_steps(PAGE.read_text(encoding="utf-8"))
    assert len(steps) > 10
    with running_server(database_url) as base:
        environment = {**os.environ, "API": f"{base}/api/v1", "LC_ALL": "C.UTF-8"}
        answers = run_steps(steps, tmp_path, environment)
    for step, answer in zip(steps, answers, strict=True):
        assert is_as_shown(step, answer), f"{step.command}\nshown:\n{step.shown}\nfound:\n{answer}"


@pytest.mark.parametrize(
    ("shown", "found", "right"),
    [
        ({"a": 1}, {"a": 1}, True),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ({"a": 1, "…": "…"}, {"a": 1, "b": 2}, True),
        ({"a": "…"}, {"b": 1}, False),
        ([1, "…"], [1, 2, 3], True),
        ([1, "…"], [2], False),
        ([1], [1, 2], False),
        ("ko", "en", False),
    ],
)
def test_only_what_is_left_out_may_differ(shown: object, found: object, right: bool) -> None:
    assert fits(shown, found) is right
