"""Owns what is known of the providers: discovery documents and keys, kept for as long as they say.

OpenID Connect Discovery 1.0; keys as in RFC 7517. One directory belongs to one process.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, TypeVar

import structlog
from cryptography.exceptions import UnsupportedAlgorithm
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from backend.accounts.oidc.fetching import Fetched, FetchFailed, ProviderUnavailable, get_json
from backend.config.providers import Provider, is_loopback, is_safe

Kept = TypeVar("Kept")
Key = RSAKey | ECKey

KEPT_AT_LEAST, KEPT_AT_MOST = timedelta(minutes=1), timedelta(hours=24)
KEPT_UNASKED = timedelta(hours=1)
"""How long a document is kept that does not say so itself."""
FAILURE_KEPT = timedelta(seconds=5)
"""A provider that failed is not asked again so soon: each try holds a thread."""
ROTATION_PAUSE = timedelta(minutes=1)
"""Between two looks for a key that is unknown: anybody can make one up."""

KEY_TYPES: Mapping[str, type[RSAKey] | type[ECKey]] = {"RS256": RSAKey, "ES256": ECKey}
"""Algorithms of ID tokens that are accepted, each with the kind of key that it takes."""
LEAST_RSA_BITS = 2048
"""RFC 7518, 3.3."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Endpoints:
    """What is needed of a discovery document.

    :param takes_secret_in_form: whether a client secret goes into the form (`client_secret_post`)
        or into HTTP Basic, which is what holds where nothing is said.
    """

    authorization: str
    token: str
    jwks: str
    takes_secret_in_form: bool


@dataclass(slots=True)
class _Known:
    """What is kept of one provider."""

    lock: Lock = field(default_factory=Lock)
    endpoints: tuple[Endpoints, datetime] | None = None
    keys: tuple[Sequence[Key], datetime] | None = None
    failed_at: datetime | None = None
    looked_for_key_at: datetime | None = None


