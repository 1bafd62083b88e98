"""Letters: to confirmed addresses, through a real mail server, stopped by their own link."""

import re
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.config.mail import mail_server
from backend.jobs.worker import run_jobs
from backend.notifications.deliveries import claims
from backend.notifications.deliveries.tasks import deliver, gather_digests, send_digest
from backend.notifications.groups import Group
from backend.notifications.letters.tokens import sign_confirmation, sign_unsubscription
from backend.notifications.service import mark_read, notify
from tests.conftest import NOW, Clock
from tests.support.mailbox import Mailbox, running_mail_server
from tests.support.notices import TITLE, confirm_address, deliveries, tell
from tests.support.people import register

PREFERENCES = "/api/v1/me/notification-preferences"
CONFIRMATION = "/api/v1/me/email-confirmation"


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
def reader(session: Session) -> Account:
    return register(session, email="reader@example.com")


@pytest.fixture
def confirmed(session: Session, reader: Account) -> Account:
    confirm_address(session, reader)
    return reader


def letters(mailbox: Mailbox) -> list[EmailMessage]:
    return [message for _, message in mailbox.taken]


def link_in(text: str, kind: str) -> str:
    """Return the path of a link of a letter."""
    found = re.search(rf"https://dongne\.localhost(/api/v1/{kind}/\S+)", text)
    assert found, text
    return found[1]


def run_digests(app: Flask, account: Account) -> None:
    with app.app_context():
        gather_digests()
    run_jobs(app)


def test_a_letter_says_what_happened_and_where_to_read_on(
    client: FlaskClient, session: Session, confirmed: Account, mailbox: Mailbox
) -> None:
    notice = tell(session, confirmed)
    run_jobs(client.application)
    (letter,) = letters(mailbox)
    text = letter.get_content()
    assert letter["To"] == "reader@example.com"
    assert letter["Subject"] == "[우리동네 혁신제품] 내 제안에 새 소식이 있습니다"
    assert f"제안 ‘{TITLE}’을 원주시에 접수했습니다." in text
    assert f"https://dongne.localhost/#proposal/{notice.subject_id}" in text
    assert [row.state for row in deliveries(session)] == ["sent"]


def test_a_letter_speaks_the_language_that_was_chosen(
    client: FlaskClient, session: Session, confirmed: Account, mailbox: Mailbox, sign_in: Any
) -> None:
    headers = sign_in(confirmed.email)
    read = client.get(PREFERENCES, headers=headers)
    tag = {"If-Match": read.headers["ETag"]}
    client.put(PREFERENCES, json=read.json | {"language": "en"}, headers=headers | tag)
    tell(session, confirmed)
    run_jobs(client.application)
    (letter,) = letters(mailbox)
    assert letter["Subject"] == "[Dongne] News of your proposal"
    assert "was received by Wonju" in letter.get_content()


def test_nothing_goes_to_an_address_that_nobody_confirmed(
    client: FlaskClient, session: Session, reader: Account, mailbox: Mailbox
) -> None:
    tell(session, reader)
    run_jobs(client.application)
    assert letters(mailbox) == []


def test_an_address_is_confirmed_by_the_link_that_was_sent_to_it(
    client: FlaskClient, session: Session, reader: Account, mailbox: Mailbox, sign_in: Any
) -> None:
    headers = sign_in(reader.email)
    assert client.get(CONFIRMATION, headers=headers).status_code == 404
    asked = client.post(CONFIRMATION, headers=headers)
    assert (asked.status_code, asked.json["confirmed_at"]) == (202, None)
    run_jobs(client.application)
    link = link_in(letters(mailbox)[0].get_content(), "email-confirmations")
    assert b"<button" in client.get(link).data
    assert client.get(CONFIRMATION, headers=headers).json["confirmed_at"] is None
    for _ in range(2):
        assert client.post(link).status_code == 200
    assert client.get(CONFIRMATION, headers=headers).json["confirmed_at"] is not None
    tell(session, reader)
    run_jobs(client.application)
    assert len(letters(mailbox)) == 2


