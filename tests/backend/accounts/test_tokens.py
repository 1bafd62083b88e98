"""What an access token must be to be believed."""

import hmac
import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from backend.accounts.models import Account
from backend.accounts.second_factor.challenges import issue_challenge, read_challenge
from backend.accounts.tokens import (
    Caller,
    TokenExpired,
    TokenInvalid,
    issue_access_token,
    read_access_token,
)

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
SECRET = "a secret of at least thirty-two characters"
ISSUER = "https://dongne.example"
CALLER = Caller(uuid4(), uuid4())


def issue(**changes: object) -> str:
    facts = {"secret": SECRET, "issuer": ISSUER, "now": NOW, "life": timedelta(minutes=15)}
    return issue_access_token(*CALLER, **(facts | changes))  # type: ignore[arg-type]


def read(token: str, now: datetime = NOW) -> object:
    return read_access_token(token, secret=SECRET, issuer=ISSUER, now=now)


def test_a_token_comes_back_as_its_account() -> None:
    assert read(issue()) == CALLER


def test_a_token_is_good_until_its_last_second() -> None:
    assert read(issue(), NOW + timedelta(minutes=15, seconds=-1)) == CALLER


def test_a_token_is_too_old_at_its_end() -> None:
    with pytest.raises(TokenExpired):
        read(issue(), NOW + timedelta(minutes=15))


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(issue(secret=SECRET + "!"), id="another secret"),
        pytest.param(issue(issuer="https://other.example"), id="another issuer"),
        pytest.param("", id="empty"),
        pytest.param("a.b.c", id="garbled"),
        pytest.param(issue()[:-2], id="cut"),
        pytest.param("\ud55c\uae00", id="not ASCII"),
    ],
)
def test_a_token_that_is_not_ours_is_refused(token: str) -> None:
    with pytest.raises(TokenInvalid):
        read(token)


CLAIMS = {
    "iss": ISSUER,
    "aud": "dongne-api",
    "sub": str(CALLER.account_id),
    "sid": str(CALLER.sign_in_id),
    "exp": 4_000_000_000,
}
OURS = OctKey.import_key(sha256(b"dongne access token\0" + SECRET.encode()).digest())
THEIRS = OctKey.generate_key(256)
RSA = RSAKey.generate_key(2048)
HEADER = {"alg": "HS256", "typ": "at+jwt"}


def test_claims_and_header_are_those_of_a_token_that_is_believed() -> None:
    assert read(jwt.encode(HEADER, CLAIMS, OURS)) == CALLER


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(HEADER | {"jwk": THEIRS.as_dict(private=True)}, id="jwk"),
        pytest.param(HEADER | {"jku": "https://evil.example/jwks.json"}, id="jku"),
        pytest.param(HEADER | {"x5u": "https://evil.example/cert.pem"}, id="x5u"),
        pytest.param(HEADER | {"kid": THEIRS.thumbprint()}, id="kid"),
    ],
)
def test_no_header_brings_a_key_of_its_own(header: dict[str, object]) -> None:
    with pytest.raises(TokenInvalid):
        read(jwt.encode(header, CLAIMS, THEIRS))


def test_a_token_signed_by_another_algorithm_is_refused() -> None:
    with pytest.raises(TokenInvalid):
        read(jwt.encode(HEADER | {"alg": "RS256"}, CLAIMS, RSA))
    with pytest.raises(TokenInvalid):
        read(jwt.encode(HEADER | {"alg": "HS512"}, CLAIMS, OURS, algorithms=["HS512"]))


def part(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def forge(header: dict[str, object], key: bytes) -> str:
    """Sign by hand what no library would."""
    signed = f"{part(json.dumps(header).encode())}.{part(json.dumps(CLAIMS).encode())}"
    return f"{signed}.{part(hmac.digest(key, signed.encode(), 'sha256'))}"


def test_a_forgery_with_our_key_would_be_believed() -> None:
    assert read(forge(HEADER, OURS.raw_value)) == CALLER


def test_a_public_key_is_no_shared_secret() -> None:
    with pytest.raises(TokenInvalid):
        read(forge(HEADER, RSA.as_pem(private=False)))


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", "RS256"])
def test_an_unsigned_token_is_refused(algorithm: str) -> None:
    header = part(json.dumps(HEADER | {"alg": algorithm}).encode())
    _, payload, signature = issue().split(".")
    for end in ("", signature):
        with pytest.raises(TokenInvalid):
            read(f"{header}.{payload}.{end}")


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("aud", "dongne-second-factor"),
        ("aud", ["dongne-api"]),
        ("iss", "https://other.example"),
        ("sub", "nobody"),
        ("sid", None),
        ("exp", "for ever"),
        ("exp", None),
    ],
)
def test_each_claim_has_to_be_right(claim: str, value: object) -> None:
    with pytest.raises(TokenInvalid):
        read(jwt.encode(HEADER, CLAIMS | {claim: value}, OURS))


@pytest.mark.parametrize(
    "header",
    [
        pytest.param({"alg": "HS256"}, id="no type"),
        pytest.param(HEADER | {"typ": "JWT"}, id="another type"),
        pytest.param(HEADER | {"typ": "second-factor+jwt"}, id="challenge"),
        pytest.param(HEADER | {"typ": None}, id="null"),
        pytest.param(HEADER | {"crit": ["new"], "new": 1}, id="critical and unknown"),
        pytest.param({"typ": "at+jwt"}, id="no algorithm"),
    ],
)
def test_a_header_has_to_be_ours(header: dict[str, object]) -> None:
    with pytest.raises(TokenInvalid):
        read(forge(header, OURS.raw_value))


def test_a_challenge_is_no_token_and_a_token_no_challenge() -> None:
    account = Account(id=CALLER.account_id, password_hash="hash")
    challenge = issue_challenge(account, secret=SECRET, issuer=ISSUER, now=NOW)
    with pytest.raises(TokenInvalid):
        read(challenge)
    assert read_challenge(challenge, secret=SECRET, issuer=ISSUER, now=NOW) == account.id
    assert read_challenge(issue(), secret=SECRET, issuer=ISSUER, now=NOW) is None
