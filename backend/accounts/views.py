"""Accounts over HTTP: register, sign in and out, oneself."""

from datetime import timedelta
from typing import Any

from flask import current_app

from backend import clock
from backend.accounts import queries, schemas, service, sessions
from backend.auth.guards import current_account_id, public, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.idempotency import not_kept
from backend.openapi import URL_PREFIX, Blueprint

blp = Blueprint(
    "accounts", __name__, url_prefix=URL_PREFIX, description="People: registration and sign-in"
)


def token_policy() -> sessions.TokenPolicy:
    """Return how this installation makes tokens."""
    config = current_app.config
    return sessions.TokenPolicy(
        secret=config["SECRET_KEY"],
        issuer=config["ISSUER"],
        access_life=timedelta(minutes=config["ACCESS_TOKEN_MINUTES"]),
        refresh_life=timedelta(days=config["REFRESH_TOKEN_DAYS"]),
    )


@blp.post("/accounts")
@public
@blp.arguments(schemas.AccountCreateSchema)
@blp.response(201, schemas.AccountSchema)
def register_account(payload: dict[str, Any]) -> Any:
    """Register with an e-mail address and a password."""
    with unit_of_work() as session:
        return service.register_account(session, **payload, now=clock.now())


@blp.post("/sessions")
@not_kept
@public
@blp.arguments(schemas.SignInSchema)
@blp.response(201, schemas.TokenPairSchema)
def sign_in(payload: dict[str, Any]) -> Any:
    """Sign in with e-mail and password."""
    with unit_of_work() as session:
        return sessions.sign_in(session, **payload, policy=token_policy(), now=clock.now())


@blp.post("/sessions/renewal")
@not_kept
@public
@blp.arguments(schemas.RefreshTokenSchema)
@blp.response(201, schemas.TokenPairSchema)
def renew_session(payload: dict[str, Any]) -> Any:
    """Exchange a refresh token for a new pair of tokens."""
    with unit_of_work() as session:
        pair = sessions.renew(session, **payload, policy=token_policy(), now=clock.now())
    if pair is None:
        raise sessions.RefreshTokenInvalid
    return pair


@blp.post("/sessions/revocation")
@public
@blp.arguments(schemas.RefreshTokenSchema)
@blp.response(204)
def sign_out(payload: dict[str, Any]) -> None:
    """Sign out: the refresh token and all that came of it end."""
    with unit_of_work() as session:
        sessions.sign_out(session, **payload, now=clock.now())


@blp.get("/me")
@requires(Permission.Me.READ)
@blp.response(200, schemas.AccountSchema)
def show_me() -> Any:
    """Show one's own account."""
    return queries.get_account(db.session(), current_account_id())
