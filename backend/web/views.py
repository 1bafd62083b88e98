"""The pages over HTTP; what they show of the data they fetch from the API."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response

from backend.auth.guards import public
from backend.db import read_connection
from backend.maps import queries
from backend.proposals.categories import CATEGORIES
from backend.proposals.filters import LISTED
from backend.proposals.states import LABELS
from backend.regions.errors import BoundariesNotLoaded
from backend.translations import LANGUAGES
from backend.web import texts
from backend.web.headers import guard_page
from backend.web.pages import render_page
from geo.orm import Executor

blp = Blueprint("web", __name__)
blp.after_request(guard_page)


@blp.get("/")
@public
def show_map() -> Response:
    """Show the public map."""
    lang = texts.page_language()
    with read_connection() as connection:
        rounds = [
            {"code": row.code, "title": row.title_en if lang == "en" else row.title_ko}
            for row in queries.list_published_rounds(connection)
        ]
        boundaries = _boundaries(connection)
    return render_page(
        "map.html", lang, rounds=rounds, boundaries=boundaries, page_data=_words(lang, rounds)
    )


def _words(lang: str, rounds: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Return what the scripts need to speak the page's language."""
    column = LANGUAGES.index(lang)
    return {
        "lang": lang,
        "texts": texts.catalogue(lang),
        "categories": {one.code: one.en if lang == "en" else one.ko for one in CATEGORIES},
        "statuses": {status: LABELS[status][column] for status in LISTED},
        "latest_round": rounds[0]["code"] if rounds else None,
    }


def _boundaries(connection: Executor) -> dict[str, str] | None:
    try:
        generation = queries.current_generation(connection)
    except BoundariesNotLoaded:
        return None
    return {
        "sources": queries.read_attribution(connection, generation),
        "date": generation.data_date.isoformat(),
    }
