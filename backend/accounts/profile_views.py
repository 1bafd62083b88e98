"""One's own account over HTTP: its name, and whether a guardian is needed."""

from typing import Any

from backend import clock
from backend.accounts import ages, queries, schemas, service
from backend.accounts.models import Account
from backend.auth.guards import current_account_id, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.openapi import URL_PREFIX, Blueprint
from backend.preconditions import needs_match

blp = Blueprint("profile", __name__, url_prefix=URL_PREFIX, description="One's own account")


@blp.patch("/me")
@needs_match
@requires(Permission.Me.EDIT)
@blp.arguments(schemas.AccountEditSchema)
@blp.response(200, schemas.AccountSchema)
def edit_me(payload: dict[str, Any]) -> Any:
    """Change one's name."""
    with unit_of_work() as session:
        return service.rename_account(
            session, account_id=current_account_id(), **payload, now=clock.now()
        )


@blp.get("/me/age")
@requires(Permission.Me.READ)
@blp.response(200, schemas.AgeSchema)
def show_age() -> Any:
    """Show whether a guardian has to consent."""
    return _age_of(queries.get_account(db.session(), current_account_id()))


@blp.put("/me/age")
@requires(Permission.Me.EDIT)
@blp.arguments(schemas.AgeDeclarationSchema)
@blp.response(200, schemas.AgeSchema)
def declare_age(payload: dict[str, Any]) -> Any:
    """Declare when one was born, once; the date is not kept."""
    with unit_of_work() as session:
        return _age_of(
            ages.declare_age(session, account_id=current_account_id(), **payload, now=clock.now())
        )


def _age_of(account: Account) -> dict[str, Any]:
    return {
        "declared": account.age_declared_at is not None,
        "guardian_needed_until": ages.guardian_needed_until(account, clock.now()),
    }
