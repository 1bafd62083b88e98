"""Owns what a sign-in provider is, and the check of how an operator describes one."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

_KEY = re.compile(r"[a-z][a-z0-9-]{0,31}")
_NEEDED = ("key", "name_ko", "name_en", "issuer", "client_id")
_LISTS = ("audiences", "scopes", "redirect_uris")
_OPTIONAL = ("client_secret",)

NEVER_REDIRECTED_TO = frozenset({"about", "blob", "data", "file", "ftp", "javascript", "ws", "wss"})
"""Schemes that a browser or a system runs or opens itself; no app owns them."""


@dataclass(frozen=True, slots=True)
class Provider:
    """An OpenID provider that people may sign in with.

    :param issuer: exactly as its ID tokens name it.
    :param client_id: ours in the code flow.
    :param audiences: every client id that its ID tokens may be for, `client_id` among them.
    :param redirect_uris: where a code may be sent; of a loopback address the port is free.
    :param client_secret: None for a public client, as native apps are (RFC 8252, 8.4).
    """

    key: str
    name_ko: str
    name_en: str
    issuer: str
    client_id: str
    audiences: frozenset[str]
    redirect_uris: tuple[str, ...]
    scopes: tuple[str, ...] = ("openid",)
    client_secret: str | None = None

    def takes_redirect(self, uri: str) -> bool:
        """Tell whether a code may be sent to an address.

        Addresses are compared letter by letter; the port of a loopback address is whatever the
        app was given by its system (RFC 8252, 7.3).
        """
        if uri in self.redirect_uris:
            return True
        try:
            portless = _without_port(uri) if is_loopback(uri) else None
        except ValueError:
            return False
        known = {_without_port(known) for known in self.redirect_uris if is_loopback(known)}
        return portless in known


def read_providers(text: str) -> tuple[Provider, ...]:
    """Read the providers from JSON, or from the JSON file that is named in its place.

    :raises ValueError: when it is no list of providers; the message says what is wrong with which.
    """
    text = text.strip()
    if not text.startswith("["):
        try:
            text = Path(text).read_text(encoding="utf-8")
        except OSError as exc:
            msg = f"is neither a JSON list nor a file that can be read ({exc.strerror})"
            raise ValueError(msg) from exc
    try:
        found = json.loads(text)
    except ValueError as exc:
        msg = f"is no JSON ({exc})"
        raise ValueError(msg) from exc
    if not isinstance(found, list):
        msg = "must be a JSON list"
        raise ValueError(msg)
    providers = tuple(_read_provider(number, facts) for number, facts in enumerate(found))
    for name in ("key", "issuer"):
        if len({getattr(provider, name) for provider in providers}) < len(providers):
            msg = f"two providers have the same {name}"
            raise ValueError(msg)
    return providers


def is_loopback(url: str) -> bool:
    """Tell whether an address is plain HTTP to this machine, where nobody can listen in."""
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname is None:
        return False
    try:
        return ip_address(parts.hostname).is_loopback
    except ValueError:
        return False


def is_safe(url: str) -> bool:
    """Tell whether something may be asked of an address: HTTPS, or this machine."""
    parts = urlsplit(url)
    is_https = parts.scheme == "https" and bool(parts.hostname)
    return (is_https or is_loopback(url)) and parts.username is None and not parts.fragment


def _read_provider(number: int, facts: Any) -> Provider:
    where = f"provider {number + 1}"
    if not isinstance(facts, Mapping):
        msg = f"{where} must be a JSON object"
        raise ValueError(msg)
    for name in facts:
        if name not in (*_NEEDED, *_LISTS, *_OPTIONAL):
            msg = f"{where}: nobody knows {name!r}"
            raise ValueError(msg)
    for name in (*_NEEDED, *(name for name in _OPTIONAL if name in facts)):
        if not isinstance(facts.get(name), str) or not facts[name].strip():
            msg = f"{where}: {name} must be a text"
            raise ValueError(msg)
    lists = {name: _read_texts(where, name, facts.get(name, [])) for name in _LISTS}
    _check_values(where, facts, lists["redirect_uris"])
    return Provider(
        **{name: facts[name] for name in _NEEDED},
        audiences=frozenset({facts["client_id"], *lists["audiences"]}),
        redirect_uris=lists["redirect_uris"],
        scopes=tuple(dict.fromkeys(("openid", *lists["scopes"]))),
        client_secret=facts.get("client_secret"),
    )


def _read_texts(where: str, name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        msg = f"{where}: {name} must be a list of texts"
        raise ValueError(msg)
    return tuple(value)


def _check_values(where: str, facts: Mapping[str, str], redirect_uris: tuple[str, ...]) -> None:
    if not _KEY.fullmatch(facts["key"]):
        msg = f"{where}: key must be small letters, digits and hyphens, such as kakao"
        raise ValueError(msg)
    if not is_safe(facts["issuer"]) or urlsplit(facts["issuer"]).query:
        msg = f"{where}: issuer must be an https address without query and fragment"
        raise ValueError(msg)
    for uri in redirect_uris:
        if not _is_redirect(uri):
            msg = f"{where}: redirect_uris has {uri!r}, which is neither https, nor a loopback"
            msg += " address, nor an app's own scheme"
            raise ValueError(msg)


def _is_redirect(uri: str) -> bool:
    parts = urlsplit(uri)
    if parts.scheme in ("http", "https"):
        return is_safe(uri)
    return bool(parts.scheme) and parts.scheme not in NEVER_REDIRECTED_TO and not parts.fragment


def _without_port(uri: str) -> SplitResult:
    parts = urlsplit(uri)
    return parts._replace(netloc=parts.netloc.rpartition(":")[0] if parts.port else parts.netloc)
