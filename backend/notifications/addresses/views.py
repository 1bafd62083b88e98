"""Another address over HTTP: ask for it, and confirm it on the page that its letter opens."""

from typing import Any

from flask import Response, current_app

from backend import clock
from backend.accounts.service import EmailTaken
from backend.auth.guards import current_account_id, current_identity, public, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.idempotency import not_kept
from backend.limits import limited
from backend.mail import is_mail_on
from backend.notifications.addresses import schemas, service
from backend.notifications.letters.tokens import LinkExpired, LinkUnknown, read_change
from backend.notifications.letters.views import PAGE, answer_bad_link, answer_page
from backend.openapi import URL_PREFIX, Blueprint
from backend.openapi_errors import may_be_gone

blp = Blueprint("addresses", __name__, url_prefix=URL_PREFIX, description="One's e-mail address")
for refusal in (LinkUnknown, LinkExpired, EmailTaken):
    blp.register_error_handler(refusal, answer_bad_link)


@blp.post("/me/email-change")
@not_kept
@requires(Permission.Me.SECURE)
@blp.arguments(schemas.EmailChangeRequestSchema)
@blp.response(202, schemas.EmailChangeSchema)
@limited("password_change")
def request_change(payload: dict[str, Any]) -> Any:
    """Have a link sent to another address; until it is opened the present one counts."""
    with unit_of_work() as session:
        return service.request_change(
            session,
            account_id=current_account_id(),
            sign_in_id=current_identity().sign_in_id,
            **payload,
            is_mail_on=is_mail_on(current_app.config),
            now=clock.now(),
        )


@blp.get("/me/email-change")
@requires(Permission.Me.READ)
@blp.response(200, schemas.EmailChangeSchema)
def show_email_change() -> Any:
    """Show the address that waits to be confirmed."""
    return service.get_change(db.session(), current_account_id(), clock.now())


@blp.get("/email-changes/<token>")
@public
@may_be_gone("The link is too old")
@blp.response(200, PAGE, content_type="text/html")
def show_change_page(token: str) -> Response:
    """Ask, on a page with one button, whether an account gets this address."""
    read_change(token, secret=current_app.config["SECRET_KEY"], now=clock.now())
    return answer_page("change")


@blp.post("/email-changes/<token>")
@public
@may_be_gone("The link is too old")
@blp.response(200, PAGE, content_type="text/html")
def complete_change(token: str) -> Response:
    """Give the account the address that the link was sent to."""
    secret = current_app.config["SECRET_KEY"]
    with unit_of_work() as session:
        service.complete_change(session, token=token, secret=secret, now=clock.now())
    return answer_page("changed")
