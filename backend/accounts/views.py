"""Accounts over HTTP: register, and oneself."""

from typing import Any

from backend import clock
from backend.accounts import queries, schemas, service
from backend.auth.guards import current_account_id, public, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.limits import limited
from backend.openapi import URL_PREFIX, Blueprint

blp = Blueprint("accounts", __name__, url_prefix=URL_PREFIX, description="People: registration")


@blp.post("/accounts")
@public
@blp.arguments(schemas.AccountCreateSchema)
@blp.response(201, schemas.AccountSchema)
@limited("registration", by="email")
def register_account(payload: dict[str, Any]) -> Any:
    """Register with an e-mail address and a password."""
    with unit_of_work() as session:
        return service.register_account(session, **payload, now=clock.now())


@blp.get("/me")
@requires(Permission.Me.READ)
@blp.response(200, schemas.AccountSchema)
def show_me() -> Any:
    """Show one's own account."""
    return queries.get_account(db.session(), current_account_id())