class Directory:
    """The providers as this process knows them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: dict[str, _Known] = {}

    def endpoints(self, provider: Provider, now: datetime) -> Endpoints:
        """Return where a provider is asked for what.

        :raises ProviderUnavailable: when its document is not to be had, or is not its own.
        """
        known = self._of(provider)
        with known.lock:
            return self._endpoints(known, provider, now)

    def find_key(
        self, provider: Provider, key_id: str | None, algorithm: str, now: datetime
    ) -> Key | None:
        """Return the key that a provider signs with, None when it has no such key.

        Keys are changed without notice: for one that is not known, they are read anew once.

        :param key_id: None where the token names none; then there has to be only one that fits.
        :param algorithm: of `KEY_TYPES`.
        :raises ProviderUnavailable: when its keys are not to be had.
        """
        known = self._of(provider)
        with known.lock:
            key = choose_key(self._keys(known, provider, now), key_id, algorithm)
            if key is not None or _is_recent(known.looked_for_key_at, now, ROTATION_PAUSE):
                return key
            known.looked_for_key_at, known.keys = now, None
            return choose_key(self._keys(known, provider, now), key_id, algorithm)

    def count_keys(self, provider: Provider, now: datetime) -> int:
        """Return how many keys a provider has that it can sign ID tokens with.

        :raises ProviderUnavailable: when its keys are not to be had.
        """
        known = self._of(provider)
        with known.lock:
            return len(self._keys(known, provider, now))

    def _of(self, provider: Provider) -> _Known:
        with self._lock:
            return self._known.setdefault(provider.issuer, _Known())

    def _endpoints(self, known: _Known, provider: Provider, now: datetime) -> Endpoints:
        if known.endpoints is None or known.endpoints[1] <= now:
            # OpenID Connect Discovery 1.0, 4: a slash at the end of the issuer is left out.
            url = provider.issuer.removesuffix("/") + "/.well-known/openid-configuration"
            known.endpoints = _fetch(
                known, provider, url, now, lambda body: _read_endpoints(provider, body)
            )
        return known.endpoints[0]

    def _keys(self, known: _Known, provider: Provider, now: datetime) -> Sequence[Key]:
        if known.keys is None or known.keys[1] <= now:
            url = self._endpoints(known, provider, now).jwks
            known.keys = _fetch(known, provider, url, now, _read_keys)
        return known.keys[0]


def unavailable(provider: Provider, reason: str) -> ProviderUnavailable:
    """Return the error of a provider that fails, and log why."""
    log.warning("provider_unavailable", provider=provider.key, reason=reason)
    return ProviderUnavailable(name_ko=provider.name_ko, name_en=provider.name_en)


def _fetch(
    known: _Known,
    provider: Provider,
    url: str,
    now: datetime,
    read: Callable[[dict[str, Any]], Kept],
) -> tuple[Kept, datetime]:
    """Return a document and the time until which it is kept."""
    if _is_recent(known.failed_at, now, FAILURE_KEPT):
        raise unavailable(provider, "failed a moment ago")
    try:
        fetched = get_json(url)
        kept = read(fetched.body), now + _life(fetched)
    except FetchFailed as exc:
        known.failed_at = now
        raise unavailable(provider, str(exc)) from exc
    known.failed_at = None
    return kept


def _life(fetched: Fetched) -> timedelta:
    asked = KEPT_UNASKED if fetched.max_age is None else fetched.max_age
    return min(max(asked, KEPT_AT_LEAST), KEPT_AT_MOST)


def _is_recent(then: datetime | None, now: datetime, span: timedelta) -> bool:
    return then is not None and then <= now < then + span


def _read_endpoints(provider: Provider, body: dict[str, Any]) -> Endpoints:
    if body.get("issuer") != provider.issuer:
        msg = "the discovery document is another issuer's"
        raise FetchFailed(msg)
    found = [body.get(f"{name}_endpoint") for name in ("authorization", "token")]
    found.append(body.get("jwks_uri"))
    urls = [url for url in found if isinstance(url, str) and _may_be_asked(provider, url)]
    if len(urls) < len(found):
        msg = "the discovery document lacks an endpoint, or names one that is not safe"
        raise FetchFailed(msg)
    methods = body.get("token_endpoint_auth_methods_supported")
    in_form = isinstance(methods, list) and "client_secret_basic" not in methods
    authorization, token, jwks = urls
    return Endpoints(authorization, token, jwks, takes_secret_in_form=in_form)


def _may_be_asked(provider: Provider, url: str) -> bool:
    """Tell whether an endpoint is safe; only who is on this machine may send us to this machine."""
    try:
        return is_safe(url) and (is_loopback(provider.issuer) or not is_loopback(url))
    except ValueError:
        return False


def _read_keys(body: dict[str, Any]) -> Sequence[Key]:
    """Read the keys that can sign; what else is in the set is left alone (RFC 7517, 5)."""
    listed = body.get("keys")
    if not isinstance(listed, list):
        msg = "no set of keys"
        raise FetchFailed(msg)
    return tuple(key for key in map(_read_key, listed) if key is not None)


def _read_key(facts: Any) -> Key | None:
    """Return a key that can sign ID tokens, None for any other."""
    if not isinstance(facts, dict) or facts.get("use", "sig") != "sig":
        return None
    try:
        if facts.get("kty") == "RSA":
            rsa = RSAKey.import_key(facts)
            return rsa if rsa.public_key.key_size >= LEAST_RSA_BITS else None
        if facts.get("kty") == "EC":
            ec = ECKey.import_key(facts)
            return ec if ec.curve_name == "P-256" else None
    except (JoseError, UnsupportedAlgorithm, ValueError, TypeError, KeyError):
        # Nothing that anybody could have signed with.
        return None
    return None


def choose_key(keys: Sequence[Key], key_id: str | None, algorithm: str) -> Key | None:
    """Return the one key that fits, None where none does or several do.

    :param key_id: None where the token names none.
    """
    fitting = [
        key
        for key in keys
        if isinstance(key, KEY_TYPES[algorithm])
        and key.alg in (None, algorithm)
        and key_id in (None, key.kid)
    ]
    return fitting[0] if len(fitting) == 1 else None
