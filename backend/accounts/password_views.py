"""New passwords over HTTP: forgotten ones, and those that one changes."""

from typing import Any

from backend import clock
from backend.accounts import new_passwords
from backend.accounts import sign_in_schemas as schemas
from backend.auth.guards import current_account_id, current_identity, public, requires
from backend.auth.permissions import Permission
from backend.db import unit_of_work
from backend.limits import limited
from backend.openapi import URL_PREFIX, Blueprint
from backend.openapi_errors import may_be_gone

blp = Blueprint("passwords", __name__, url_prefix=URL_PREFIX, description="New passwords")


@blp.post("/password-resets")
@public
@blp.arguments(schemas.PasswordResetSchema)
@blp.response(202)
@limited("password_reset", by="email")
def ask_for_reset(payload: dict[str, Any]) -> None:
    """Ask for a code by mail; the answer is the same whether the address is known or not."""
    with unit_of_work() as session:
        new_passwords.ask_for_reset(session, **payload, now=clock.now())


@blp.post("/password-resets/completion")
@public
@may_be_gone("The code is not good, or not any more")
@blp.arguments(schemas.PasswordResetCompletionSchema)
@blp.response(204)
@limited("password_reset", by="token")
def complete_reset(payload: dict[str, Any]) -> None:
    """Set a new password with the code; every sign-in ends."""
    with unit_of_work() as session:
        new_passwords.complete_reset(session, **payload, now=clock.now())


@blp.put("/me/password")
@requires(Permission.Me.SECURE)
@blp.arguments(schemas.PasswordChangeSchema)
@blp.response(204)
@limited("password_change")
def change_password(payload: dict[str, Any]) -> None:
    """Change one's password; all other sign-ins end."""
    with unit_of_work() as session:
        new_passwords.change_password(
            session,
            account_id=current_account_id(),
            sign_in_id=current_identity().sign_in_id,
            **payload,
            now=clock.now(),
        )
