"""A second factor: set up, asked for, used once, guessed at, lost."""

from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.accounts.second_factor.models import RecoveryCode, SecondFactor
from backend.accounts.second_factor.sealing import SealBroken, unseal
from backend.audit.models import AuditEvent
from tests.conftest import Clock
from tests.support.headers import AS_IT_IS
from tests.support.people import PASSWORD, make_officer, register

SESSIONS, TOTP = "/api/v1/sessions", "/api/v1/me/totp"
SignIn = Callable[..., dict[str, str]]


class Authenticator:
    """An authenticator on somebody's phone."""

    def __init__(self, secret: str, clock: Clock) -> None:
        self._totp, self._clock = pyotp.TOTP(secret), clock

    def code(self, steps: int = 0) -> str:
        """Return the code of now, or of some steps of half a minute from now."""
        return self._totp.at(int(self._clock().timestamp()) + 30 * steps)

    def wrong(self) -> str:
        """Return a code that is not one of now."""
        near = {self.code(steps) for steps in (-1, 0, 1)}
        return next(code for code in ("000000", "111111", "222222", "333333") if code not in near)


@pytest.fixture
def account(session: Session) -> Account:
    """An officer who has no second factor yet."""
    return make_officer(session)


@pytest.fixture
def headers(account: Account, sign_in: SignIn) -> dict[str, str]:
    """The headers of the officer, signed in by password alone."""
    return sign_in(account.email)


def enrol(client: FlaskClient, headers: dict[str, str]) -> Any:
    return client.post(TOTP, json={"password": PASSWORD}, headers=headers)


def confirm(client: FlaskClient, headers: dict[str, str], code: str) -> Any:
    return client.post(f"{TOTP}/confirmation", json={"code": code}, headers=headers)


@pytest.fixture
def phone(client: FlaskClient, headers: dict[str, str], clock: Clock) -> Authenticator:
    """The authenticator of an officer who has enrolled and not confirmed."""
    return Authenticator(enrol(client, headers).json["secret"], clock)


@pytest.fixture
def recovery(client: FlaskClient, headers: dict[str, str], phone: Authenticator) -> list[str]:
    """The recovery codes of an officer whose second factor is on; the code of now is used."""
    answer = confirm(client, headers, phone.code())
    assert answer.status_code == 201, answer.text
    return answer.json["recovery_codes"]


def enter(client: FlaskClient, account: Account, password: str = PASSWORD) -> Any:
    return client.post(SESSIONS, json={"email": account.email, "password": password})


def go_on(client: FlaskClient, challenge: str, code: str) -> Any:
    body = {"challenge": challenge, "code": code, "device_name": "노트북"}
    return client.post(f"{SESSIONS}/second-factor", json=body)


def challenge_of(client: FlaskClient, account: Account) -> str:
    return enter(client, account).json["challenge"]


def state(client: FlaskClient, headers: dict[str, str]) -> tuple[str, int]:
    answer = client.get(TOTP, headers=headers).json
    return answer["state"], answer["recovery_codes_left"]


def test_an_authenticator_is_told_whose_secret_it_is(
    client: FlaskClient, account: Account, headers: dict[str, str]
) -> None:
    enrolment = enrol(client, headers)
    assert enrolment.status_code == 201
    uri = pyotp.parse_uri(enrolment.json["otpauth_uri"])
    assert (uri.name, uri.issuer, uri.secret) == (
        account.email,
        "Dongne",
        enrolment.json["secret"],
    )
    assert len(pyotp.TOTP(uri.secret).byte_secret()) == 20


