"""Addresses and letters over HTTP: confirm one's address, and stop letters by their link.

A link opens a page with one button: what scans mail for bad links opens them all, and must neither
confirm nor stop anything.
"""

from typing import Any

from flask import Response, current_app, make_response, render_template, request

from backend import clock
from backend.auth.guards import current_account_id, public, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.errors import DomainError, NotFound
from backend.mail import is_mail_on
from backend.notifications.letters import schemas, service
from backend.notifications.letters.page_texts import PAGES
from backend.notifications.letters.tokens import (
    LinkExpired,
    LinkUnknown,
    read_confirmation,
    read_unsubscription,
)
from backend.openapi import URL_PREFIX, Blueprint
from backend.problems import answer_domain_error
from backend.translations import language

blp = Blueprint("letters", __name__, url_prefix=URL_PREFIX, description="E-mail to people")

HTML, PROBLEM = "text/html", "application/problem+json"
PAGE = {"type": "string", "description": "A page in the reader's language"}
POLICY = (
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)


@blp.errorhandler(LinkUnknown)
@blp.errorhandler(LinkExpired)
def answer_bad_link(error: DomainError) -> Response:
    """Answer whoever opened a link in a browser with a page, and programs with the problem."""
    problem = answer_domain_error(error)
    if request.accept_mimetypes.best_match((PROBLEM, HTML)) != HTML:
        return problem
    page = _show(error.sentence(language()))
    page.status_code = problem.status_code
    return page


class ConfirmationNotFound(NotFound):
    """Nobody asked to confirm the present address."""

    code = "email_confirmation_not_found"
    ko = "아직 이메일 주소 확인을 요청하지 않았습니다."
    en = "Nobody has asked to confirm the address yet."


@blp.get("/me/email-confirmation")
@requires(Permission.Me.READ)
@blp.response(200, schemas.EmailConfirmationSchema)
def show_email_confirmation() -> Any:
    """Show whether one's address was confirmed."""
    found = service.find_confirmation(db.session(), current_account_id())
    if found is None:
        raise ConfirmationNotFound
    return found


@blp.post("/me/email-confirmation")
@requires(Permission.Me.EDIT)
@blp.response(202, schemas.EmailConfirmationSchema)
def request_email_confirmation() -> Any:
    """Have a letter sent to one's address, with the link that confirms it."""
    with unit_of_work() as session:
        return service.request_confirmation(
            session,
            account_id=current_account_id(),
            is_mail_on=is_mail_on(current_app.config),
            now=clock.now(),
        )


@blp.get("/email-confirmations/<token>")
@public
@blp.response(200, PAGE, content_type="text/html")
def show_confirmation_page(token: str) -> Response:
    """Ask, on a page with one button, whether to confirm an address."""
    read_confirmation(token, secret=current_app.config["SECRET_KEY"], now=clock.now())
    return answer_page("confirm")


@blp.post("/email-confirmations/<token>")
@public
@blp.response(200, PAGE, content_type="text/html")
def confirm_email(token: str) -> Response:
    """Confirm an address by the link that was sent to it."""
    secret = current_app.config["SECRET_KEY"]
    with unit_of_work() as session:
        service.confirm_email(session, token=token, secret=secret, now=clock.now())
    return answer_page("confirmed")


@blp.get("/unsubscriptions/<token>")
@public
@blp.response(200, PAGE, content_type="text/html")
def show_unsubscription_page(token: str) -> Response:
    """Ask, on a page with one button, whether to stop letters."""
    read_unsubscription(token, secret=current_app.config["SECRET_KEY"])
    return answer_page("unsubscribe")


@blp.post("/unsubscriptions/<token>")
@public
@blp.response(200, PAGE, content_type="text/html")
def unsubscribe(token: str) -> Response:
    """Stop letters by their link, at once (RFC 8058)."""
    secret = current_app.config["SECRET_KEY"]
    with unit_of_work() as session:
        service.unsubscribe(session, token=token, secret=secret, now=clock.now())
    return answer_page("unsubscribed")


def answer_page(name: str) -> Response:
    """Return a page with one sentence and, where there is something to do, one button.

    :param name: a key of `PAGES`.
    """
    page = PAGES[name]
    if language() == "ko":
        return _show(page.ko, page.button_ko)
    return _show(page.en, page.button_en)


def _show(sentence: str, button: str = "") -> Response:
    html = render_template(
        "letter_link.html", language=language(), sentence=sentence, button=button
    )
    response = make_response(html)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.vary.add("Accept-Language")
    return response
