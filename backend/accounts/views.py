"""Accounts over HTTP: register, oneself, residence."""

from typing import Any

from backend import clock
from backend.accounts import queries, schemas, service
from backend.auth.guards import current_account_id, public, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.limits import limited
from backend.openapi import URL_PREFIX, Blueprint

blp = Blueprint(
    "accounts", __name__, url_prefix=URL_PREFIX, description="People and where they live"
)


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


@blp.get("/me/residence")
@requires(Permission.Me.READ)
@blp.response(200, schemas.ResidenceSchema)
def show_residence() -> Any:
    """Show the residence on record."""
    return queries.get_residence(db.session(), current_account_id())


@blp.put("/me/residence")
@requires(Permission.Me.EDIT)
@blp.arguments(schemas.ResidenceDeclarationSchema)
@blp.response(200, schemas.ResidenceSchema)
def declare_residence(payload: dict[str, Any]) -> Any:
    """Declare the neighbourhood where one lives."""
    with unit_of_work() as session:
        return service.declare_residence(
            session, account_id=current_account_id(), **payload, now=clock.now()
        )
