"""Owns how names of Korean regions are written in Latin letters.

The rule is the Revised Romanization (국어의 로마자 표기법, a notice of the Ministry of Culture) and
its section 3, article 5 for administrative units. The names follow the rule; they are not each
copied from the official sign, which a region may write otherwise.
"""

import re
from functools import cache
from itertools import pairwise

import koroman

UNITS = {
    "도": "do",
    "시": "si",
    "군": "gun",
    "구": "gu",
    "읍": "eup",
    "면": "myeon",
    "리": "ri",
    "동": "dong",
    "가": "ga",
}
"""Units of article 5: after a hyphen, and no sound changes across it."""

NUMBERED = re.compile(r"(?P<stem>\D+)(?P<number>\d+)(?P<unit>[가동리])")
"""태평로1가 and 효자동3가: the number stands by itself, the unit behind its hyphen."""

_FIRST, _LAST = ord("가"), ord("힣")
_VOWELS, _FINALS = 21, 28
_SILENT, _HIEUT = 11, 18
"""Initials ㅇ, which has no sound of its own, and ㅎ."""
_Y_VOWELS = frozenset({2, 3, 6, 7, 12, 17})
"""ㅑ ㅒ ㅕ ㅖ ㅛ ㅠ."""
_LIAISONS = {1: 0, 8: 5}
"""Final ㄱ and ㄹ, and the initials they become before a silent one."""
_STOPS = frozenset({1, 7, 17})
"""Finals ㄱ, ㄷ, ㅂ."""


@cache
def romanize_name(name: str) -> str:
    """Return the name of a region in Latin letters, such as ``Suwon-si Gwonseon-gu``.

    :param name: one or more words in Korean, such as ``수원시 권선구`` or ``태평로1가``.
    """
    return " ".join(_romanize_word(word) for word in name.split())


def _romanize_word(word: str) -> str:
    if numbered := NUMBERED.fullmatch(word):
        stem, number, unit = numbered.group("stem", "number", "unit")
        before = _romanize_word(stem) if unit == "가" else _romanize_stem(stem)
        return f"{before} {number}-{UNITS[unit]}"
    stem, unit = word[:-1], word[-1:]
    if stem and unit in UNITS:
        return f"{_romanize_stem(stem)}-{UNITS[unit]}"
    return _romanize_stem(word)


def _romanize_stem(stem: str) -> str:
    """Return a name without its unit; sound changes inside it are written (section 3, article 1).

    ㅎ after ㄱ, ㄷ, ㅂ stays in nouns (묵호 Mukho), so such syllables are read one by one.
    """
    linked = _link(stem)
    cuts = [
        at
        for at in range(1, len(linked))
        if _parts(linked[at - 1])[2] in _STOPS and _parts(linked[at])[0] == _HIEUT
    ]
    pieces = [linked[a:b] for a, b in zip([0, *cuts], [*cuts, len(linked)], strict=True)]
    # koroman keeps like sounds apart with a hyphen (합포 hap-po), which the rule leaves out.
    letters = "".join(str(koroman.romanize(piece)) for piece in pieces)
    return letters.replace("-", "").capitalize()


def _link(stem: str) -> str:
    """Carry a final ㄱ or ㄹ over to the vowel behind it: 녹양 is read 노걍 (Nogyang).

    The ㄴ that compounds may insert there instead (학여울) is in no name of a region.
    """
    syllables = [list(_parts(character)) for character in stem]
    for before, after in pairwise(syllables):
        if after[0] == _SILENT and after[1] in _Y_VOWELS and before[2] in _LIAISONS:
            after[0], before[2] = _LIAISONS[before[2]], 0
    return "".join(
        character if initial < 0 else chr(_FIRST + (initial * _VOWELS + vowel) * _FINALS + final)
        for character, (initial, vowel, final) in zip(stem, syllables, strict=True)
    )


def _parts(character: str) -> tuple[int, int, int]:
    """Return initial, vowel and final of a syllable by number; -1 each for anything else."""
    at = ord(character) - _FIRST
    if not 0 <= at <= _LAST - _FIRST:
        return -1, -1, -1
    return at // (_VOWELS * _FINALS), at // _FINALS % _VOWELS, at % _FINALS
