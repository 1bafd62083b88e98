"""Owns how a page is rendered: its language, its address in the other language, its headers."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from flask import Response, current_app, make_response, render_template, url_for

from backend.translations import LANGUAGES
from backend.web import texts


def render_page(
    template: str,
    lang: str,
    *,
    endpoint: str = "web.show_map",
    address: Mapping[str, Any] | None = None,
    **values: Any,
) -> Response:
    """Render a page in a language.

    :param lang: ``ko`` or ``en``.
    :param endpoint: of the page, for the link to its other language.
    :param address: arguments of that endpoint.
    :param values: what the template shows.
    """
    other = next(other for other in LANGUAGES if other != lang)
    response = make_response(
        render_template(
            template,
            lang=lang,
            other_lang=other,
            other_address=url_for(endpoint, **{**(address or {}), "lang": other}),
            page=endpoint,
            language_argument={} if lang == LANGUAGES[0] else {"lang": lang},
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
