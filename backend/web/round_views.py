"""The pages about one round over HTTP: why a neighbourhood got what it got, and who got what."""

from typing import Any

from flask import Blueprint, Response, request

from backend import clock
from backend.auth.guards import public
from backend.db import db
from backend.errors import DomainError
from backend.fairness.explanations import explain_place
from backend.fairness.report import write_report
from backend.fairness.stages import describe_stage
from backend.fairness.tables import list_tables
from backend.regions import service as regions
from backend.rounds.models import Round
from backend.rounds.queries import find_round_by_code
from backend.rounds.run_queries import PlanNotFound
from backend.web import texts
from backend.web.answers_by_product import group_answers
from backend.web.headers import guard_page
from backend.web.pages import render_page
from backend.web.report_tables import describe_people, show_value, without_silent
from geo.regions import InvalidRegionCode, normalize_code
from geo.tiling import SIDO

MOST_FOUND = 20
"""Neighbourhoods that a search offers."""

MOST_ANSWERS = 100
"""Outcomes on one page."""

blp = Blueprint("web_rounds", __name__)
blp.after_request(guard_page)


@blp.get("/rounds/<code>/why")
@public
def show_why(code: str) -> Response:
    """Answer "why not my neighbourhood?" for one place, or let the reader find theirs."""
    round_ = _find_round(code)
    if round_ is None:
        return _missing("web_rounds.show_why", code)
    lang = texts.page_language()
    asked = {name: request.args[name] for name in ("region", "q", "after") if name in request.args}
    return render_page(
        "why.html",
        lang,
        endpoint="web_rounds.show_why",
        address={"code": code, **asked},
        round=round_,
        **_answer(round_, lang, **asked),
    )


@blp.get("/rounds/<code>/fairness")
@public
def show_fairness(code: str) -> Response:
    """Show who got what of a round, as tables."""
    round_ = _find_round(code)
    if round_ is None:
        return _missing("web_rounds.show_fairness", code)
    lang = texts.page_language()
    return render_page(
        "fairness.html",
        lang,
        endpoint="web_rounds.show_fairness",
        address={"code": code},
        round=round_,
        show=show_value,
        **_report(round_, lang),
    )


def _report(round_: Round, lang: str) -> dict[str, Any]:
    """Return what the page shows: tables, or where the round stands."""
    try:
        report = write_report(db.session(), round_)
    except PlanNotFound:
        return {"stage": describe_stage(round_, clock.now())[lang], "tables": []}
    tables, silent = without_silent(list_tables(report, lang))
    return {
        "tables": tables,
        "silent": silent,
        "population": describe_people(report.population, lang),
    }


def _find_round(code: str) -> Round | None:
    """Return a round that everybody may know of."""
    # What no text column can hold is the code of no round either.
    round_ = None if "\0" in code else find_round_by_code(db.session(), code)
    return round_ if round_ is not None and round_.is_public else None


def _missing(endpoint: str, code: str) -> Response:
    response = render_page(
        "round_missing.html", texts.page_language(), endpoint=endpoint, address={"code": code}
    )
    response.status_code = 404
    return response


def _answer(
    round_: Round, lang: str, region: str | None = None, q: str = "", after: str | None = None
) -> dict[str, Any]:
    """Return what the page shows: an answer, or neighbourhoods to choose from."""
    shown: dict[str, Any] = {"q": q, "found": None, "answer": None, "problem": None}
    try:
        if region:
            answer = explain_place(
                db.session(),
                round_,
                region_code=normalize_code(region),
                limit=MOST_ANSWERS,
                after=after,
                now=clock.now(),
            )
            shown |= {"answer": answer, "groups": group_answers(answer.page.items)}
        elif q.strip():
            found = regions.search(db.session(), q=q.strip()[:100], limit=MOST_FOUND).items
            shown["found"] = [region for region in found if region.level > SIDO]
    except DomainError as exc:
        shown["problem"] = exc.sentence(lang)
    except InvalidRegionCode:
        shown["problem"] = texts.write(lang, "ask.no_such_place")
    return shown
