"""The pages over HTTP; what they show of the data they fetch from the API."""

from functools import partial
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, make_response, render_template

from backend.auth.guards import public
from backend.db import read_connection
from backend.maps import queries
from backend.proposals.categories import CATEGORIES
from backend.proposals.queries import LISTED
from backend.proposals.states import LABELS
from backend.regions.errors import BoundariesNotLoaded
from backend.translations import LANGUAGES
from backend.web import texts
from backend.web.headers import guard_page
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
    return _page("map.html", lang, rounds=rounds, boundaries=boundaries, page_data=_words(lang))


def _page(template: str, lang: str, **values: Any) -> Response:
    response = make_response(
        render_template(
            template,
            lang=lang,
            other_lang=next(other for other in LANGUAGES if other != lang),
            language_argument={} if lang == "ko" else {"lang": lang},
            vendor_installed=is_vendor_installed(Path(current_app.static_folder or "")),
            t=partial(texts.write, lang),
            **values,
        )
    )
    response.headers["Content-Language"] = lang
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept-Language")
    return response


def is_vendor_installed(static_folder: Path) -> bool:
    """Tell whether `npm run vendor` has brought the libraries that the pages use."""
    return (static_folder / "vendor").is_dir()


def _words(lang: str) -> dict[str, Any]:
    """Return what the scripts need to speak the page's language."""
    column = LANGUAGES.index(lang)
    return {
        "lang": lang,
        "texts": texts.catalogue(lang),
        "categories": {one.code: one.en if lang == "en" else one.ko for one in CATEGORIES},
        "statuses": {status: LABELS[status][column] for status in LISTED},
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
