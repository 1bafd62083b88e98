"""Owns the settings of how often something may be done."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from backend.config.setting import Setting, yes

_UNITS_S = {"s": 1, "m": 60, "h": 3600}


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests in so many seconds."""

    requests: int
    window_s: int


@dataclass(frozen=True, slots=True)
class Limit:
    """How often something may be done.

    :param per_caller: by one account, or about one, where nobody is signed in yet.
    :param per_address: from one /24 of IPv4 or /64 of IPv6.
    :param overall: by everybody together; None where nobody counts that.
    """

    per_caller: Rate
    per_address: Rate
    overall: Rate | None = None


def rate(text: str) -> Rate:
    """Read a rate such as ``10/15m``: requests, then a number of seconds, minutes or hours."""
    found = re.fullmatch(r"([1-9]\d{0,8})/([1-9]\d{0,4})?([smh])", text.strip(), re.ASCII)
    if found is None:
        msg = f"{text.strip()!r} is no rate such as 10/15m"
        raise ValueError(msg)
    requests, number, unit = found.groups()
    return Rate(int(requests), int(number or 1) * _UNITS_S[unit])


def rates(number: int) -> Callable[[str], Limit]:
    """Return what reads so many rates, separated by commas, as one limit."""

    def parse(text: str) -> Limit:
        parts = text.split(",")
        if len(parts) != number:
            msg = f"must be {number} rates with commas between them, such as 10/15m, 300/15m"
            raise ValueError(msg)
        return Limit(*(rate(part) for part in parts))

    return parse


def _limit(name: str, default: str, what: str) -> Setting:
    """Return the setting of something that is counted for all processes together."""
    return Setting(
        f"LIMIT_{name.upper()}",
        f"DONGNE_LIMIT_{name.upper()}",
        default,
        rates(3),
        f"{what}: per account, per address, overall",
    )


SETTINGS = (
    Setting(
        "RATE_LIMITS", "DONGNE_RATE_LIMITS", "on", yes("on"), "off: nothing is counted or refused"
    ),
    # A /24 may be thousands of phones behind one carrier's address: it is given much.
    _limit("sign_in", "10/15m, 300/15m, 3000/m", "sign-ins by password"),
    _limit("registration", "5/h, 100/h, 1000/m", "new accounts"),
    _limit("password_reset", "3/h, 60/h, 300/m", "forgotten passwords"),
    _limit("password_change", "10/h, 60/h, 300/m", "changes of a password"),
    _limit("second_factor", "10/15m, 300/15m, 1000/m", "codes of a second factor"),
    _limit("renewal", "20/m, 3000/m, 60000/m", "renewals of a token"),
    _limit("write", "120/m, 3000/m, 60000/m", "all other writes"),
    Setting(
        "LIMIT_READ",
        "DONGNE_LIMIT_READ",
        "1200/m, 12000/m",
        rates(2),
        "all requests, counted by each process for itself: per account, per address",
    ),
)
