"""The page of a letter to a guardian: what is asked, two buttons, and the end of it."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.accounts.guardians.letters import EXTENSION, connect_carrier
from backend.jobs.worker import run_jobs
from tests.conftest import Clock
from tests.support.people import CITY_HALL_EMD, register


@pytest.fixture
def page(app: Flask, client: FlaskClient, session: Session, sign_in: Any) -> Iterator[str]:
    """The address that a guardian was sent, as the letter has it, without its host."""
    sent: list[str] = []
    connect_carrier(app, lambda **letter: sent.append(letter["text"]))
    child = register(
        session,
        display_name="<b>어린이</b>",
        residence=CITY_HALL_EMD,
        guardian_needed_until=date(2027, 7, 1),
    )
    headers = sign_in(child.email)
    body = {"contact": "parent@example.com"}
    assert (
        client.post("/api/v1/me/guardian-consents", json=body, headers=headers).status_code == 201
    )
    run_jobs(app)
    (address,) = re.findall(r"https://dongne\.localhost(\S+)", sent[0])
    yield address
    del app.extensions[EXTENSION]


def test_the_letter_leads_to_a_page_that_asks(client: FlaskClient, page: str) -> None:
    shown = client.get(page)
    assert shown.status_code == 200
    assert "&lt;b&gt;어린이&lt;/b&gt;" in shown.text
    assert shown.text.count('name="answer"') == 2


def test_its_address_is_neither_kept_nor_passed_on(client: FlaskClient, page: str) -> None:
    headers = client.get(page).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("answer", "told"), [("agree", "동의하셨습니다"), ("refuse", "않으셨습니다")]
)
def test_a_button_answers(client: FlaskClient, page: str, answer: str, told: str) -> None:
    assert told in client.post(page, data={"answer": answer}).text
    assert client.get(page).status_code == 410, "once"


def test_opening_the_page_answers_nothing(client: FlaskClient, page: str) -> None:
    client.get(page)
    assert client.post(page, data={"answer": "maybe"}).text.count('name="answer"') == 2


def test_a_link_that_is_too_old_says_so(client: FlaskClient, page: str, clock: Clock) -> None:
    clock.move(hours=49)
    shown = client.get(page, headers={"Accept-Language": "en"})
    assert shown.status_code == 410
    assert "expired" in shown.text
    assert 'name="answer"' not in shown.text


def test_a_link_that_nobody_sent_leads_to_a_page_too(client: FlaskClient) -> None:
    shown = client.get("/guardian-consents/guessed")
    assert (shown.status_code, shown.mimetype) == (404, "text/html")
