"""A forgotten password is set anew by who reads the mail; the old one opens nothing any more."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from backend.accounts import mail
from backend.accounts.models import Account, PasswordReset
from backend.accounts.new_passwords import forget_old_resets
from backend.accounts.tasks import send_password_reset
from backend.config.mail import mail_server
from backend.db import db
from backend.jobs.worker import run_jobs
from backend.mail import MailNotSent
from tests.conftest import Clock
from tests.support.mailbox import Mailbox, running_mail_server
from tests.support.people import PASSWORD, register

RESETS, COMPLETION = "/api/v1/password-resets", "/api/v1/password-resets/completion"
NEW = "a wholly new one"
SignIn = Callable[..., dict[str, str]]


@pytest.fixture
def mailbox(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """What the installation's mail server took."""
    mailbox = Mailbox()
    with running_mail_server(mailbox) as server:
        url = f"smtp://{server.hostname}:{server.port}"
        monkeypatch.setitem(app.config, "MAIL_SERVER", mail_server(url))
        yield mailbox


@pytest.fixture
def account(session: Session) -> Account:
    """Somebody who has forgotten their password."""
    return register(session)


def ask(client: FlaskClient, email: str) -> Any:
    return client.post(RESETS, json={"email": email})


def complete(client: FlaskClient, token: str, password: str = NEW) -> Any:
    return client.post(COMPLETION, json={"token": token, "password": password})


def enter(client: FlaskClient, account: Account, password: str) -> int:
    body = {"email": account.email, "password": password}
    return client.post("/api/v1/sessions", json=body).status_code


def code_in(mailbox: Mailbox) -> str:
    """Return the code out of the last mail."""
    (code,) = re.findall(r"^    (\S+)\r?$", mailbox.taken[-1][1].get_content(), re.MULTILINE)
    return code


@pytest.fixture
def code(app: Flask, client: FlaskClient, account: Account, mailbox: Mailbox) -> str:
    """The code that was sent."""
    assert ask(client, account.email).status_code == 202
    run_jobs(app)
    return code_in(mailbox)


def test_the_mail_goes_to_the_account_in_both_languages(
    account: Account, mailbox: Mailbox, code: str
) -> None:
    ((envelope, sent),) = mailbox.taken
    assert envelope.rcpt_tos == [account.email]
    assert "비밀번호" in sent["Subject"]
    assert "30분" in sent.get_content()
    assert "30 minutes" in sent.get_content()
    assert len(code) == 43


def test_the_code_sets_a_new_password(client: FlaskClient, account: Account, code: str) -> None:
    assert complete(client, code).status_code == 204
    assert (enter(client, account, PASSWORD), enter(client, account, NEW)) == (401, 201)


def test_every_sign_in_ends(
    client: FlaskClient, account: Account, sign_in: SignIn, code: str
) -> None:
    devices = [sign_in(account.email) for _ in range(2)]
    complete(client, code)
    assert {client.get("/api/v1/me", headers=each).status_code for each in devices} == {401}


def test_a_code_is_good_once(client: FlaskClient, account: Account, code: str) -> None:
    complete(client, code)
    answer = complete(client, code, "yet another one")
    assert (answer.status_code, answer.json["code"]) == (410, "password_reset_over")
    assert enter(client, account, NEW) == 201


def test_a_code_is_good_for_half_an_hour(
    client: FlaskClient, account: Account, code: str, clock: Clock
) -> None:
    clock.move(minutes=30)
    assert complete(client, code).status_code == 410
    assert enter(client, account, PASSWORD) == 201


def test_a_used_code_ends_all_others(
    app: Flask, client: FlaskClient, account: Account, mailbox: Mailbox, code: str
) -> None:
    ask(client, account.email)
    run_jobs(app)
    other = code_in(mailbox)
    assert complete(client, other).status_code == 204
    assert complete(client, code).status_code == 410


@pytest.mark.parametrize("token", ["x", "a" * 43])
def test_an_unknown_code_is_answered_like_one_that_is_over(client: FlaskClient, token: str) -> None:
    answer = complete(client, token)
    assert (answer.status_code, answer.json["code"]) == (410, "password_reset_over")


def test_a_short_password_uses_no_code_up(client: FlaskClient, account: Account, code: str) -> None:
    assert complete(client, code, "short").status_code == 422
    assert complete(client, code).status_code == 204


def test_the_database_holds_no_code(session: Session, code: str) -> None:
    assert code != session.scalars(select(PasswordReset)).one().token_sha256


