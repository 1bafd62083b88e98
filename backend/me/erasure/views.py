"""Erasure over HTTP: what it would do, and doing it."""

from typing import Any

from backend import clock
from backend.auth.guards import current_account_id, current_identity, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.idempotency import not_kept
from backend.limits import limited
from backend.me.erasure import schemas, service
from backend.openapi import URL_PREFIX, Blueprint

blp = Blueprint("erasure", __name__, url_prefix=URL_PREFIX, description="Leaving for good")


@blp.get("/me/erasure")
@requires(Permission.Me.ERASE)
@blp.response(200, schemas.ErasureProspectSchema)
def describe_erasure() -> Any:
    """Show what an erasure of one's account deletes, what stays and why, and what is in the way."""
    return service.describe_erasure(db.session(), current_account_id())


@blp.post("/me/erasure")
@not_kept
@requires(Permission.Me.ERASE)
@blp.arguments(schemas.ErasureRequestSchema)
@blp.response(200, schemas.ErasureSchema)
@limited("password_change")
def erase_account(payload: dict[str, Any]) -> Any:
    """Erase one's account at once and for good; every sign-in ends with it."""
    with unit_of_work() as session:
        return service.erase_account(
            session,
            account_id=current_account_id(),
            sign_in_id=current_identity().sign_in_id,
            **payload,
            now=clock.now(),
        )
