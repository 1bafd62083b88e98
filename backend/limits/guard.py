"""Owns the refusing of too many requests over HTTP: 429, Retry-After and the RateLimit headers.

The headers are those of draft-ietf-httpapi-ratelimit-headers.
"""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from hmac import digest as hmac_digest

import structlog
from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError

from backend import clock
from backend.auth.guards import current_identity
from backend.config import READ_BIND
from backend.config.limits import Limit, Rate
from backend.db import db
from backend.errors import TooMany, Unavailable
from backend.limits.addresses import prefix_of
from backend.limits.buckets import Buckets
from backend.limits.store import Count, count_all

PREFIX = "/api/"
WRITE, READ = "write", "read"

_BUCKETS = "dongne_buckets"

log = structlog.get_logger(__name__)


class LimitsUnavailable(Unavailable):
    """What may only be done so often cannot be counted, and is not done."""

    code = "limits_unavailable"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a caller stands with the tightest of the limits that were counted."""

    name: str
    rate: Rate
    count: Count

    @property
    def left(self) -> int:
        """Return how many requests are left in the window."""
        return max(0, self.rate.requests - self.count.times)


def init_app(app: Flask) -> None:
    """Count requests by address before anything else is done for them."""
    app.extensions[_BUCKETS] = Buckets()
    if app.config["RATE_LIMITS"]:
        app.before_request(check_address)
        app.after_request(add_headers)


def check_address() -> None:
    """Refuse an address that sends too many requests, of whatever kind.

    :raises TooMany: when it does.
    """
    if request.path.startswith(PREFIX):
        limit: Limit = current_app.config["LIMIT_READ"]
        _take(f"address {prefix_of(request.remote_addr)}", limit.per_address)


def check_caller() -> None:
    """Refuse a caller who reads or writes too much; to be run once it is known who calls.

    :raises TooMany: when they do.
    """
    if request.endpoint is None or not request.path.startswith(PREFIX):
        return
    account_id = current_identity().account_id
    counted_as = getattr(current_app.view_functions[request.endpoint], "_counted_as", None)
    if request.method in ("GET", "HEAD", "OPTIONS") or counted_as == READ:
        if account_id is not None:
            limit: Limit = current_app.config["LIMIT_READ"]
            _take(f"account {account_id}", limit.per_caller)
    elif counted_as is None:
        try:
            _count(WRITE, str(account_id) if account_id else None)
        except SQLAlchemyError as exc:
            # The write will find out for itself whether the database is there.
            log.warning("limits_unavailable", counted_as=WRITE, error=type(exc).__name__)


def count_own(name: str, about: str | None) -> None:
    """Count a request of a view that has a limit of its own.

    :param about: whom it is about; None for the account that is signed in.
    :raises TooMany: when there were too many.
    :raises LimitsUnavailable: when it cannot be counted.
    """
    if not current_app.config["RATE_LIMITS"]:
        return
    caller = about.lower() if about else str(current_identity().account_id)
    try:
        _count(name, caller)
    except SQLAlchemyError as exc:
        log.warning("limits_unavailable", counted_as=name, error=type(exc).__name__)
        raise LimitsUnavailable from exc


def add_headers(response: Response) -> Response:
    """Tell a caller where they stand with what was counted."""
    standing: Standing | None = g.get("standing")
    if standing is not None:
        rate, name = standing.rate, standing.name
        rest_s = max(0, round((standing.count.expires_at - clock.now()).total_seconds()))
        response.headers["RateLimit-Policy"] = f'"{name}";q={rate.requests};w={rate.window_s}'
        response.headers["RateLimit"] = f'"{name}";r={standing.left};t={rest_s}'
    return response


def _take(caller: str, rate: Rate) -> None:
    buckets: Buckets = current_app.extensions[_BUCKETS]
    now = clock.now()
    wait_s = buckets.take(caller, rate, now.timestamp())
    if wait_s:
        until = now + timedelta(seconds=wait_s)
        g.standing = Standing(READ, rate, Count(rate.requests, until))
        raise TooMany.until(until, now)


def _count(name: str, caller: str | None) -> None:
    limit: Limit = current_app.config[f"LIMIT_{name.upper()}"]
    asked = {_key(f"{name} address {prefix_of(request.remote_addr)}"): limit.per_address}
    if caller is not None:
        asked[_key(f"{name} caller {caller}")] = limit.per_caller
    if limit.overall is not None:
        asked[_key(f"{name} overall")] = limit.overall
    now = clock.now()
    windows_s = {key: rate.window_s for key, rate in asked.items()}
    counts = count_all(db.engines[READ_BIND], windows_s, now)
    standings = [Standing(name, rate, counts[key]) for key, rate in asked.items()]
    g.standing = min(standings, key=lambda standing: standing.left)
    over = [each.count.expires_at for each in standings if each.count.times > each.rate.requests]
    if over:
        raise TooMany.until(max(over), now)


def _key(text: str) -> str:
    """Return what a count is kept under; no address or account can be read out of it."""
    secret: str = current_app.config["SECRET_KEY"]
    key = sha256(b"dongne rate limit\0" + secret.encode()).digest()
    return hmac_digest(key, text.encode(), "sha256").hex()[:32]
