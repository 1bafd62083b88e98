"""The composition root: builds the application out of its parts, and nothing else."""

from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.middleware.proxy_fix import ProxyFix

from backend import (
    accounts,
    audit,
    bodies,
    caching,
    catalogue,
    cli,
    clock,
    compression,
    demo,
    fairness,
    generations,
    health,
    idempotency,
    jobs,
    limits,
    logs,
    maps,
    me,
    meta,
    notifications,
    objections,
    openapi,
    organizations,
    preconditions,
    problems,
    proposals,
    regions,
    reviews,
    rounds,
    sparse,
    web,
)
from backend.accounts.tokens import read_access_token
from backend.auth import guards
from backend.auth.identity import Identity
from backend.config import load_config
from backend.db import db
from backend.extensions import migrate
from backend.organizations.identities import load_identity
from backend.paths import WholeNumber

View = Callable[..., Any]

DOMAINS = (
    regions,
    accounts,
    notifications,
    organizations,
    proposals,
    reviews,
    catalogue,
    rounds,
    objections,
    fairness,
    maps,
    generations,
    me,
    meta,
    web,
)
"""From the ground up; each package brings its blueprints and commands in `init_app`."""


class NoSessions(SessionInterface):
    """Keeps no session: who is calling is told by a token, and no answer sets a cookie.

    Flask's own would prepare to verify a cookie with every request.
    """

    def open_session(self, app: Flask, request: Request) -> SessionMixin:  # noqa: ARG002
        """Return a session that refuses to be written to."""
        return self.make_null_session(app)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Save nothing: there is nothing."""


class Application(Flask):
    """Flask without what nothing here uses and every request would pay for."""

    session_interface = NoSessions()

    def ensure_sync(self, func: View) -> View:
        """Return the view or hook as it is: none of ours is a coroutine."""
        return func

    def dispatch_request(self) -> Any:
        """Run the view: once for all requests that are the same, and while what it is about is."""
        view = super().dispatch_request
        return idempotency.answer_once(
            lambda: preconditions.answer_if_matching(lambda: sparse.answer_selected(view))
        )


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """Build the application.

    :param overrides: settings that win over the environment, as tests give them.
    :raises ConfigurationError: when a setting is missing or unreadable.
    """
    app = Application("backend", static_folder="web/static", template_folder="web/templates")
    app.config["CLOCK"] = clock.system_clock
    app.config |= load_config(overrides)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    trust_proxies(app)
    app.url_map.converters["int"] = WholeNumber
    logs.init_app(app)
    compression.init_app(app)
    caching.init_app(app)
    db.init_app(app)
    migrate.init_app(app, db)
    problems.init_app(app)
    limits.init_app(app)
    guards.init_app(app, identity_loader(app))
    if app.config["RATE_LIMITS"]:
        app.before_request(limits.check_caller)
    bodies.init_app(app)
    jobs.init_app(app)
    audit.init_app(app)
    health.init_app(app)
    preconditions.init_app(app)
    api = openapi.create_api(app, version("dongne"))
    for domain in DOMAINS:
        domain.init_app(app, api)
    demo.init_app(app)
    cli.init_app(app)
    guards.public(app.view_functions["static"])
    return app


def trust_proxies(app: Flask) -> None:
    """Take host, scheme and prefix from the proxies in front, when there are such to believe."""
    hops = app.config["TRUSTED_PROXIES"]
    if hops:
        wrapped = ProxyFix(app.wsgi_app, hops, hops, hops, x_prefix=hops)
        app.wsgi_app = wrapped  # type: ignore[method-assign]


def identity_loader(app: Flask) -> guards.IdentityLoader:
    """Return what turns an access token into who is calling, memberships included."""

    def load(token: str) -> Identity:
        config = app.config
        caller = read_access_token(
            token, secret=config["SECRET_KEY"], issuer=config["ISSUER"], now=clock.now()
        )
        return load_identity(
            db.session(), caller, is_second_factor_required=config["STAFF_TOTP_REQUIRED"]
        )

    return load
