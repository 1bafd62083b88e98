"""Owns region codes: legal-dong codes cut to their level, the beginning of all codes below."""

from geo.tiling import EMD, LEVEL_NAMES, RI, SIDO, SIGUNGU

SIDO_DIGITS, SIGUNGU_DIGITS, EMD_DIGITS, LEGAL_DONG_DIGITS = 2, 5, 8, 10

LENGTHS = {
    SIDO: SIDO_DIGITS,
    SIGUNGU: SIGUNGU_DIGITS,
    EMD: EMD_DIGITS,
    RI: LEGAL_DONG_DIGITS,
}
"""Digits of a code by level: a code is the beginning of every code below it."""


class InvalidRegionCode(ValueError):
    """A text that is no region code of any level."""


def normalize_code(code: str) -> str:
    """Return a region code cut to its level, an eup, myeon or dong at the finest.

    A code may be given in 2, 5 or 8 digits or as the ten-digit legal-dong code; zeros at its end
    tell its level, and a ri gives the eup or myeon that it belongs to.

    :param code: digits, such as ``11``, ``11140``, ``11140103`` or ``1114010300``.
    :raises InvalidRegionCode: when it has another length or form.
    """
    if not (code.isascii() and code.isdigit()) or len(code) not in LENGTHS.values():
        raise InvalidRegionCode("a region code is 2, 5, 8 or 10 digits")
    sido, sigungu, emd, ri = code[:2], code[2:5], code[5:8], code[8:]
    below = [part.strip("0") != "" for part in (sigungu, emd, ri)]
    if sido.startswith("0") or below != sorted(below, reverse=True):
        raise InvalidRegionCode("a region code has no gap between its levels")
    return code[: LENGTHS[1 + sum(below[:2])]]


def legal_dong_code(code: str) -> str:
    """Return the ten-digit legal-dong code of a region code."""
    return code.ljust(LEGAL_DONG_DIGITS, "0")


def level_of(code: str) -> int:
    """Return the level of a region code: 1 sido, 2 sigungu, 3 emd, 4 ri.

    :raises InvalidRegionCode: when no level has codes of its length.
    """
    for level, length in LENGTHS.items():
        if len(code) == length:
            return level
    raise InvalidRegionCode("a region code is 2, 5, 8 or 10 digits")


def parent_code(code: str) -> str | None:
    """Return the code of the region above, none for a sido.

    :raises InvalidRegionCode: when no level has codes of its length.
    """
    level = level_of(code)
    return code[: LENGTHS[level - 1]] if level > SIDO else None


def level_name(level: int) -> str:
    """Return the word for a level: sido, sigungu, emd or ri."""
    return LEVEL_NAMES[level]
