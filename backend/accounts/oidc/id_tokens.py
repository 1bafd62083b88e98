"""Owns the check of ID tokens (OpenID Connect Core 1.0, 3.1.3.7; RFC 8725)."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from typing import Any

import structlog
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry

from backend.accounts.oidc.directory import KEY_TYPES, Key
from backend.errors import AuthenticationRequired

ALGORITHMS = tuple(KEY_TYPES)
LEEWAY_S = 60
"""How far the provider's clock may be from ours."""
LONGEST_SUBJECT = 255
"""OpenID Connect Core 1.0, 2."""

KeyFinder = Callable[[str | None, str], Key | None]
"""Takes a key's id and an algorithm."""

log = structlog.get_logger(__name__)

# Other parameters than the known ones are no reason to refuse; `crit` still is.
_REGISTRY = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)


class IdTokenInvalid(AuthenticationRequired):
    """The ID token is forged, too old, or was made for somebody or something else.

    :param params: ``reason``: what of it is wrong, as the name of a claim or a word.
    """

    code = "id_token_invalid"
    ko = "로그인 제공자의 ID 토큰이 올바르지 않습니다({reason}). 다시 로그인해 주세요."
    en = "The provider's ID token is not valid ({reason}). Sign in again."


def read_subject(
    token: str,
    *,
    issuer: str,
    client_ids: Collection[str],
    accepted: Collection[str],
    nonce_sha256: str,
    find_key: KeyFinder,
    now: datetime,
) -> str:
    """Return whom an ID token is about, once all of it holds.

    Keys come from `find_key` alone: `jwk`, `jku`, `x5c` and `x5u` of the header are not looked at.

    :param client_ids: one of them has to be in `aud`.
    :param accepted: every one that may be in `aud`, `client_ids` among them.
    :param nonce_sha256: SHA-256 of the nonce of the attempt, in hex.
    :raises IdTokenInvalid: when something does not hold.
    """
    claims = _verified(token, find_key)
    for name, holds in (
        ("iss", claims.get("iss") == issuer),
        ("aud", _is_for_us(claims, client_ids, accepted)),
        ("azp", _is_authorized(claims, accepted)),
        ("exp", _instant(claims, "exp", -1.0) > now.timestamp() - LEEWAY_S),
        ("iat", 0 <= _instant(claims, "iat", -1.0) <= now.timestamp() + LEEWAY_S),
        ("nbf", _instant(claims, "nbf", 0.0) <= now.timestamp() + LEEWAY_S),
        ("nonce", _is_nonce(claims.get("nonce"), nonce_sha256)),
    ):
        if not holds:
            raise _invalid(name)
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise _invalid("sub")
    return subject


def _verified(token: str, find_key: KeyFinder) -> Mapping[str, Any]:
    """Return the claims of a token that the provider signed."""
    try:
        header = jws.extract_compact(token.encode(), registry=_REGISTRY).headers()
    except (JoseError, ValueError, TypeError, KeyError) as exc:
        raise _invalid("form") from exc
    algorithm, key_id = header.get("alg"), header.get("kid")
    if algorithm not in ALGORITHMS:
        raise _invalid("alg")
    if key_id is not None and not isinstance(key_id, str):
        raise _invalid("kid")
    # An access token or a logout token is no ID token, whoever signed it (RFC 8725, 3.11).
    if str(header.get("typ", "JWT")).upper() != "JWT":
        raise _invalid("typ")
    key = find_key(key_id, algorithm)
    if key is None:
        raise _invalid("kid")
    try:
        return jwt.decode(token, key, registry=_REGISTRY).claims
    except (JoseError, ValueError, TypeError, KeyError) as exc:
        raise _invalid("signature") from exc


def _is_for_us(
    claims: Mapping[str, Any], client_ids: Collection[str], accepted: Collection[str]
) -> bool:
    """Tell whether the token is for us, and for nobody whom we do not know."""
    audience = _audience(claims)
    return any(one in client_ids for one in audience) and all(one in accepted for one in audience)


def _is_authorized(claims: Mapping[str, Any], accepted: Collection[str]) -> bool:
    """Tell whether it was made for one of ours, which has to be said where it is for several."""
    if "azp" in claims:
        return isinstance(claims["azp"], str) and claims["azp"] in accepted
    return len(_audience(claims)) == 1


def _audience(claims: Mapping[str, Any]) -> list[str]:
    found = claims.get("aud")
    listed = found if isinstance(found, list) else [found]
    # Something that is no text is nobody whom we know.
    return [one if isinstance(one, str) else "" for one in listed]


def _instant(claims: Mapping[str, Any], name: str, absent: float) -> float:
    """Return a NumericDate; one that is no number compares as false with every time."""
    found = claims.get(name, absent)
    return found if type(found) in (int, float) else float("nan")


def _is_nonce(nonce: object, nonce_sha256: str) -> bool:
    if not isinstance(nonce, str):
        return False
    return compare_digest(sha256(nonce.encode("utf-8", "replace")).hexdigest(), nonce_sha256)


def _invalid(reason: str) -> IdTokenInvalid:
    log.info("id_token_refused", reason=reason)
    return IdTokenInvalid(reason=reason)
