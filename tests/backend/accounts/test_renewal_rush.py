"""Many renewals at once, and sign-ins: nobody is signed out, and nothing is there twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

from flask import Flask
from sqlalchemy import func, select

from backend.accounts.models import RefreshToken, SignIn
from backend.db import db
from tests.support.people import PASSWORD, register

AT_ONCE = 8
SESSIONS = "/api/v1/sessions"


def together(app: Flask, path: str, body: dict[str, Any]) -> list[Any]:
    """Post the same from as many threads as stand at the barrier."""
    barrier = Barrier(AT_ONCE)

    def post(_: int) -> Any:
        barrier.wait()
        return app.test_client().post(f"{SESSIONS}{path}", json=body)

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
    answers = together(committed_app, "/renewal", body)
    assert {answer.status_code for answer in answers} == {201}
    (token,) = {answer.json["refresh_token"] for answer in answers}
    assert count(committed_app, RefreshToken) == 2
    answer = client.post(f"{SESSIONS}/renewal", json={"refresh_token": token, **phone})
    assert answer.status_code == 201


def test_parallel_sign_ins_of_one_phone_leave_one(committed_app: Flask) -> None:
    with committed_app.app_context():
        email = register(db.session()).email
    body = {"email": email, "password": PASSWORD, "device_id": str(uuid4())}
    answers = together(committed_app, "", body)
    assert {answer.status_code for answer in answers} == {201}
    assert count(committed_app, SignIn) == AT_ONCE
    assert count(committed_app, SignIn, SignIn.ended_at.is_(None)) == 1
