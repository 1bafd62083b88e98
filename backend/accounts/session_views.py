"""Sign-ins over HTTP: in, on and out, and the devices on which one is in."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import current_app

from backend import clock
from backend.accounts import admission, devices, renewals, sessions
from backend.accounts import sign_in_schemas as schemas
from backend.accounts.second_factor.service import CodeInvalid
from backend.auth.guards import current_account_id, current_identity, public, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.idempotency import not_kept
from backend.limits import limited
from backend.openapi import URL_PREFIX, Blueprint

blp = Blueprint(
    "sessions", __name__, url_prefix=URL_PREFIX, description="Signing in and out, and devices"
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


@blp.post("/sessions")
@not_kept
@public
@blp.arguments(schemas.SignInSchema)
@blp.response(201, schemas.TokenPairSchema)
@limited("sign_in", by="email")
def sign_in(payload: dict[str, Any]) -> Any:
    """Sign in with e-mail and password; 401 `second_factor_required` holds a `challenge`."""
    with unit_of_work() as session:
        return admission.sign_in(session, **payload, policy=token_policy(), now=clock.now())


@blp.post("/sessions/second-factor")
@not_kept
@public
@blp.arguments(schemas.SecondFactorSchema)
@blp.response(201, schemas.TokenPairSchema)
@limited("second_factor", by="challenge")
def pass_second_factor(payload: dict[str, Any]) -> Any:
    """Go on with a sign-in by the code of an authenticator, or one to recover."""
    with unit_of_work() as session:
        pair = admission.pass_second_factor(
            session, **payload, policy=token_policy(), now=clock.now()
        )
    if pair is None:
        raise CodeInvalid(field="json.code")
    return pair


@blp.post("/sessions/renewal")
@not_kept
@public
@blp.arguments(schemas.RenewalSchema)
@blp.response(201, schemas.TokenPairSchema)
@limited("renewal", by="refresh_token")
def renew_session(payload: dict[str, Any]) -> Any:
    """Exchange a refresh token for a new pair of tokens."""
    with unit_of_work() as session:
        pair = renewals.renew(session, **payload, policy=token_policy(), now=clock.now())
    if pair is None:
        raise renewals.RefreshTokenInvalid
    return pair


@blp.post("/sessions/revocation")
@public
@blp.arguments(schemas.RefreshTokenSchema)
@blp.response(204)
def sign_out(payload: dict[str, Any]) -> None:
    """Sign out: the refresh token and all that came of it end."""
    with unit_of_work() as session:
        sessions.sign_out(session, **payload, now=clock.now())


@blp.get("/me/devices")
@requires(Permission.Me.SECURE)
@blp.response(200, schemas.DevicesSchema)
def list_devices() -> Any:
    """List the devices on which one is signed in."""
    found = devices.list_devices(
        db.session(),
        account_id=current_account_id(),
        current=current_identity().sign_in_id,
        now=clock.now(),
    )
    return {"items": found}


@blp.delete("/me/devices/<uuid:device_id>")
@requires(Permission.Me.SECURE)
@blp.response(204)
def sign_out_device(device_id: UUID) -> None:
    """Sign out on one device; its tokens end at once."""
    with unit_of_work() as session:
        devices.sign_out_device(
            session, account_id=current_account_id(), device_id=device_id, now=clock.now()
        )


@blp.delete("/me/devices")
@requires(Permission.Me.SECURE)
@blp.response(204)
def sign_out_everywhere() -> None:
    """Sign out on all devices, this one included."""
    with unit_of_work() as session:
        devices.sign_out_everywhere(session, account_id=current_account_id(), now=clock.now())
