"""Owns the signed links of letters: each says whose it is and what it may do, and nothing else."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from backend.errors import Gone, NotFound
from backend.notifications.groups import ESSENTIAL, Group

ALGORITHM = "HS256"
CONFIRM = "dongne-confirm+jwt"
CHANGE = "dongne-change+jwt"
UNSUBSCRIBE = "dongne-unsubscribe+jwt"

CONFIRM_WITHIN = timedelta(days=3)


class LinkUnknown(NotFound):
    """The link is not one of ours, or is about something that is no more."""

    code = "link_unknown"
    ko = "알 수 없는 링크입니다. 편지의 링크를 끝까지 복사했는지 확인해 주세요."
    en = "This link is not one of ours. Check that you copied all of it."


class LinkExpired(Gone):
    """The link was good and is too old."""

    code = "link_expired"
    ko = "기한이 지난 링크입니다. 새 링크를 요청해 주세요."
    en = "This link is too old. Ask for a new one."


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Whose address a link confirms.

    :param email_sha256: of the address, so that the link holds no address.
    """

    account_id: UUID
    email_sha256: str


@dataclass(frozen=True, slots=True)
class Unsubscription:
    """Which letters a link stops, and whose."""

    account_id: UUID
    groups: frozenset[Group]


def hash_email(email: str) -> str:
    """Return what stands for an address in a link."""
    return sha256(email.encode()).hexdigest()


def sign_confirmation(account_id: UUID, email: str, *, secret: str, now: datetime) -> str:
    """Return the token of a link that confirms an address within `CONFIRM_WITHIN`."""
    return _sign_address(CONFIRM, account_id, email, secret, now)


def read_confirmation(token: str, *, secret: str, now: datetime) -> Confirmation:
    """Return what a token confirms.

    :raises LinkUnknown: when it is none of ours.
    :raises LinkExpired: when it is too old.
    """
    return _read_address(CONFIRM, token, secret, now)


def sign_change(account_id: UUID, email: str, *, secret: str, now: datetime) -> str:
    """Return the token of a link that gives an account another address."""
    return _sign_address(CHANGE, account_id, email, secret, now)


def read_change(token: str, *, secret: str, now: datetime) -> Confirmation:
    """Return which account a token gives which address.

    :raises LinkUnknown: when it is none of ours.
    :raises LinkExpired: when it is too old.
    """
    return _read_address(CHANGE, token, secret, now)


def sign_unsubscription(account_id: UUID, groups: Collection[Group], *, secret: str) -> str:
    """Return the token of a link that stops letters about some groups; it stays good."""
    names = sorted(group.value for group in groups)
    return _sign(UNSUBSCRIBE, account_id, {"groups": names}, secret)


def read_unsubscription(token: str, *, secret: str) -> Unsubscription:
    """Return what a token stops.

    :raises LinkUnknown: when it is none of ours.
    """
    claims = _read(UNSUBSCRIBE, token, secret)
    known = {group.value for group in Group} - ESSENTIAL
    groups = frozenset(Group(name) for name in claims["groups"] if name in known)
    return Unsubscription(UUID(claims["sub"]), groups)


def _sign_address(kind: str, account_id: UUID, email: str, secret: str, now: datetime) -> str:
    claims = {"email": hash_email(email), "exp": int((now + CONFIRM_WITHIN).timestamp())}
    return _sign(kind, account_id, claims, secret)


def _read_address(kind: str, token: str, secret: str, now: datetime) -> Confirmation:
    claims = _read(kind, token, secret)
    if now.timestamp() >= claims["exp"]:
        raise LinkExpired
    return Confirmation(UUID(claims["sub"]), claims["email"])


def _sign(kind: str, account_id: UUID, claims: dict[str, Any], secret: str) -> str:
    header = {"alg": ALGORITHM, "typ": kind}
    return jwt.encode(header, {"sub": str(account_id), **claims}, _key(secret))


def _read(kind: str, token: str, secret: str) -> dict[str, Any]:
    try:
        decoded = jwt.decode(token, _key(secret), algorithms=[ALGORITHM])
    except (JoseError, ValueError, TypeError) as exc:
        raise LinkUnknown from exc
    if decoded.header.get("typ") != kind:
        raise LinkUnknown
    return decoded.claims


def _key(secret: str) -> OctKey:
    """Derive the signing key, so that no access token can be made of a link."""
    return OctKey.import_key(sha256(b"dongne letter link\0" + secret.encode()).digest())
