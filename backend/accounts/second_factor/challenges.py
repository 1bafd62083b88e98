"""Owns the word between password and code: who has shown the first of two factors, for minutes."""

from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from backend.accounts.models import Account

ALGORITHM = "HS256"
TYPE = "second-factor+jwt"
LIFE = timedelta(minutes=5)


def issue_challenge(account: Account, *, secret: str, issuer: str, now: datetime) -> str:
    """Return a signed word that the account's password was shown; it opens nothing by itself."""
    claims = {
        "iss": issuer,
        "sub": str(account.id),
        "pwd": _fingerprint(account),
        "exp": int((now + LIFE).timestamp()),
    }
    return jwt.encode({"alg": ALGORITHM, "typ": TYPE}, claims, _key(secret))


def read_challenge(token: str, *, secret: str, issuer: str, now: datetime) -> UUID | None:
    """Return the account of a challenge, or None when it is not ours or too old."""
    claims = _claims(token, secret)
    try:
        account_id, expires = UUID(str(claims["sub"])), int(str(claims["exp"]))
    except (ValueError, KeyError):
        return None
    return account_id if claims.get("iss") == issuer and now.timestamp() < expires else None


def is_of_password(token: str, account: Account, *, secret: str) -> bool:
    """Tell whether the password that was shown is still the account's."""
    return _claims(token, secret).get("pwd") == _fingerprint(account)


def _claims(token: str, secret: str) -> dict[str, object]:
    try:
        decoded = jwt.decode(token, _key(secret), algorithms=[ALGORITHM])
    except (JoseError, ValueError):
        return {}
    return dict(decoded.claims) if decoded.header.get("typ") == TYPE else {}


def _fingerprint(account: Account) -> str:
    return sha256((account.password_hash or "").encode()).hexdigest()[:32]


def _key(secret: str) -> OctKey:
    return OctKey.import_key(sha256(b"dongne challenge\0" + secret.encode()).digest())
