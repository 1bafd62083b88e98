"""Guardians over HTTP: a child asks, whoever has the link reads and answers."""

from typing import Any

from flask import current_app

from backend import clock
from backend.accounts.consents.documents import get_version
from backend.accounts.guardians import queries, schemas, service
from backend.accounts.guardians.letters import current_carrier
from backend.accounts.queries import get_account
from backend.auth.guards import current_account_id, public, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.openapi import URL_PREFIX, Blueprint
from backend.openapi_errors import may_be_gone
from backend.schemas import PageQuerySchema, page_of, with_next_link

blp = Blueprint(
    "guardians", __name__, url_prefix=URL_PREFIX, description="Consent for children under 14"
)


@blp.get("/me/guardian-consents")
@requires(Permission.Me.READ)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_of(schemas.GuardianConsentSchema))
def list_guardian_consents(query: dict[str, Any]) -> Any:
    """List how one's guardian was asked and what they said, the latest first."""
    page = queries.list_asked(db.session(), account_id=current_account_id(), **query)
    return with_next_link(page)


@blp.post("/me/guardian-consents")
@requires(Permission.Me.EDIT)
@blp.arguments(schemas.GuardianAskSchema)
@blp.response(201, schemas.GuardianConsentSchema)
def ask_guardian(payload: dict[str, Any]) -> Any:
    """Have a link sent to one's guardian, good once and for two days."""
    current_carrier()
    with unit_of_work() as session:
        return service.ask_guardian(
            session,
            account_id=current_account_id(),
            **payload,
            secret=current_app.config["SECRET_KEY"],
            now=clock.now(),
        )


@blp.get("/guardian-consents/<string:token>")
@public
@may_be_gone("The link was answered, replaced or is too old")
@blp.response(200, schemas.GuardianQuestionSchema)
def show_question(token: str) -> Any:
    """Show a guardian what they are asked, and for which child."""
    asked = service.read_question(db.session(), token=token, now=clock.now())
    return {
        "child_name": get_account(db.session(), asked.account_id).display_name,
        "document": get_version(service.DOCUMENT, asked.version),
        "expires_at": asked.expires_at,
    }


@blp.post("/guardian-consents/<string:token>")
@public
@may_be_gone("The link was answered, replaced or is too old")
@blp.arguments(schemas.GuardianAnswerSchema)
@blp.response(200, schemas.GuardianAnsweredSchema)
def answer_for_child(payload: dict[str, Any], token: str) -> Any:
    """Agree or refuse, as the guardian who has the link."""
    with unit_of_work() as session:
        return service.answer_for_child(session, token=token, **payload, now=clock.now())
