"""Owns access tokens (JWT, RFC 9068 in spirit): who is calling, for minutes, and nothing else.

Roles are not in them: they are looked up at each request together with the sign-in, so that an
ended membership and a device that was signed out end at once.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID, uuid4

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from backend.errors import AuthenticationRequired

ALGORITHM = "HS256"
TYPE = "at+jwt"
AUDIENCE = "dongne-api"


class TokenInvalid(AuthenticationRequired):
    """The access token is forged, garbled or meant for somebody else."""

    code = "token_invalid"
    ko = "로그인 정보가 올바르지 않습니다. 다시 로그인해 주세요."
    en = "The access token is not valid. Sign in again."


class TokenExpired(AuthenticationRequired):
    """The access token was good and is too old; the refresh token brings a new one."""

    code = "token_expired"
    ko = "로그인 시간이 지났습니다. 토큰을 갱신해 주세요."
    en = "The access token has expired. Refresh it."


class Caller(NamedTuple):
    """Whom an access token stands for, and by which sign-in."""

    account_id: UUID
    sign_in_id: UUID


def issue_access_token(
    account_id: UUID,
    sign_in_id: UUID,
    *,
    secret: str,
    issuer: str,
    now: datetime,
    life: timedelta,
) -> str:
    """Return a signed token that says who calls until `now + life`."""
    claims = {
        "iss": issuer,
        "aud": AUDIENCE,
        "sub": str(account_id),
        "sid": str(sign_in_id),
        "iat": int(now.timestamp()),
        "exp": int((now + life).timestamp()),
        "jti": uuid4().hex,
    }
    return jwt.encode({"alg": ALGORITHM, "typ": TYPE}, claims, _key(secret))


def read_access_token(token: str, *, secret: str, issuer: str, now: datetime) -> Caller:
    """Return whom a token stands for; that the sign-in goes on is for the caller to look up.

    :raises TokenInvalid: when it is not one of ours, `jwk` and `jku` headers notwithstanding.
    :raises TokenExpired: when its time is over.
    """
    try:
        decoded = jwt.decode(token, _key(secret), algorithms=[ALGORITHM])
        claims = decoded.claims
        if (
            decoded.header.get("typ") != TYPE
            or claims.get("iss") != issuer
            or claims.get("aud") != AUDIENCE
        ):
            raise TokenInvalid
        caller = Caller(UUID(claims["sub"]), UUID(claims["sid"]))
        expires = int(claims["exp"])
    except (JoseError, ValueError, KeyError, TypeError, AttributeError) as exc:
        raise TokenInvalid from exc
    if now.timestamp() >= expires:
        raise TokenExpired
    return caller


def _key(secret: str) -> OctKey:
    """Derive the signing key, so that the application's secret signs nothing else with it."""
    return OctKey.import_key(sha256(b"dongne access token\0" + secret.encode()).digest())
