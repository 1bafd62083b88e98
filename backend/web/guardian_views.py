"""The page that the link of a letter to a guardian opens: what is asked, and two buttons."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request

from backend import clock
from backend.accounts.consents.documents import get_version
from backend.accounts.guardians import service
from backend.accounts.queries import get_account
from backend.auth.guards import public
from backend.db import db, unit_of_work
from backend.errors import DomainError
from backend.problems import answer_domain_error
from backend.web import texts
from backend.web.headers import guard_page
from backend.web.pages import render_page

blp = Blueprint("web_guardians", __name__)
blp.after_request(guard_page)

SEOUL = ZoneInfo("Asia/Seoul")
ANSWERS = {"agree": True, "refuse": False}


@blp.get("/guardian-consents/<token>")
@public
def show_question(token: str) -> Response:
    """Ask a guardian whether their child may propose."""
    try:
        asked = service.read_question(db.session(), token=token, now=clock.now())
    except DomainError as refusal:
        return _refused(token, refusal)
    return _page(
        token,
        child_name=get_account(db.session(), asked.account_id).display_name,
        document=get_version(service.DOCUMENT, asked.version),
        until=f"{asked.expires_at.astimezone(SEOUL):%Y-%m-%d %H:%M}",
    )


@blp.post("/guardian-consents/<token>")
@public
def answer_question(token: str) -> Response:
    """Take a guardian's answer."""
    agreed = ANSWERS.get(request.form.get("answer", ""))
    if agreed is None:
        return show_question(token)
    try:
        with unit_of_work() as session:
            service.answer_for_child(session, token=token, agreed=agreed, now=clock.now())
    except DomainError as refusal:
        return _refused(token, refusal)
    return _page(token, answered=agreed)


def _refused(token: str, refusal: DomainError) -> Response:
    page = _page(token, refusal=refusal.sentence(texts.page_language()))
    page.status_code = answer_domain_error(refusal).status_code
    return page


def _page(token: str, **values: Any) -> Response:
    response = render_page(
        "guardian.html",
        texts.page_language(),
        endpoint="web_guardians.show_question",
        address={"token": token},
        **values,
    )
    # The address is the guardian's key: it is neither kept nor passed on.
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
