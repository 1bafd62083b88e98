"""Owns what a setting is, and the checks of its text."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the settings table.

    :param key: name in ``app.config``.
    :param variable: environment variable.
    :param default: text used when the variable is unset; None means that it has to be derived.
    :param parse: turns the text into the value; raises ValueError on nonsense.
    :param help: what it does, for operators.
    """

    key: str
    variable: str
    default: str | None
    parse: Callable[[str], Any]
    help: str


def positive(text: str) -> int:
    """Read a whole number of at least 1."""
    number = int(text)
    if number < 1:
        msg = "must be at least 1"
        raise ValueError(msg)
    return number


def not_negative(text: str) -> int:
    """Read a whole number of at least 0."""
    number = int(text)
    if number < 0:
        msg = "must not be negative"
        raise ValueError(msg)
    return number


def one_of(*allowed: str) -> Callable[[str], str]:
    """Return what reads one of the allowed words."""

    def parse(text: str) -> str:
        if text not in allowed:
            raise ValueError("must be one of " + ", ".join(allowed))
        return text

    return parse


def yes(word: str, no: str = "off") -> Callable[[str], bool]:
    """Return what reads one word as true and another as false."""

    def parse(text: str) -> bool:
        return one_of(word, no)(text) == word

    return parse


def secret(text: str) -> str:
    """Read a secret that is long enough to sign with."""
    if len(text) < 32:
        msg = "must have at least 32 characters"
        raise ValueError(msg)
    return text


def version(text: str) -> str:
    """Read a version of three numbers."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", text, re.ASCII):
        msg = "must be three numbers with dots, such as 1.4.0"
        raise ValueError(msg)
    return text


def address_with_token(text: str) -> str:
    """Read the address of a page to which a secret is handed in place of ``{token}``, if any."""
    if not text:
        return text
    if not text.startswith(("https://", "http://127.0.0.1")) or text.count("{token}") != 1:
        msg = "must be an https address with {token} in it"
        raise ValueError(msg)
    return text


def public_url(text: str) -> str:
    """Read an http or https address without a slash at its end."""
    if not re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+(/[\x21-\x7e]*)?", text):
        msg = "must be an address such as https://dongne.example"
        raise ValueError(msg)
    return text.rstrip("/")


def push_services(text: str) -> tuple[str, ...]:
    """Read hosts, ``*.`` in front of one for all below it, and origins of test services."""
    entries = tuple(entry.strip().lower() for entry in text.split(",") if entry.strip())
    for entry in entries:
        if not re.fullmatch(r"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+|https?://[a-z0-9.-]+:\d+", entry):
            msg = f"{entry} is neither a host nor an origin with its port"
            raise ValueError(msg)
    return entries


def database_url(text: str) -> str:
    """Name the driver: a bare ``postgresql://`` changed its meaning in SQLAlchemy 2.1."""
    scheme, separator, rest = text.partition("://")
    if not separator or scheme not in ("postgres", "postgresql", "postgresql+psycopg"):
        msg = "must start with postgresql://"
        raise ValueError(msg)
    return "postgresql+psycopg://" + rest
