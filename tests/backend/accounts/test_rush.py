"""Many at once: nobody is signed out, nothing is there twice, and what is good once is."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any
from uuid import uuid4

import pyotp
from flask import Flask
from sqlalchemy import func, select

from backend.accounts.models import PasswordReset, RefreshToken, SignIn
from backend.accounts.new_passwords import issue_code
from backend.db import db, new_id, unit_of_work
from tests.support.people import PASSWORD, register

AT_ONCE = 8
API = "/api/v1"
SESSIONS = f"{API}/sessions"


def together(app: Flask, path: str, body: dict[str, Any]) -> list[Any]:
    """Post the same from as many threads as stand at the barrier."""
    barrier = Barrier(AT_ONCE)

    def post(_: int) -> Any:
        barrier.wait()
        return app.test_client().post(f"{API}{path}", json=body)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(post, range(AT_ONCE)))


def count(app: Flask, table: type, *where: Any) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table).where(*where))


def test_parallel_renewals_of_one_phone_get_one_and_the_same_token(committed_app: Flask) -> None:
    with committed_app.app_context():
        email = register(db.session()).email
    phone = {"device_id": str(uuid4())}
    client = committed_app.test_client()
    pair = client.post(SESSIONS, json={"email": email, "password": PASSWORD, **phone}).json
    body = {"refresh_token": pair["refresh_token"], **phone}
    answers = together(committed_app, "/sessions/renewal", body)
    assert {answer.status_code for answer in answers} == {201}
    (token,) = {answer.json["refresh_token"] for answer in answers}
    assert count(committed_app, RefreshToken) == 2
    answer = client.post(f"{SESSIONS}/renewal", json={"refresh_token": token, **phone})
    assert answer.status_code == 201


def test_parallel_sign_ins_of_one_phone_leave_one(committed_app: Flask) -> None:
    with committed_app.app_context():
        email = register(db.session()).email
    body = {"email": email, "password": PASSWORD, "device_id": str(uuid4())}
    answers = together(committed_app, "/sessions", body)
    assert {answer.status_code for answer in answers} == {201}
    assert count(committed_app, SignIn) == 1
    assert count(committed_app, SignIn, SignIn.ended_at.is_(None)) == 1
    for answer in answers:
        bearer = {"Authorization": f"Bearer {answer.json['access_token']}"}
        assert committed_app.test_client().get(f"{API}/me", headers=bearer).status_code == 200


def test_one_code_of_an_authenticator_lets_one_in(committed_app: Flask) -> None:
    with committed_app.app_context():
        email = register(db.session()).email
    client, shown = committed_app.test_client(), {"password": PASSWORD}
    pair = client.post(SESSIONS, json={"email": email, **shown}).json
    headers = {"Authorization": f"Bearer {pair['access_token']}"}
    secret = client.post(f"{API}/me/totp", json=shown, headers=headers).json["secret"]
    now = int(committed_app.config["CLOCK"]().timestamp())
    committed_app.config["CLOCK"] = lambda: datetime.fromtimestamp(now, UTC)
    totp = pyotp.TOTP(secret)
    code = {"code": totp.at(now)}
    answer = client.post(f"{API}/me/totp/confirmation", json=code, headers=headers)
    assert answer.status_code == 201
    challenge = client.post(SESSIONS, json={"email": email, **shown}).json["challenge"]
    body = {"challenge": challenge, "code": totp.at(now + 30)}
    answers = together(committed_app, "/sessions/second-factor", body)
    assert [answer.status_code for answer in answers].count(201) == 1


def test_one_code_out_of_a_mail_sets_one_password(committed_app: Flask) -> None:
    now = committed_app.config["CLOCK"]()
    with committed_app.app_context(), unit_of_work() as session:
        reset = PasswordReset(id=new_id(), account_id=register(session).id, asked_at=now)
        session.add(reset)
        session.flush()
        issued = issue_code(session, reset_id=reset.id, now=now)
        assert issued is not None
    body = {"token": issued[1], "password": "a wholly new one"}
    answers = together(committed_app, "/password-resets/completion", body)
    assert sorted(answer.status_code for answer in answers) == [204] + [410] * (AT_ONCE - 1)
