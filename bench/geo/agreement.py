"""Owns whether two servers gave the same owner of a point, and what excuses a difference."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bench.geo.points import Position
from bench.geo.questions import Codes

EMD_DIGITS = 8
MOST_SHOWN = 10


class Verdict(StrEnum):
    """How an answer of a peer compares with ours.

    tipg's parser of CQL2 changes the last digit of some points, which moves them off the outline by
    a nanometre. MapIt asks with ST_Contains, for which an outline belongs to nobody.
    """

    SAME = "the same owner"
    TIE = "on an outline: the peer names all neighbours, ours the one with the smallest code"
    SOME = "on an outline: the peer names some neighbours, ours the one with the smallest code"
    LEFT_OUT = "on an outline: the peer names nobody, ours the neighbour with the smallest code"
    COAST = "just off the coast: the peer names nobody, ours the nearest and says so"
    NOBODY = "nobody by either"
    DIFFERENT = "DIFFERENT"


@dataclass(frozen=True)
class Ours:
    """Our answer: the code, cut to the level in question, and whether it is only the nearest."""

    code: str | None
    is_nearest: bool = False


def judge(position: Position, ours: Ours, theirs: Codes, digits: int = EMD_DIGITS) -> Verdict:
    """Return how a peer's answer compares with ours at one level.

    On an outline ours has to be the smallest code of the neighbours; then a peer is excused that
    names some of them, or nobody. Off the coast a peer is excused that names nobody.

    :param ours: the neighbourhood of our answer.
    :param theirs: the peer's codes of the level.
    :param digits: length of the codes of the level.
    """
    code = ours.code[:digits] if ours.code else None
    neighbours = {each[:digits] for each in position.neighbours}
    if position.on_outline and ours.code != min(position.neighbours):
        return Verdict.DIFFERENT
    if theirs == (code,):
        return Verdict.SAME
    if position.on_outline:
        if not theirs:
            return Verdict.LEFT_OUT
        if neighbours.issuperset(theirs):
            return Verdict.TIE if code in theirs else Verdict.SOME
        return Verdict.DIFFERENT
    if not theirs and code is None:
        return Verdict.NOBODY
    return Verdict.COAST if not theirs and ours.is_nearest else Verdict.DIFFERENT


@dataclass
class Comparison:
    """All verdicts on one peer at one level; `differences` holds the first of them in words."""

    title: str
    counts: Counter[Verdict] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        """Tell whether nothing differs without an excuse, and something was compared."""
        return bool(self.counts) and not self.counts[Verdict.DIFFERENT]


def compare(
    title: str,
    positions: Sequence[Position],
    ours: Sequence[Ours],
    theirs: Iterable[Codes],
    digits: int = EMD_DIGITS,
) -> Comparison:
    """Return the verdicts on a peer's answers at one level.

    :param ours: our answers in the order of `positions`.
    :param theirs: the peer's answers in the same order.
    :param digits: length of the codes of the level.
    """
    found = Comparison(title)
    for position, our, their in zip(positions, ours, theirs, strict=True):
        verdict = judge(position, our, their, digits)
        found.counts[verdict] += 1
        if verdict is Verdict.DIFFERENT and len(found.differences) < MOST_SHOWN:
            where = f"{position.lon!r} {position.lat!r}"
            found.differences.append(f"{where}: ours {our.code}, theirs {', '.join(their) or '-'}")
    return found
