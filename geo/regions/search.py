"""Owns finding regions by what people type: of their names in two scripts, or of their codes."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, func, or_

from geo.orm import Executor
from geo.regions.codes import LEGAL_DONG_DIGITS, SIDO_DIGITS, InvalidRegionCode, normalize_code
from geo.regions.facts import Region, active_id, select_regions
from geo.regions.keystrokes import (
    INITIALS,
    compose,
    initials_of,
    is_syllable,
    keys_of,
    pattern_of,
    without_begun,
)
from geo.regions.models import RegionRow, SpellingRow
from geo.regions.spellings import BAR
from geo.tiling import SIDO

MAX_WORDS = 12
"""Names of three levels with every syllable apart; more words name no region."""

SHORTEST_INDEXED = 3
"""Keys of a word that the trigram index can serve; a shorter one alone is sought in names only."""

_GLUE = re.compile(r"[-‐‑–'’·.]")
"""What stands inside a word of somebody's spelling and of nobody else's: Jongno-gu."""

_WORD = re.compile(r"[0-9]*[a-z][0-9a-z]*|[0-9가-힣ㄱ-ㅎㅏ-ㅣ]+")

_DIGITS = range(SIDO_DIGITS, LEGAL_DONG_DIGITS + 1)
"""Fewer digits are part of a name (태평로1가), more are no code."""


@dataclass(frozen=True, slots=True)
class _Term:
    """A word as it is looked for in one of the three forms of spelling.

    `pattern` is a regular expression over the keys, for a word that mixes syllables and initials.
    """

    form: str
    text: str
    pattern: str | None = None

    @property
    def is_in_path(self) -> ColumnElement[bool]:
        """Return the condition that a way to the region holds the word."""
        path = getattr(SpellingRow, f"path_{self.form}")
        found: ColumnElement[bool] = path.like(f"%{self.text}%")
        if self.pattern is None:
            return found
        return and_(found, SpellingRow.path_keys.regexp_match(self.pattern))

    @property
    def is_in_name(self) -> ColumnElement[bool]:
        """Return the condition that the region's own name holds the word."""
        found: ColumnElement[bool] = getattr(SpellingRow, f"name_{self.form}").like(
            f"%{self.text}%"
        )
        return found

    @property
    def rank(self) -> ColumnElement[int]:
        """Return how well the word names the region, 0 for the official way to it."""
        name = getattr(SpellingRow, f"name_{self.form}")
        path = getattr(SpellingRow, f"path_{self.form}")
        return case(
            (and_(SpellingRow.level > SIDO, path.like(f"{BAR}{self.text}{BAR}%")), 0),
            (name.like(f"{BAR}{self.text}{BAR}%"), 1),
            (name.like(f"%{BAR}{self.text}{BAR}%"), 2),
            (name.like(f"%{BAR}{self.text}%"), 3),
            (name.like(f"%{self.text}%"), 4),
            else_=5,
        )


def search_regions(conn: Executor, q: str, limit: int = 20) -> list[Region]:
    """Return the regions in force that a text may mean, best first; none for what names none.

    Every word has to occur on the way from the sido to the region: in Korean, whole, in part, in
    initials or with its last syllable half typed; in Latin letters; with or without the units of
    names and the spaces between. Regions whose own name is meant come first, then those whose name
    begins with it, then those that hold it; wider before narrower, then by code. Digits alone are
    a region's code or its beginning.

    :param q: what somebody typed, such as ``태평로``, ``ㅅㅇ ㅈㄱ``, ``Jongno-gu`` or ``11140``.
    :param limit: at most so many.
    """
    words = _words(q)
    if len(words) == 1 and words[0].isdecimal() and len(words[0]) in _DIGITS:
        return _search_codes(conn, words[0], limit)
    found = _search_words(conn, words, limit)
    if not found and words and (begun := without_begun(words[-1])) != words[-1]:
        # The next word's first consonant, typed without a space, closes the syllable: 태평롲.
        found = _search_words(conn, [*words[:-1], begun], limit)
    return found


def _search_words(conn: Executor, words: Sequence[str], limit: int) -> list[Region]:
    terms = [_term(word) for word in words if word]
    if not terms:
        return []
    whole = _whole(words)
    matches = and_(*(term.is_in_path for term in terms))
    if whole is None and len(words) == 1 and len(terms[0].text) < SHORTEST_INDEXED:
        matches = terms[0].is_in_name
    if whole is not None:
        # Spaces in a name, 태 평 로, part what belongs together.
        matches = or_(whole.is_in_path, matches)
        terms.append(whole)
    ranks = [term.rank for term in dict.fromkeys(terms)]
    statement = (
        select_regions()
        .join(SpellingRow, SpellingRow.region_id == RegionRow.id)
        .where(SpellingRow.generation_id == active_id(), matches)
        .order_by(func.least(*ranks), SpellingRow.level, SpellingRow.code)
        .limit(limit)
    )
    return [Region(*row) for row in conn.execute(statement)]


def _words(q: str) -> list[str]:
    """Return the words of a text, composed and in lower case; signs of no name part them."""
    text = _GLUE.sub("", compose(q).lower())
    return _WORD.findall(text)[:MAX_WORDS]


def _term(word: str) -> _Term:
    if word.isascii() and not word.isdecimal():
        return _Term("latin", word)
    alone = [character in INITIALS for character in word]
    if any(alone) and not any(map(is_syllable, word)):
        return _Term("initials", initials_of(word))
    # A consonant at the end is a syllable just begun, which its keys begin as well.
    if any(alone[:-1]):
        return _Term("initials", initials_of(word), pattern_of(word))
    return _Term("keys", keys_of(word))


def _whole(words: Sequence[str]) -> _Term | None:
    """Return all words as one, unless there is but one or they are of two scripts."""
    scripts = {_term(word).form == "latin" for word in words if not word.isdecimal()}
    if len(words) < 2 or len(scripts) > 1:
        return None
    return _term("".join(words))


def _search_codes(conn: Executor, digits: str, limit: int) -> list[Region]:
    """Return the region of a code, then those whose code begins with the digits."""
    exact = [digits]
    with suppress(InvalidRegionCode):
        exact.append(normalize_code(digits))
    # A range, unlike LIKE, is served by the index of codes in every locale.
    begins = RegionRow.code.between(digits, digits.ljust(LEGAL_DONG_DIGITS, "9"))
    statement = (
        select_regions()
        .where(RegionRow.generation_id == active_id(), or_(RegionRow.code.in_(exact), begins))
        .order_by(RegionRow.level, RegionRow.code)
        .limit(limit)
    )
    return [Region(*row) for row in conn.execute(statement)]