def test_asking_twice_at_once_sends_one_letter(
    client: FlaskClient, reader: Account, mailbox: Mailbox, sign_in: Any, clock: Clock
) -> None:
    headers = sign_in(reader.email)
    for _ in range(3):
        client.post(CONFIRMATION, headers=headers)
        run_jobs(client.application)
    assert len(letters(mailbox)) == 1
    clock.move(minutes=2)
    client.post(CONFIRMATION, headers=headers)
    run_jobs(client.application)
    assert len(letters(mailbox)) == 2


def test_without_a_mail_server_nobody_can_confirm(
    client: FlaskClient, reader: Account, sign_in: Any
) -> None:
    answer = client.post(CONFIRMATION, headers=sign_in(reader.email))
    assert (answer.status_code, answer.json["code"]) == (503, "mail_off")


def test_a_link_is_refused_when_it_is_old_forged_or_of_a_former_address(
    client: FlaskClient, session: Session, confirmed: Account
) -> None:
    secret = client.application.config["SECRET_KEY"]
    old = sign_confirmation(confirmed.id, confirmed.email, secret=secret, now=NOW - timedelta(4))
    forged = sign_confirmation(confirmed.id, confirmed.email, secret="x" * 32, now=NOW)
    former = sign_confirmation(confirmed.id, "old@example.com", secret=secret, now=NOW)
    other = sign_unsubscription(confirmed.id, [Group.FOLLOWED], secret=secret)
    codes = [
        client.post(f"/api/v1/email-confirmations/{token}").json["code"]
        for token in (old, forged, former, other, "nonsense")
    ]
    assert codes == ["link_expired"] + ["link_unknown"] * 4


def test_a_letter_is_no_key_to_the_account(client: FlaskClient, confirmed: Account) -> None:
    secret = client.application.config["SECRET_KEY"]
    token = sign_confirmation(confirmed.id, confirmed.email, secret=secret, now=NOW)
    answer = client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


def test_one_click_stops_letters_of_a_group_and_no_other(
    client: FlaskClient, session: Session, confirmed: Account, mailbox: Mailbox, sign_in: Any
) -> None:
    tell(session, confirmed)
    run_jobs(client.application)
    letter = letters(mailbox)[0]
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = link_in(letter["List-Unsubscribe"].strip("<>"), "unsubscriptions")
    assert link == link_in(letter.get_content(), "unsubscriptions")
    assert b"<button" in client.get(link).data
    body = {"List-Unsubscribe": "One-Click"}
    for _ in range(2):
        assert client.post(link, data=body).status_code == 200
    groups = client.get(PREFERENCES, headers=sign_in(confirmed.email)).json["groups"]
    assert groups["my_proposals"] == {"push": True, "email": "off"}
    assert groups["office"]["email"] == "immediate"
    tell(session, confirmed)
    run_jobs(client.application)
    assert len(letters(mailbox)) == 1


def test_opening_the_link_stops_nothing(
    client: FlaskClient, confirmed: Account, sign_in: Any
) -> None:
    secret = client.application.config["SECRET_KEY"]
    token = sign_unsubscription(confirmed.id, [Group.FOLLOWED], secret=secret)
    page = client.get(f"/api/v1/unsubscriptions/{token}", headers={"Accept-Language": "en"})
    assert b"Stop these letters" in page.data
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    groups = client.get(PREFERENCES, headers=sign_in(confirmed.email)).json["groups"]
    assert groups["followed"]["email"] == "digest"


def test_a_letter_that_only_the_reader_can_act_on_cannot_be_stopped(
    client: FlaskClient, session: Session, confirmed: Account, mailbox: Mailbox
) -> None:
    tell_unclear(session, confirmed)
    run_jobs(client.application)
    (letter,) = letters(mailbox)
    assert letter["List-Unsubscribe"] is None
    assert "unsubscriptions" not in letter.get_content()


def test_an_address_that_is_refused_for_good_is_not_tried_again(
    client: FlaskClient, session: Session, confirmed: Account, mailbox: Mailbox
) -> None:
    mailbox.refusal = "550 no such user"
    tell(session, confirmed)
    run_jobs(client.application)
    found = [(row.state, row.last_error) for row in deliveries(session)]
    assert found == [("failed", "mail_refused")]


