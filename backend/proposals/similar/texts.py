"""Owns how Korean texts are compared: letters without spaces, as jamo, by runs of three.

A syllable block holds two or three letters (jamo). Taken apart, a misspelt syllable or another
ending changes one run or two, where it would change the whole block; and without spaces it does
not matter where somebody left them out.
"""

import unicodedata
from collections.abc import Set
from dataclasses import dataclass

from backend.proposals.similar.concepts import concepts_of

MOST_CHARACTERS = 600
"""Of a text that are looked at: what it is about stands at its beginning."""

RUN = 3

FILLERS = (
    "습니다", "입니다", "합니다", "했으면", "좋겠", "주세요", "해주", "부탁드립", "바랍니다",
    "요청", "건의", "제안", "있으면", "같습니다", "같아요", "너무", "정말", "설치", "개선",
)  # fmt: skip
"""What every second proposal says, whatever it is about."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What is compared of a proposal's texts."""

    title: Set[str]
    body: Set[str]
    concepts: Set[str]


def profile(title: str, problem: str | None, idea: str | None) -> Profile:
    """Return what is compared of a proposal's texts."""
    parts = [letters_of(part or "") for part in (title, problem, idea)]
    body = "".join(parts)
    return Profile(runs_of(parts[0]), runs_of(body), concepts_of(body))


def letters_of(text: str) -> str:
    """Return a text's letters and digits, lower case, without anything between them."""
    composed = unicodedata.normalize("NFC", text[:MOST_CHARACTERS]).lower()
    return "".join(filter(str.isalnum, composed))


def runs_of(letters: str) -> frozenset[str]:
    """Return the runs of three jamo in a text, its fillers aside."""
    for filler in FILLERS:
        letters = letters.replace(filler, " ")
    found = set()
    for piece in letters.split():
        jamo = unicodedata.normalize("NFD", piece)
        found |= {jamo[at : at + RUN] for at in range(max(1, len(jamo) - RUN + 1))}
    return frozenset(found)


def dice(left: Set[str], right: Set[str]) -> float:
    """Return how much two sets share: 0 nothing, 1 all (Dice, 1945)."""
    if not left or not right:
        return 0.0
    return 2 * len(left & right) / (len(left) + len(right))


def containment(left: Set[str], right: Set[str]) -> float:
    """Return how much of the smaller set lies in the other: for a line beside a paragraph."""
    if not left or not right:
        return 0.0
    return len(left & right) / min(len(left), len(right))
