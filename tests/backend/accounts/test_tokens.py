"""What an access token must be to be believed."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from backend.accounts.tokens import (
    TokenExpired,
    TokenInvalid,
    issue_access_token,
    read_access_token,
)

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
SECRET = "a secret of at least thirty-two characters"
ISSUER = "https://dongne.example"
ACCOUNT = uuid4()


def issue(**changes: object) -> str:
    facts = {"secret": SECRET, "issuer": ISSUER, "now": NOW, "life": timedelta(minutes=15)}
    return issue_access_token(ACCOUNT, **(facts | changes))  # type: ignore[arg-type]


def read(token: str, now: datetime = NOW) -> object:
    return read_access_token(token, secret=SECRET, issuer=ISSUER, now=now)


def test_a_token_comes_back_as_its_account() -> None:
    assert read(issue()) == ACCOUNT


def test_a_token_is_good_until_its_last_second() -> None:
    assert read(issue(), NOW + timedelta(minutes=15, seconds=-1)) == ACCOUNT


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


def test_a_token_signed_with_its_own_key_is_refused() -> None:
    key = OctKey.generate_key(256)
    header = {"alg": "HS256", "typ": "at+jwt", "jwk": key.as_dict(private=True)}
    claims = {"iss": ISSUER, "aud": "dongne-api", "sub": str(ACCOUNT), "exp": 4_000_000_000}
    with pytest.raises(TokenInvalid):
        read(jwt.encode(header, claims, key))


def test_an_unsigned_token_is_refused() -> None:
    _, payload, _ = issue().split(".")
    with pytest.raises(TokenInvalid):
        read(f"eyJhbGciOiJub25lIn0.{payload}.")
