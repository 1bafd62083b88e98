"""One's own second factor over HTTP: enrol, confirm, remove."""

from typing import Any

from flask import current_app

from backend import clock
from backend.accounts import sign_in_schemas as schemas
from backend.accounts.second_factor import service
from backend.auth.guards import current_account_id, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.idempotency import not_kept
from backend.limits import limited
from backend.openapi import URL_PREFIX, Blueprint
from backend.problems import answer_domain_error

blp = Blueprint("second_factor", __name__, url_prefix=URL_PREFIX, description="The second factor")


@blp.get("/me/totp")
@requires(Permission.Me.SECURE)
@blp.response(200, schemas.SecondFactorStatusSchema)
def show_second_factor() -> Any:
    """Show whether one's account has a second factor."""
    return service.describe(db.session(), account_id=current_account_id())


@blp.post("/me/totp")
@not_kept
@requires(Permission.Me.SECURE)
@blp.arguments(schemas.PasswordShownSchema)
@blp.response(201, schemas.EnrolmentSchema)
@limited("second_factor")
def enrol_second_factor(payload: dict[str, Any]) -> Any:
    """Get the secret for an authenticator; it counts once it is confirmed."""
    with unit_of_work() as session:
        return service.enrol(session, **payload, **_whose())


@blp.post("/me/totp/confirmation")
@not_kept
@requires(Permission.Me.SECURE)
@blp.arguments(schemas.CodeSchema)
@blp.response(201, schemas.RecoveryCodeListSchema)
@limited("second_factor")
def confirm_second_factor(payload: dict[str, Any]) -> Any:
    """Confirm the second factor by a code of it, and get the recovery codes."""
    with unit_of_work() as session:
        codes = service.confirm(session, **payload, **_whose())
    return _refusal() if codes is None else {"recovery_codes": codes}


@blp.post("/me/totp/removal")
@not_kept
@requires(Permission.Me.SECURE)
@blp.arguments(schemas.CodeSchema)
@blp.response(204)
@limited("second_factor")
def remove_second_factor(payload: dict[str, Any]) -> Any:
    """Remove the second factor by a code of it, or one to recover."""
    with unit_of_work() as session:
        is_removed = service.remove(session, **payload, **_whose())
    return None if is_removed else _refusal()


def _whose() -> dict[str, Any]:
    return {
        "account_id": current_account_id(),
        "secret": current_app.config["SECRET_KEY"],
        "now": clock.now(),
    }


def _refusal() -> Any:
    """Answer a wrong code, in place of raising, which would take the counting of it back.

    The request may be a part of a larger unit of work: one with If-Match is.
    """
    return answer_domain_error(service.CodeInvalid(field="json.code"))