def test_known_and_unknown_take_the_same_steps(
    app: Flask, client: FlaskClient, account: Account, mailbox: Mailbox
) -> None:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    with app.app_context():
        engine = db.engines[None]
    answers, steps = [], []
    for email in (account.email, "nobody@example.com"):
        statements.clear()
        event.listen(engine, "before_cursor_execute", note)
        answers.append(ask(client, email))
        event.remove(engine, "before_cursor_execute", note)
        steps.append([each for each in statements if "SAVEPOINT" not in each])
    assert {answer.status_code for answer in answers} == {202}
    assert answers[0].data == answers[1].data
    assert steps[0] == steps[1]
    assert len(steps[0]) >= 3
    run_jobs(app)
    assert [envelope.rcpt_tos for envelope, _ in mailbox.taken] == [[account.email]]


def test_a_closed_account_gets_no_mail(
    app: Flask, client: FlaskClient, session: Session, account: Account, mailbox: Mailbox
) -> None:
    account.disabled_at = account.created_at
    session.commit()
    assert ask(client, account.email).status_code == 202
    run_jobs(app)
    assert mailbox.taken == []


def test_a_mail_that_failed_is_sent_again_with_a_code_that_is_good(
    app: Flask, client: FlaskClient, session: Session, account: Account, mailbox: Mailbox
) -> None:
    mailbox.refusal = "451 try again later"
    ask(client, account.email)
    with pytest.raises(MailNotSent):
        run_jobs(app)
    mailbox.refusal = None
    reset = session.scalars(select(PasswordReset)).one()
    with app.app_context():
        send_password_reset(str(reset.id))
    assert complete(client, code_in(mailbox)).status_code == 204


def test_an_address_that_is_refused_for_good_is_not_tried_again(
    app: Flask, client: FlaskClient, account: Account, mailbox: Mailbox
) -> None:
    mailbox.refusal = "550 no such mailbox"
    ask(client, account.email)
    assert run_jobs(app) == 1


def test_without_a_mail_server_the_answer_is_the_same_and_meta_says_so(
    app: Flask, client: FlaskClient, account: Account
) -> None:
    assert ask(client, account.email).status_code == 202
    assert run_jobs(app) == 1
    assert client.get("/api/v1/meta").json["sends_mail"] is False


@pytest.mark.usefixtures("mailbox")
def test_with_a_mail_server_meta_says_so(client: FlaskClient) -> None:
    assert client.get("/api/v1/meta").json["sends_mail"] is True


def test_a_page_takes_the_code_where_no_server_reads_it(
    app: Flask, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "PASSWORD_RESET_PAGE", "https://dongne.example/new-password")
    mail.send_reset_code(app.config, to="min@example.com", code="c0de")
    assert code_in(mailbox) == "https://dongne.example/new-password#c0de"


def test_old_requests_are_forgotten(
    client: FlaskClient, session: Session, account: Account, clock: Clock
) -> None:
    ask(client, account.email)
    ask(client, "nobody@example.com")
    clock.move(days=1)
    ask(client, account.email)
    clock.move(seconds=1)
    assert forget_old_resets(session, now=clock()) == 2


def change(client: FlaskClient, headers: dict[str, str], current: str) -> Any:
    body = {"current_password": current, "new_password": NEW}
    return client.put("/api/v1/me/password", json=body, headers=headers)


def test_whoever_knows_the_password_changes_it_and_stays_in(
    client: FlaskClient, account: Account, sign_in: SignIn
) -> None:
    here, elsewhere = sign_in(account.email), sign_in(account.email)
    assert change(client, here, PASSWORD).status_code == 204
    assert client.get("/api/v1/me", headers=here).status_code == 200
    assert client.get("/api/v1/me", headers=elsewhere).status_code == 401
    assert (enter(client, account, PASSWORD), enter(client, account, NEW)) == (401, 201)


def test_who_does_not_know_it_changes_nothing(
    client: FlaskClient, account: Account, sign_in: SignIn
) -> None:
    here, elsewhere = sign_in(account.email), sign_in(account.email)
    answer = change(client, here, "wrong password")
    assert (answer.status_code, answer.json["code"]) == (422, "password_wrong")
    assert client.get("/api/v1/me", headers=elsewhere).status_code == 200
    assert enter(client, account, PASSWORD) == 201


def test_a_change_ends_codes_that_were_sent(
    client: FlaskClient, account: Account, sign_in: SignIn, code: str
) -> None:
    change(client, sign_in(account.email), PASSWORD)
    assert complete(client, code).status_code == 410
