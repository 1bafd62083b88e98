"""Owns Korean as it is typed: a text as the keys of the standard keyboard, and its initials.

A syllable in progress is the beginning of the keys of the finished one, so that a name can be
found while its last syllable is being typed, as an input method sends it. The keys are those of
KS X 5002 (두벌식): plain ASCII letters, which a trigram index takes in every locale.
"""

import unicodedata

INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_INITIAL_KEYS = "r R s e E f a q Q t T d w W c z x v g".split()  # noqa: SIM905
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_VOWEL_KEYS = "k o i O j p u P h hk ho hl y n nj np nl b m ml l".split()  # noqa: SIM905
_FINALS = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_FINAL_KEYS = "r R rt s sw sg e f fr fa fq ft fx fv fg a q qt t T d w c z x v g".split()  # noqa: SIM905

_FIRST, _LAST = ord("가"), ord("힣")
_CHOSEONG, _JUNGSEONG, _JONGSEONG = 0x1100, 0x1161, 0x11A8

_SYLLABLE_KEYS = [
    initial + vowel + final
    for initial in _INITIAL_KEYS
    for vowel in _VOWEL_KEYS
    for final in ["", *_FINAL_KEYS]
]
_LETTER_KEYS = dict(
    zip(INITIALS + _VOWELS, [*_INITIAL_KEYS, *_VOWEL_KEYS], strict=True),
)
_CLUSTERS = {
    "ㄳ": "ㄱㅅ", "ㄵ": "ㄴㅈ", "ㄶ": "ㄴㅎ", "ㄺ": "ㄹㄱ", "ㄻ": "ㄹㅁ", "ㄼ": "ㄹㅂ",
    "ㄽ": "ㄹㅅ", "ㄾ": "ㄹㅌ", "ㄿ": "ㄹㅍ", "ㅀ": "ㄹㅎ", "ㅄ": "ㅂㅅ",
}  # fmt: skip
_ANY_VOWEL = "".join(sorted({*"".join(_VOWEL_KEYS)}))
_ANY_FINAL = "".join(sorted({*"".join(_FINAL_KEYS)}))
_SINGLE_LETTERS = {
    **{chr(_CHOSEONG + at): letter for at, letter in enumerate(INITIALS)},
    **{chr(_JUNGSEONG + at): letter for at, letter in enumerate(_VOWELS)},
    **{chr(_JONGSEONG + at): _CLUSTERS.get(letter, letter) for at, letter in enumerate(_FINALS)},
}


def compose(text: str) -> str:
    """Return a text with its syllables composed and its single letters as keyboards show them.

    Decomposed (NFD), half-width and full-width characters become the usual ones (UAX #15, NFKC).
    Clusters of consonants come apart: some keyboards make ㄳ of the initials ㄱㅅ.
    """
    composed = unicodedata.normalize("NFKC", text)
    return "".join(_SINGLE_LETTERS.get(character, character) for character in composed)


def keys_of(text: str) -> str:
    """Return the keys that type a composed text; what is no Korean stays as it is.

    :param text: such as ``태펴``, whose keys ``xovu`` begin those of ``태평``.
    """
    return "".join(
        _SYLLABLE_KEYS[ord(character) - _FIRST]
        if _FIRST <= ord(character) <= _LAST
        else _LETTER_KEYS.get(character, character)
        for character in text
    )


def initials_of(text: str) -> str:
    """Return the keys of the initial consonants (초성) of a composed text; digits stay."""
    return "".join(
        _INITIAL_KEYS[(ord(character) - _FIRST) // (len(_VOWEL_KEYS) * (len(_FINAL_KEYS) + 1))]
        if _FIRST <= ord(character) <= _LAST
        else _LETTER_KEYS.get(character, character)
        for character in text
    )


def is_syllable(character: str) -> bool:
    """Say whether a character is a composed Korean syllable."""
    return _FIRST <= ord(character) <= _LAST


def without_begun(text: str) -> str:
    """Return a composed text without the consonant at its end that may begin another syllable."""
    last = text[-1:]
    if last in INITIALS:
        return text[:-1]
    if not is_syllable(last):
        return text
    return text[:-1] + chr(ord(last) - (ord(last) - _FIRST) % (len(_FINAL_KEYS) + 1))


def pattern_of(text: str) -> str:
    """Return a regular expression over keys in which each single consonant stands for a syllable.

    :param text: composed syllables, digits and consonants, such as ``태ㅍㄹ``.
    """
    rest = f"[{_ANY_VOWEL}]+[{_ANY_FINAL}]{{0,2}}"
    return "".join(
        _LETTER_KEYS[character] + rest if character in INITIALS else keys_of(character)
        for character in text
    )