def test_a_server_that_is_busy_is_asked_again_with_the_same_letter(
    client: FlaskClient, session: Session, confirmed: Account, mailbox: Mailbox, clock: Clock
) -> None:
    mailbox.refusal = "451 try again later"
    tell(session, confirmed)
    (delivery,) = deliveries(session)
    send(client.application, delivery.id)
    assert [(row.state, row.attempts) for row in deliveries(session)] == [("pending", 1)]
    mailbox.refusal = None
    clock.move(minutes=1)
    send(client.application, delivery.id)
    (letter,) = letters(mailbox)
    assert letter["Message-ID"] == f"<{delivery.id}@dongne.localhost>"


def test_a_digest_gathers_what_was_not_read(
    client: FlaskClient, session: Session, confirmed: Account, mailbox: Mailbox, clock: Clock
) -> None:
    told = [tell(session, confirmed, "endorsed_proposal_adopted") for _ in range(3)]
    mark_read(session, recipient_id=confirmed.id, notice_id=told[0].id, now=NOW)
    session.commit()
    run_digests(client.application, confirmed)
    assert letters(mailbox) == []
    clock.move(days=1)
    for _ in range(2):
        run_digests(client.application, confirmed)
    (letter,) = letters(mailbox)
    assert letter["Subject"] == "[우리동네 혁신제품] 읽지 않은 소식 2건"
    text = letter.get_content()
    assert [str(notice.subject_id) in text for notice in told] == [False, True, True]
    assert [row.state for row in deliveries(session)] == ["skipped", "sent", "sent"]


def test_who_read_everything_gets_no_digest(
    client: FlaskClient, session: Session, confirmed: Account, mailbox: Mailbox, clock: Clock
) -> None:
    notice = tell(session, confirmed, "endorsed_proposal_adopted")
    mark_read(session, recipient_id=confirmed.id, notice_id=notice.id, now=NOW)
    session.commit()
    clock.move(days=1)
    run_digests(client.application, confirmed)
    assert letters(mailbox) == []


def test_a_digest_that_was_not_taken_comes_later(
    client: FlaskClient, session: Session, confirmed: Account, mailbox: Mailbox, clock: Clock
) -> None:
    tell(session, confirmed, "endorsed_proposal_adopted")
    clock.move(days=1)
    mailbox.refusal = "451 try again later"
    run_digests(client.application, confirmed)
    mailbox.refusal = None
    run_digests(client.application, confirmed)
    assert letters(mailbox) == []
    clock.move(minutes=1)
    run_digests(client.application, confirmed)
    assert len(letters(mailbox)) == 1


def test_a_killed_workers_digest_goes_out_as_the_same_letter(
    client: FlaskClient, session: Session, confirmed: Account, mailbox: Mailbox, clock: Clock
) -> None:
    tell(session, confirmed, "endorsed_proposal_adopted")
    (delivery,) = deliveries(session)
    clock.move(days=1)
    claims.hold(delivery, clock())
    session.commit()
    run_digests(client.application, confirmed)
    assert letters(mailbox) == []
    clock.move(seconds=31)
    with client.application.app_context():
        send_digest.func(str(confirmed.id))  # type: ignore[attr-defined]
    assert letters(mailbox)[0]["Message-ID"] == f"<{delivery.id}@dongne.localhost>"


def send(app: Flask, delivery_id: Any) -> None:
    with app.app_context():
        deliver.func(str(delivery_id))  # type: ignore[attr-defined]


def tell_unclear(session: Session, account: Account) -> None:
    notify(
        session,
        recipient_id=account.id,
        kind="residence_unclear",
        subject_type="residence",
        subject_id=account.id,
        params={"codes": "28110147"},
        now=NOW,
    )
    session.commit()


def test_a_browser_is_told_on_a_page_that_a_link_is_not_ours(client: FlaskClient) -> None:
    path = "/api/v1/unsubscriptions/guessed"
    page = client.get(path, headers={"Accept": "text/html,*/*;q=0.8", "Accept-Language": "en"})
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert "not one of ours" in page.text
    assert client.get(path).mimetype == "application/problem+json"
