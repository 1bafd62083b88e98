"""Another address: its reader confirms it, the present one is warned, others stay unknown."""

import re
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.accounts.models import Account, SignIn
from backend.config.mail import mail_server
from backend.jobs.worker import run_jobs
from backend.notifications.addresses.models import EmailChange
from backend.notifications.addresses.tasks import forget_old_changes
from tests.conftest import Clock
from tests.support.mailbox import Mailbox, running_mail_server
from tests.support.people import BEFORE, PASSWORD, register

API = "/api/v1"
URL = f"{API}/me/email-change"
Headers = dict[str, str]


@pytest.fixture
def mailbox(app: Flask) -> Iterator[Mailbox]:
    """A mail server that the application sends by."""
    mailbox = Mailbox()
    before = app.config["MAIL_SERVER"]
    with running_mail_server(mailbox) as server:
        app.config["MAIL_SERVER"] = mail_server(f"smtp://127.0.0.1:{server.port}")
        yield mailbox
    app.config["MAIL_SERVER"] = before


@pytest.fixture
def mover(session: Session) -> Account:
    """Somebody who changes their address."""
    return register(session, email="old@example.com")


@pytest.fixture
def headers(mover: Account, sign_in: Any) -> Headers:
    """That person's headers."""
    return sign_in(mover.email)


def ask(client: FlaskClient, headers: Headers, email: str = "New@example.com", **facts: str) -> Any:
    """Ask for an address, and let the letters be sent."""
    body = {"email": email, "password": PASSWORD, **facts}
    answer = client.post(URL, json=body, headers=headers)
    run_jobs(client.application)
    return answer


def letters(mailbox: Mailbox) -> dict[str, EmailMessage]:
    """Return the last letter to each address."""
    return {str(message["To"]): message for _, message in mailbox.taken}


def link_of(mailbox: Mailbox, email: str = "new@example.com") -> str:
    found = re.search(r"(/api/v1/email-changes/\S+)", letters(mailbox)[email].get_content())
    assert found
    return found[1]


def test_the_reader_of_the_new_address_takes_it_over(
    client: FlaskClient, headers: Headers, mailbox: Mailbox
) -> None:
    asked = ask(client, headers)
    assert (asked.status_code, asked.json["email"]) == (202, "new@example.com")
    link = link_of(mailbox)
    assert b"<button" in client.get(link).data
    assert client.get(f"{API}/me", headers=headers).json["email"] == "old@example.com"
    assert client.post(link).status_code == 200
    assert client.get(f"{API}/me", headers=headers).json["email"] == "new@example.com"
    confirmation = client.get(f"{API}/me/email-confirmation", headers=headers).json
    assert confirmation["confirmed_at"] is not None
    assert client.get(URL, headers=headers).status_code == 404
    assert client.post(link).json["code"] == "link_unknown"


def test_the_present_address_is_warned_and_gets_no_link(
    client: FlaskClient, headers: Headers, mailbox: Mailbox
) -> None:
    ask(client, headers)
    warning = letters(mailbox)["old@example.com"].get_content()
    assert "email-changes" not in warning
    assert "new@example.com" not in warning
    assert "비밀번호" in warning


def test_a_found_phone_takes_no_account_over(
    client: FlaskClient, session: Session, headers: Headers, mailbox: Mailbox
) -> None:
    wrong = ask(client, headers, password="something else")
    assert (wrong.status_code, wrong.json["code"]) == (422, "password_wrong")
    session.execute(update(SignIn).values(started_at=BEFORE))
    session.commit()
    stale = client.post(URL, json={"email": "new@example.com"}, headers=headers)
    assert (stale.status_code, stale.json["code"]) == (403, "fresh_sign_in_needed")
    assert mailbox.taken == []


def test_nobody_learns_who_has_an_account(
    client: FlaskClient, session: Session, headers: Headers, mailbox: Mailbox
) -> None:
    register(session, email="taken@example.com")
    assert ask(client, headers, "taken@example.com").status_code == 202
    assert mailbox.taken == []


def test_who_came_first_keeps_the_address(
    client: FlaskClient, session: Session, headers: Headers, mailbox: Mailbox
) -> None:
    ask(client, headers)
    register(session, email="new@example.com")
    refused = client.post(link_of(mailbox))
    assert (refused.status_code, refused.json["code"]) == (409, "email_taken")
    assert client.get(f"{API}/me", headers=headers).json["email"] == "old@example.com"


def test_only_the_address_that_was_asked_for_last_is_taken(
    client: FlaskClient, headers: Headers, mailbox: Mailbox
) -> None:
    ask(client, headers)
    ask(client, headers, "other@example.com")
    assert client.post(link_of(mailbox)).json["code"] == "link_unknown"
    assert client.post(link_of(mailbox, "other@example.com")).status_code == 200


def test_an_old_link_is_no_good_and_its_address_is_forgotten(
    app: Flask,
    client: FlaskClient,
    session: Session,
    headers: Headers,
    mailbox: Mailbox,
    mover: Account,
    clock: Clock,
) -> None:
    ask(client, headers)
    link = link_of(mailbox)
    clock.move(days=3)
    assert client.post(link).json["code"] == "link_expired"
    with app.app_context():
        forget_old_changes()
    assert session.get(EmailChange, mover.id) is None


def test_a_link_to_confirm_an_address_changes_none(
    client: FlaskClient, headers: Headers, mailbox: Mailbox
) -> None:
    client.post(f"{API}/me/email-confirmation", headers=headers)
    run_jobs(client.application)
    text = letters(mailbox)["old@example.com"].get_content()
    token = re.findall(r"email-confirmations/(\S+)", text)[0]
    assert client.post(f"{API}/email-changes/{token}").json["code"] == "link_unknown"


def test_who_opens_a_bad_link_in_a_browser_reads_a_page(client: FlaskClient) -> None:
    page = client.get(f"{API}/email-changes/nonsense", headers={"Accept": "text/html"})
    assert (page.status_code, page.mimetype) == (404, "text/html")


def test_without_a_mail_server_nothing_is_changed(client: FlaskClient, headers: Headers) -> None:
    answer = ask(client, headers)
    assert (answer.status_code, answer.json["code"]) == (503, "mail_off")