def test_whoever_enrols_shows_the_password(client: FlaskClient, headers: dict[str, str]) -> None:
    answer = client.post(TOTP, json={"password": "wrong password"}, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (422, "password_wrong")
    assert state(client, headers) == ("off", 0)


def test_nobody_is_asked_before_it_is_confirmed(
    client: FlaskClient, account: Account, headers: dict[str, str], phone: Authenticator
) -> None:
    assert state(client, headers) == ("pending", 0)
    assert enter(client, account).status_code == 201


def test_a_wrong_code_confirms_nothing(
    client: FlaskClient, headers: dict[str, str], phone: Authenticator
) -> None:
    answer = confirm(client, headers, phone.wrong())
    assert (answer.status_code, answer.json["code"]) == (422, "code_invalid")
    assert state(client, headers) == ("pending", 0)


def test_ten_recovery_codes_come_with_it(
    client: FlaskClient, headers: dict[str, str], recovery: list[str]
) -> None:
    assert len(set(recovery)) == 10
    assert {len(code) for code in recovery} == {19}
    assert state(client, headers) == ("on", 10)


def test_the_secret_is_not_to_be_had_again(
    client: FlaskClient, headers: dict[str, str], recovery: list[str]
) -> None:
    assert enrol(client, headers).json["code"] == "second_factor_on"
    assert set(client.get(TOTP, headers=headers).json) == {
        "state",
        "confirmed_at",
        "recovery_codes_left",
    }


def test_the_password_alone_opens_nothing_any_more(
    client: FlaskClient, account: Account, recovery: list[str]
) -> None:
    answer = enter(client, account)
    assert (answer.status_code, answer.json["code"]) == (401, "second_factor_required")
    assert "access_token" not in answer.json
    bearer = {"Authorization": f"Bearer {answer.json['challenge']}"}
    assert client.get("/api/v1/me", headers=bearer).json["code"] == "token_invalid"


def test_a_wrong_password_does_not_tell_that_there_is_a_second_factor(
    client: FlaskClient, account: Account, recovery: list[str]
) -> None:
    assert enter(client, account, "wrong password").json["code"] == "credentials_invalid"


def test_password_and_code_open_a_sign_in(
    client: FlaskClient, account: Account, phone: Authenticator, recovery: list[str], clock: Clock
) -> None:
    clock.move(seconds=30)
    answer = go_on(client, challenge_of(client, account), phone.code())
    assert answer.status_code == 201
    bearer = {"Authorization": f"Bearer {answer.json['access_token']}"}
    items = client.get("/api/v1/me/devices", headers=bearer).json["items"]
    assert [item["name"] for item in items if item["is_current"]] == ["노트북"]


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_phone_may_be_half_a_minute_off(
    client: FlaskClient,
    account: Account,
    phone: Authenticator,
    recovery: list[str],
    clock: Clock,
    steps: int,
) -> None:
    clock.move(minutes=5)
    assert go_on(client, challenge_of(client, account), phone.code(steps)).status_code == 201


@pytest.mark.parametrize("steps", [-2, 2])
def test_a_phone_may_not_be_a_minute_off(
    client: FlaskClient,
    account: Account,
    phone: Authenticator,
    recovery: list[str],
    clock: Clock,
    steps: int,
) -> None:
    clock.move(minutes=5)
    answer = go_on(client, challenge_of(client, account), phone.code(steps))
    assert answer.json["code"] == "code_invalid"


def test_a_code_is_used_once(
    client: FlaskClient, account: Account, phone: Authenticator, recovery: list[str], clock: Clock
) -> None:
    code = phone.code()
    assert go_on(client, challenge_of(client, account), code).json["code"] == "code_invalid"
    clock.move(seconds=30)
    challenge, code = challenge_of(client, account), phone.code()
    assert go_on(client, challenge, code).status_code == 201
    assert go_on(client, challenge, code).status_code == 422
    assert go_on(client, challenge, phone.code(-1)).status_code == 422


def test_a_recovery_code_stands_in_once(
    client: FlaskClient, account: Account, headers: dict[str, str], recovery: list[str]
) -> None:
    typed = recovery[3].lower().replace("-", " ")
    assert go_on(client, challenge_of(client, account), typed).status_code == 201
    assert go_on(client, challenge_of(client, account), typed).status_code == 422
    assert state(client, headers) == ("on", 9)


def test_somebody_elses_codes_are_good_for_nothing(
    client: FlaskClient, session: Session, sign_in: SignIn, clock: Clock, recovery: list[str],
    account: Account,
) -> None:  # fmt: skip
    other = register(session)
    theirs = sign_in(other.email)
    authenticator = Authenticator(enrol(client, theirs).json["secret"], clock)
    codes = confirm(client, theirs, authenticator.code()).json["recovery_codes"]
    clock.move(seconds=30)
    for code in (codes[0], authenticator.code()):
        assert go_on(client, challenge_of(client, account), code).status_code == 422


def test_five_wrong_codes_are_enough(
    client: FlaskClient,
    session: Session,
    account: Account,
    phone: Authenticator,
    recovery: list[str],
    clock: Clock,
) -> None:
    clock.move(minutes=1)
    for _ in range(5):
        # Each with a challenge of its own: what counts is the account.
        answer = go_on(client, challenge_of(client, account), phone.wrong())
        assert answer.status_code == 422
    blocked = go_on(client, challenge_of(client, account), phone.code())
    assert (blocked.status_code, blocked.json["code"]) == (429, "too_many_codes")
    assert blocked.headers["Retry-After"] == "900"
    clock.move(minutes=15)
    assert go_on(client, challenge_of(client, account), phone.code()).status_code == 201
    events = session.scalars(
        select(AuditEvent.action).where(AuditEvent.subject_id == str(account.id))
    )
    assert list(events).count("account.second_factor_blocked") == 1


def test_if_match_takes_no_count_of_a_wrong_code_back(
    client: FlaskClient, headers: dict[str, str], phone: Authenticator, recovery: list[str],
    clock: Clock,
) -> None:  # fmt: skip
    clock.move(minutes=1)
    for _ in range(5):
        answer = client.post(
            f"{TOTP}/removal", json={"code": phone.wrong()}, headers=headers | AS_IT_IS
        )
        assert answer.status_code == 422
    answer = client.post(f"{TOTP}/removal", json={"code": phone.code()}, headers=headers)
    assert answer.status_code == 429


def test_a_challenge_is_good_for_five_minutes(
    client: FlaskClient, account: Account, phone: Authenticator, recovery: list[str], clock: Clock
) -> None:
    challenge = challenge_of(client, account)
    clock.move(minutes=5)
    answer = go_on(client, challenge, phone.code())
    assert (answer.status_code, answer.json["code"]) == (401, "challenge_over")


def test_a_challenge_ends_with_its_password(
    client: FlaskClient, session: Session, account: Account, phone: Authenticator,
    recovery: list[str], clock: Clock,
) -> None:  # fmt: skip
    challenge = challenge_of(client, account)
    account.password_hash = "another"
    session.commit()
    clock.move(seconds=30)
    assert go_on(client, challenge, phone.code()).json["code"] == "challenge_over"


@pytest.mark.parametrize("challenge", ["x", "a.b.c", "\ud55c"])
def test_a_forged_challenge_is_refused(client: FlaskClient, challenge: str) -> None:
    assert go_on(client, challenge, "123456").json["code"] == "challenge_over"


@pytest.mark.parametrize("by_recovery_code", [False, True])
def test_it_is_removed_by_a_code(
    client: FlaskClient, session: Session, account: Account, headers: dict[str, str],
    phone: Authenticator, recovery: list[str], clock: Clock, by_recovery_code: bool,
) -> None:  # fmt: skip
    clock.move(seconds=30)
    code = recovery[0] if by_recovery_code else phone.code()
    answer = client.post(f"{TOTP}/removal", json={"code": code}, headers=headers)
    assert answer.status_code == 204
    assert state(client, headers) == ("off", 0)
    assert session.scalars(select(RecoveryCode)).all() == []
    assert enter(client, account).status_code == 201


def test_the_operator_removes_what_is_lost(
    app: Flask, client: FlaskClient, account: Account, recovery: list[str]
) -> None:
    command = ["accounts", "remove-second-factor", "--email", account.email]
    assert app.test_cli_runner().invoke(args=command).exit_code == 0
    assert enter(client, account).status_code == 201
    again = app.test_cli_runner().invoke(args=command)
    assert again.exit_code == 1
    assert "no second factor" in again.output


def test_the_database_holds_neither_secret_nor_code(
    app: Flask, client: FlaskClient, session: Session, account: Account, headers: dict[str, str],
    clock: Clock,
) -> None:  # fmt: skip
    shared = enrol(client, headers).json["secret"]
    codes = confirm(client, headers, Authenticator(shared, clock).code()).json["recovery_codes"]
    factor = session.scalars(select(SecondFactor)).one()
    hashes = session.scalars(select(RecoveryCode.code_hmac)).all()
    assert shared.encode() not in factor.sealed_secret
    assert not {code.replace("-", "").encode() for code in codes} & set(hashes)
    secret = app.config["SECRET_KEY"]
    assert unseal(factor.sealed_secret, account_id=account.id, secret=secret) == shared
    other = register(session)
    with pytest.raises(SealBroken):
        unseal(factor.sealed_secret, account_id=other.id, secret=secret)
    with pytest.raises(SealBroken):
        unseal(factor.sealed_secret, account_id=account.id, secret=secret + "!")


@pytest.fixture
def required(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation whose staff have to have a second factor."""
    monkeypatch.setitem(app.config, "STAFF_TOTP_REQUIRED", True)


@pytest.mark.usefixtures("required")
def test_where_it_is_required_staff_can_only_set_it_up(
    client: FlaskClient, headers: dict[str, str], clock: Clock
) -> None:
    for path in ("/me", "/me/residence", "/me/notices"):
        answer = client.get(f"/api/v1{path}", headers=headers)
        assert (answer.status_code, answer.json["code"]) == (403, "second_factor_needed"), path
    answer = client.post("/api/v1/rounds", json={}, headers=headers)
    assert answer.json["code"] == "second_factor_needed"
    assert client.get("/api/v1/categories", headers=headers).status_code == 200
    assert client.get("/api/v1/me/devices", headers=headers).status_code == 200
    authenticator = Authenticator(enrol(client, headers).json["secret"], clock)
    assert confirm(client, headers, authenticator.code()).status_code == 201
    assert client.get("/api/v1/me", headers=headers).status_code == 200


@pytest.mark.usefixtures("required")
def test_where_it_is_required_citizens_are_not_asked(
    client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    headers = sign_in(register(session).email)
    assert client.get("/api/v1/me", headers=headers).status_code == 200


def test_where_it_is_not_required_staff_go_on_without(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    assert client.get("/api/v1/me", headers=headers).status_code == 200
