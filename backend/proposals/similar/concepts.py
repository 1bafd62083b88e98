"""Owns the words by which citizens tell of troubles and remedies: one concept, many ways to say it.

The list was written by hand, with both halves of the labelled pairs known to its author, so that
figures on them flatter it unless words that only one family uses are forgotten for that family.
"""

import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from importlib.resources import files

ANYWHERE = 3
"""Letters from which a stem may stand inside a word; a shorter one has to begin it."""

TITLE_COUNTS = 1.5
"""What a title says counts more than the same said in the text."""


@dataclass(frozen=True, slots=True)
class Concept:
    """What is wrong or wished for, such as darkness with the lamps that end it.

    :param stems: beginnings of words that tell of it, without spaces, lower case.
    """

    code: str
    ko: str
    en: str
    stems: tuple[str, ...]


def _read() -> Mapping[str, Concept]:
    path = files(__package__) / "data" / "concepts.json"
    rows = json.loads(path.read_text(encoding="utf-8"))
    return {
        row["code"]: Concept(row["code"], row["ko"], row["en"], tuple(row["stems"])) for row in rows
    }


CONCEPTS = _read()

STEMS: Mapping[str, Sequence[str]] = {
    stem: [code for code, concept in CONCEPTS.items() if stem in concept.stems]
    for stem in sorted({stem for concept in CONCEPTS.values() for stem in concept.stems})
}
"""The codes of the concepts that each stem tells of."""


def _by_beginning() -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for stem in STEMS:
        found.setdefault(stem[:ANYWHERE], []).append(stem)
    return found


_BY_BEGINNING = _by_beginning()


def concepts_of(
    parts: Sequence[Sequence[str]], *, forgotten: Set[str] = frozenset()
) -> Mapping[str, float]:
    """Return how often a proposal tells of each concept that it tells of.

    :param parts: the words of its title, then of its other texts (`texts.words_of`).
    :param forgotten: stems to do without, as a cross-validation does.
    """
    told: dict[str, float] = {}
    for at, words in enumerate(parts):
        for stem in sorted(stems_told(words) - forgotten):
            for code in STEMS[stem]:
                told[code] = told.get(code, 0.0) + (1.0 if at else TITLE_COUNTS)
    return told


def stems_told(words: Sequence[str]) -> frozenset[str]:
    """Return the stems that a text has; long ones wherever spaces were left out."""
    letters = "".join(words)
    short = {word[: ANYWHERE - 1] for word in words}
    long = {
        stem
        for at in range(len(letters) - ANYWHERE + 1)
        for stem in _BY_BEGINNING.get(letters[at : at + ANYWHERE], ())
        if letters.startswith(stem, at)
    }
    return frozenset(long | (short & STEMS.keys()))
