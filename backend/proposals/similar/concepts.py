"""Owns the words by which citizens call things and troubles: one concept, many ways to say it.

The list was written by hand with the tuning half of the labelled pairs at hand, and of what else
public services look after; figures on that half flatter it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Concept:
    """A thing, such as a street light, or a trouble, such as darkness.

    :param is_trouble: what is wrong, and not what it is about.
    :param stems: beginnings of words that tell of it, without spaces, lower case.
    """

    code: str
    is_trouble: bool
    ko: str
    en: str
    stems: tuple[str, ...]


def _read() -> Mapping[str, Concept]:
    path = files(__package__) / "data" / "concepts.json"
    rows = json.loads(path.read_text(encoding="utf-8"))
    return {
        row["code"]: Concept(
            row["code"], row["role"] == "trouble", row["ko"], row["en"], tuple(row["stems"])
        )
        for row in rows
    }


CONCEPTS = _read()


def concepts_of(letters: str) -> frozenset[str]:
    """Return the codes of the concepts that a text tells of.

    :param letters: the text without spaces and signs, lower case (`texts.letters_of`).
    """
    return frozenset(
        code for code, concept in CONCEPTS.items() if any(stem in letters for stem in concept.stems)
    )
