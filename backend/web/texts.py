"""Owns the words of the pages: one catalogue per language in `texts/`, for templates and scripts.

A text is a string with `{name}` places, or one string per plural category (`one`, `other`).
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from flask import request

from backend.translations import LANGUAGES, language

Text = str | dict[str, str]

_FOLDER = Path(__file__).parent / "texts"


@cache
def catalogue(lang: str) -> Mapping[str, Text]:
    """Return every text of a language by its key.

    :param lang: ``ko`` or ``en``.
    """
    texts: dict[str, Text] = json.loads((_FOLDER / f"{lang}.json").read_text(encoding="utf-8"))
    return texts


def page_language() -> str:
    """Return the language that `?lang=` asks for, else the one that the browser prefers."""
    asked = request.args.get("lang")
    return asked if asked in LANGUAGES else language()


def write(lang: str, key: str, **params: object) -> str:
    """Return a text of a template with its places filled.

    :raises KeyError: when there is no such text, or a place stays empty.
    """
    text = catalogue(lang)[key]
    if isinstance(text, dict):
        text = text["other"]
    return text.format_map(params)
