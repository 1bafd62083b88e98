"""Owns Korean particles, whose form depends on the sound that the word before them ends with."""

from __future__ import annotations

_FIRST_SYLLABLE, _LAST_SYLLABLE = 0xAC00, 0xD7A3
_FINALS = 28
_RIEUL = 8
# How digits and letters are read aloud: 영 일 이 삼 사 오 육 칠 팔 구; 엘 엠 엔 알.
_CLOSED = frozenset("013678LMNRlmnr")
_CLOSED_BY_RIEUL = frozenset("178LRlr")


def attach(word: str, pair: str) -> str:
    """Write a word with the form of a particle that fits its end.

    :param word: any text; closing brackets and quotation marks at its end are not read aloud.
    :param pair: the form after a consonant, a slash, the form after a vowel: `은/는`.
    """
    closed, open_ = pair.split("/")
    spoken = next((letter for letter in reversed(word) if letter.isalnum()), "")
    has_final, ends_in_rieul = _read_end(spoken)
    if closed == "으로" and ends_in_rieul:
        return word + open_
    return word + (closed if has_final else open_)


def _read_end(letter: str) -> tuple[bool, bool]:
    if letter and _FIRST_SYLLABLE <= ord(letter) <= _LAST_SYLLABLE:
        final = (ord(letter) - _FIRST_SYLLABLE) % _FINALS
        return final != 0, final == _RIEUL
    return letter in _CLOSED, letter in _CLOSED_BY_RIEUL
