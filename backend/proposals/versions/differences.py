"""Owns how two texts are compared word by word, in time that no text can blow up.

A Korean word is compared with its particles and endings, as it stands between two spaces;
punctuation is apart.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_PAIRS = 20_000
"""Pairs of equal words, one of each text, up to which words are compared.

The comparison looks at each pair perhaps often, so a text of one word again and again would take
minutes; beyond, lines are compared, and beyond that what differs stands as a whole.
"""

_WORD = re.compile(r"\s*(?:\w+|[^\w\s])|\s+")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text and what became of it.

    :param kind: ``equal``, ``deleted`` or ``inserted``.
    """

    kind: str
    text: str


def compare_words(before: str, after: str) -> list[Run]:
    """Return the runs that lead from one text to another.

    Those that are equal or deleted spell out `before`, those equal or inserted `after`, to the
    last space. No two in a row are of one kind, and none is empty.
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    first, last = _common_ends(old, new)
    ends = old[:first], old[len(old) - last :]
    old, new = old[first : len(old) - last], new[first : len(new) - last]
    for split in (_LINE.findall, _as_a_whole):
        if _pairs(old, new) > MOST_PAIRS:
            old, new = split("".join(old)), split("".join(new))
    return _join([("equal", ends[0]), *_compare(old, new), ("equal", ends[1])])


def _as_a_whole(text: str) -> list[str]:
    return [text]


def _common_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """Return how many words both begin with, and how many of the rest both end with."""
    shorter = min(len(old), len(new))
    first = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    rest = shorter - first
    last = next((i for i in range(rest) if old[-1 - i] != new[-1 - i]), rest)
    return first, last


def _pairs(old: Sequence[str], new: Sequence[str]) -> int:
    here, there = Counter(old), Counter(new)
    return sum(count * there[word] for word, count in here.items())


def _compare(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            yield "equal", old[old_from:old_to]
            continue
        yield "deleted", old[old_from:old_to]
        yield "inserted", new[new_from:new_to]


def _join(pieces: Sequence[tuple[str, Sequence[str]]]) -> list[Run]:
    """Drop what is empty, and make one run of neighbours of one kind."""
    runs: list[Run] = []
    for kind, words in pieces:
        text = "".join(words)
        if not text:
            continue
        if runs and runs[-1].kind == kind:
            text = runs.pop().text + text
        runs.append(Run(kind, text))
    return runs
