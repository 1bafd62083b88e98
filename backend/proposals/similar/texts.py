"""Owns how Korean texts are compared: what is said of a place, apart from which place it is.

A syllable block holds two or three letters (jamo). Taken apart, a misspelt syllable or another
ending changes one run or two, where it would change the whole block. Proposals about one place
share its name, whatever they wish for; so words that a locative particle or a word such as
"behind" marks as a place are left out of the comparison.
"""

import re
import unicodedata
from collections.abc import Mapping, Set
from dataclasses import dataclass
from math import sqrt

from backend.proposals.similar.concepts import concepts_of

MOST_CHARACTERS = 600
"""Of a text that are looked at: what it is about stands at its beginning."""

RUN = 4

_WORD = re.compile(r"[0-9a-z가-힣]+")
_SENTENCE = re.compile(r"[.,!?\n]")

LOCATIVES = ("에서는", "에서도", "에서", "에는", "에도", "으로", "에", "로", "의")
PARTICLES = (
    "부터", "까지", "에게", "이나", "처럼", "보다", "마다", "이랑", "라도",
    "은", "는", "이", "가", "을", "를", "도", "와", "과", "만", "랑",
)  # fmt: skip
ENDINGS = (
    "습니다", "입니다", "합니다", "됩니다", "니다", "어요", "아요", "해요", "예요", "에요",
    "세요", "음", "함", "됨", "임", "다", "요",
)  # fmt: skip
SIDES = (
    "앞", "뒤", "옆", "근처", "입구", "주변", "쪽", "남쪽", "북쪽", "동쪽",
    "서쪽", "일대", "인근", "안", "밑", "아래", "위", "부근", "일원", "끝",
    "골목", "내", "출구", "후문", "정문", "뒤쪽", "뒤편", "옆길",
)  # fmt: skip
"""Words after the name of a place."""

RELIEF = ("말고", "허용", "반대", "완화", "꺼주", "풀어주", "더빨리", "너무밝", "철회", "과잉")
"""By which somebody wishes for less of what others wish for: put it out, allow it, not so much."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What is compared of a proposal's texts.

    :param runs: of letters in its words, those of `places` among them.
    :param places: runs in words that tell where it is.
    :param concepts: how often it tells of each.
    :param wishes_less: of what others wish for.
    """

    runs: Set[str]
    places: Set[str]
    concepts: Mapping[str, float]
    wishes_less: bool


def profile(
    title: str, problem: str | None, idea: str | None, *, forgotten: Set[str] = frozenset()
) -> Profile:
    """Return what is compared of a proposal's texts.

    :param forgotten: stems to do without, as a cross-validation does.
    """
    runs: set[str] = set()
    places: set[str] = set()
    parts = [(part or "")[:MOST_CHARACTERS] for part in (title, problem, idea)]
    for sentence in (piece for part in parts for piece in _SENTENCE.split(part)):
        for stem, is_place in _stems_of(sentence):
            found = runs_of(stem)
            runs |= found
            if is_place:
                places |= found
    words = [words_of(part) for part in parts]
    letters = "".join("".join(one) for one in words)
    wishes_less = any(word in letters for word in RELIEF if word not in forgotten)
    return Profile(runs, places, concepts_of(words, forgotten=forgotten), wishes_less)


def words_of(text: str) -> list[str]:
    """Return a text's words, lower case, without signs."""
    return _WORD.findall(unicodedata.normalize("NFC", text).lower())


def runs_of(stem: str) -> frozenset[str]:
    """Return the runs of four jamo in a word, its beginning marked."""
    jamo = "^" + unicodedata.normalize("NFD", stem)
    return frozenset(jamo[at : at + RUN] for at in range(max(1, len(jamo) - RUN + 1)))


def dice(left: Set[str], right: Set[str]) -> float:
    """Return how much two sets share: 0 nothing, 1 all (Dice, 1945)."""
    if not left or not right:
        return 0.0
    return 2 * len(left & right) / (len(left) + len(right))


def cosine(left: Mapping[str, float], right: Mapping[str, float]) -> float:
    """Return the cosine of two vectors of counts: 0 nothing shared, 1 the same mix."""
    if not left or not right:
        return 0.0
    lengths = sqrt(sum(n * n for n in left.values()) * sum(n * n for n in right.values()))
    return min(1.0, sum(n * right.get(name, 0.0) for name, n in left.items()) / lengths)


def _stems_of(sentence: str) -> list[tuple[str, bool]]:
    """Return the words without particles and endings, and whether each tells of a place.

    Bare nouns before a word with a locative particle belong to the same name.
    """
    stems: list[tuple[str, bool]] = []
    begun = 0
    for at, word in enumerate(words_of(sentence)):
        stem, is_place, is_end = _without_particle(word)
        stems.append((stem, False))
        if is_place:
            stems[begun:] = [(one, True) for one, _ in stems[begun:]]
        if is_place or is_end:
            begun = at + 1
    return stems


def _without_particle(word: str) -> tuple[str, bool, bool]:
    """Return a word's stem, whether it tells of a place, and whether it ends a group of nouns."""
    if word in SIDES:
        return word, True, True
    for particle in LOCATIVES:
        if word.endswith(particle) and len(word) - len(particle) >= 2:
            return word.removesuffix(particle), True, True
    for particle in PARTICLES:
        stem = word.removesuffix(particle)
        if stem != word and len(stem) >= 2:
            return stem, stem in SIDES, True
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) > len(ending):
            return word.removesuffix(ending), False, True
    return word, False, False
