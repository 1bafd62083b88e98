"""Owns the ways in which people spell a region: its own name, and the way to it from the sido.

A region is spelt with or without the unit at the end of its name, with the everyday names of sido,
with or without the cities and gu between, and in Latin letters. Spaces and hyphens count nowhere.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from geo.regions.keystrokes import initials_of, keys_of
from geo.romanization import romanize_name

EVERYDAY_SIDO = {
    "11": ("서울", "서울시"),
    "26": ("부산", "부산시"),
    "27": ("대구", "대구시"),
    "28": ("인천", "인천시"),
    "29": ("광주", "광주시"),
    "30": ("대전", "대전시"),
    "31": ("울산", "울산시"),
    "36": ("세종", "세종시"),
    "41": ("경기",),
    "43": ("충북",),
    "44": ("충남",),
    "46": ("전남",),
    "47": ("경북",),
    "48": ("경남",),
    "50": ("제주", "제주도"),
    "51": ("강원", "강원도"),
    "52": ("전북", "전라북도"),
}
"""Everyday and former names of sido by code, beside the official one."""

KOREAN_UNIT = re.compile(r"(?<=..)(?<!특별)(?<!광역)(?<!자치)[시군구읍면동도]$")
"""Nobody calls 중구 just 중, or 서울특별시 서울특별."""

LATIN_UNIT = re.compile(r"-(si|gun|gu|eup|myeon|dong|do)$")

BAR = "|"
"""Stands around each spelling, so that a whole one can be told from a part."""

Word = Sequence[str]
"""The ways to write one word of a name, the official one first."""


@dataclass(frozen=True, slots=True)
class Named:
    """A region's code and names."""

    code: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Spellings:
    """What is searched of one region, each spelling between bars, the official one first.

    `name_*` are the region's own name, `path_*` the ways to it; `*_keys` as keystrokes,
    `*_initials` as initial consonants, `*_latin` in lower-case Latin letters.
    """

    name_keys: str
    path_keys: str
    name_initials: str
    path_initials: str
    name_latin: str
    path_latin: str


def spell(chain: Sequence[Named]) -> Spellings:
    """Return the spellings of a region.

    :param chain: the sido, the sigungu and the emd, as far as the region's level.
    """
    korean, latin = [_korean(named) for named in chain], [_latin(named) for named in chain]
    # The sigungu of Sejong bears the name of its sido, and no neighbourhood is said to be in both.
    if len(chain) > 1 and chain[1].name == chain[0].name:
        del korean[1], latin[1]
    names, paths = _own(korean[-1]), _paths(korean)
    return Spellings(
        name_keys=_join(names, keys_of),
        path_keys=_join(paths, keys_of),
        name_initials=_join(names, initials_of),
        path_initials=_join(paths, initials_of),
        name_latin=_join(_own(latin[-1]), str),
        path_latin=_join(_paths(latin), str),
    )


def _korean(named: Named) -> list[Word]:
    everyday = EVERYDAY_SIDO.get(named.code, ())
    return [
        [*dict.fromkeys((word, *everyday, KOREAN_UNIT.sub("", word)))]
        for word in named.name.split()
    ]


def _latin(named: Named) -> list[Word]:
    everyday = [romanize_name(name) for name in EVERYDAY_SIDO.get(named.code, ())]
    # An English name may have more words than the Korean one: Taepyeongno 1-ga.
    words = named.name_en.split() if " " in named.name else [named.name_en]
    return [
        [*dict.fromkeys(map(plain_latin, (word, *everyday, LATIN_UNIT.sub("", word))))]
        for word in words
    ]


def plain_latin(text: str) -> str:
    """Return Latin letters and digits in lower case, without what stands between them."""
    return re.sub(r"[^0-9a-z]", "", text.lower())


def _own(words: Sequence[Word]) -> list[str]:
    """Return the spellings of a name, the official one first; of 천안시 동남구 also 동남."""
    *before, last = words
    return _products([*([*word, ""] for word in before), last])


def _paths(names: Sequence[Sequence[Word]]) -> list[str]:
    """Return the ways from the sido to a region; what lies between may be left out."""
    *above, own = names
    if not above:
        return _own(own)
    sido, *between = above
    *city, last = own
    steps = [
        *sido,
        *([*word, ""] for words in between for word in words),
        *([*word, ""] for word in city),
        # A name without its unit begins the whole name.
        last[:1],
    ]
    return _products(steps)


def _products(steps: Sequence[Word]) -> list[str]:
    return [*dict.fromkeys("".join(way) for way in product(*steps))]


def _join(spellings: Iterable[str], form: Callable[[str], str]) -> str:
    return BAR + BAR.join(dict.fromkeys(map(form, spellings))) + BAR
