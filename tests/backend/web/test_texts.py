"""The catalogue of the pages: complete in both languages, and nothing in it is idle."""

import re
from pathlib import Path

import pytest

from backend.web import texts

WEB = Path(texts.__file__).parent
KEY = re.compile(r"""["'`](?!site\.css|[a-z_]+\.html)([a-z]+\.[a-z_0-9]+|krw)["'`]""")
DYNAMIC = ("tabs.", "level.", "table.", "fact.", "provenance.", "why.tier_")
"""Beginnings that the scripts and templates put a word of the data behind."""


def sources() -> str:
    """Return everything that may name a text."""
    files = [*WEB.glob("*.py"), *WEB.glob("templates/*.html"), *WEB.glob("static/map/*.js")]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def places(text: texts.Text) -> set[str]:
    """Return the places of a text that are to be filled."""
    forms = text.values() if isinstance(text, dict) else [text]
    return set(re.findall(r"\{(\w+)\}", " ".join(forms)))


def test_both_languages_have_the_same_texts_with_the_same_places() -> None:
    korean, english = texts.catalogue("ko"), texts.catalogue("en")
    assert {key: places(text) for key, text in korean.items()} == {
        key: places(text) for key, text in english.items()
    }


def test_every_text_that_is_named_is_there() -> None:
    groups = {key.split(".")[0] for key in texts.catalogue("ko")}
    named = {key for key in KEY.findall(sources()) if key.split(".")[0] in groups}
    assert named - set(texts.catalogue("ko")) == set()


def test_every_text_is_named_somewhere() -> None:
    named = set(KEY.findall(sources()))
    idle = [
        key for key in texts.catalogue("ko") if key not in named and not key.startswith(DYNAMIC)
    ]
    assert idle == []


def test_a_place_that_stays_empty_is_an_error() -> None:
    with pytest.raises(KeyError):
        texts.write("ko", "footer.as_of")
