"""Owns precision, recall and their intervals, and what each signal is worth."""

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import timedelta
from math import sqrt
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from backend.proposals.models import Proposal
from backend.proposals.similar.service import Asked, list_candidates
from backend.proposals.similar.signals import (
    THRESHOLD,
    WEIGHTS,
    Side,
    Signal,
    compare,
    score_of,
)
from backend.proposals.similar.texts import profile
from bench.duplicates.labelled import Labelled, Pair, moment_of

Z = 1.96
"""For intervals of 95 %."""

RESAMPLINGS = 2000


class Scored(Protocol):
    """A pair that has a score, by whatever model."""

    @property
    def pair(self) -> Pair:
        """Return the pair."""

    def score(self, without: str | None = None) -> float:
        """Return the pair's score, perhaps without one signal."""


@dataclass(frozen=True, slots=True)
class Found:
    """A pair with its signals; without any when the other was no candidate at all."""

    pair: Pair
    signals: Sequence[Signal]

    def score(self, without: str | None = None) -> float:
        """Return the pair's score, perhaps without one signal."""
        return score_of(self.signals, without=without) if self.signals else 0.0


@dataclass(frozen=True, slots=True)
class Tally:
    """How many pairs were rightly or wrongly told to be duplicates, or missed."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Return the share of the told that are duplicates."""
        return self.right / (self.right + self.wrong) if self.right else 0.0

    @property
    def recall(self) -> float:
        """Return the share of the duplicates that are told."""
        return self.right / (self.right + self.missed) if self.right else 0.0

    @property
    def f1(self) -> float:
        """Return the harmonic mean of both."""
        return 2 * self.right / (2 * self.right + self.wrong + self.missed) if self.right else 0.0


def look(
    session: Session,
    labelled: Labelled,
    ids: Mapping[str, UUID],
    *,
    forgotten: Callable[[Pair], Set[str]] = lambda _: frozenset(),
) -> list[Found]:
    """Ask for the later proposal of every pair, as a phone would; note what came of the other.

    :param forgotten: stems to do without for a pair.
    """
    found = []
    for pair in labelled.pairs:
        row = labelled.proposals[pair.asked]
        side = _side(labelled, session, ids, pair.asked, forgotten(pair))
        asked = Asked(side, row["title"], row["lon"], row["lat"], moment_of(row), ids[pair.asked])
        candidates = {one.id: one for one in list_candidates(session, asked)}
        other = candidates.get(ids[pair.other])
        signals: Sequence[Signal] = ()
        if other:
            signals = compare(
                side,
                _side(labelled, session, ids, pair.other, forgotten(pair)),
                distance_m=other.distance_m,
                age_days=(asked.at - other.submitted_at) / timedelta(days=1),
            )
        found.append(Found(pair, signals))
    return found


def _side(
    labelled: Labelled,
    session: Session,
    ids: Mapping[str, UUID],
    id_: str,
    forgotten: Set[str],
) -> Side:
    row: Mapping[str, Any] = labelled.proposals[id_]
    texts = profile(row["title"], row["problem"], row["idea"], forgotten=forgotten)
    emd_code = session.get_one(Proposal, ids[id_]).emd_code
    return Side(texts, row["category"], emd_code, is_whole=False)


def tally(found: Sequence[Scored], threshold: float, without: str | None = None) -> Tally:
    """Count what a threshold tells of pairs."""
    told = [(one.score(without) >= threshold, one.pair.is_duplicate) for one in found]
    return Tally(
        right=sum(said and true for said, true in told),
        wrong=sum(said and not true for said, true in told),
        missed=sum(true and not said for said, true in told),
    )


def best_threshold(found: Sequence[Scored], without: str | None = None) -> float:
    """Return the middle of the thresholds (in hundredths) that give the best F1 on these pairs."""
    tried = [number / 100 for number in range(30, 100)]
    best = max(tally(found, one, without).f1 for one in tried)
    winners = [one for one in tried if tally(found, one, without).f1 == best]
    return winners[len(winners) // 2]


def wilson(right: int, of: int) -> tuple[float, float]:
    """Return the interval of a share at 95 % (Wilson, 1927)."""
    if not of:
        return 0.0, 1.0
    share, square = right / of, Z * Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = Z / (1 + square / of) * sqrt(share * (1 - share) / of + square / (4 * of * of))
    return middle - half, middle + half


def by_families(
    found: Sequence[Scored], figure: Callable[[Tally], float], threshold: float = THRESHOLD
) -> tuple[float, float]:
    """Return the interval of a figure at 95 % by resampling families, whose pairs hang together."""
    families: dict[str, list[Scored]] = defaultdict(list)
    for one in found:
        families[one.pair.family].append(one)
    groups, dice = list(families.values()), random.Random(1)  # noqa: S311 (no secret)
    figures = sorted(
        figure(
            tally(
                [one for group in dice.choices(groups, k=len(groups)) for one in group], threshold
            )
        )
        for _ in range(RESAMPLINGS)
    )
    return figures[RESAMPLINGS // 40], figures[-RESAMPLINGS // 40]


def tabulate(found: Sequence[Found], title: str) -> str:
    """Write the findings as text: the score, by kind, and without each signal."""
    whole = tally(found, THRESHOLD)
    told, true = whole.right + whole.wrong, whole.right + whole.missed
    lines = [f"{title}: {len(found)} pairs, {true} of them duplicates; threshold {THRESHOLD:.2f}"]
    for name, share, (low, high), around in (
        ("precision", whole.precision, wilson(whole.right, told), lambda one: one.precision),
        ("recall", whole.recall, wilson(whole.right, true), lambda one: one.recall),
    ):
        near = by_families(found, around)
        lines.append(
            f"  {name:10}{share:6.3f}   Wilson {low:.3f} to {high:.3f}"
            f"   by families {near[0]:.3f} to {near[1]:.3f}"
        )
    lines.append(
        f"  {'F1':10}{whole.f1:6.3f}   right {whole.right}, wrong {whole.wrong},"
        f" missed {whole.missed}"
    )
    lines += ["", f"{'kind':18}{'pairs':>6}{'told':>6}"]
    kinds = {(one.pair.kind, one.pair.is_duplicate) for one in found}
    for kind, is_duplicate in sorted(kinds, key=lambda one: (not one[1], one[0])):
        of_kind = [
            one for one in found if (one.pair.kind, one.pair.is_duplicate) == (kind, is_duplicate)
        ]
        said = sum(one.score() >= THRESHOLD for one in of_kind)
        lines.append(f"{kind:18}{len(of_kind):6}{said:6}  {'duplicates' if is_duplicate else ''}")
    heads = f"{'without':12}{'weight':>7}{'precision':>11}{'recall':>8}{'F1':>7}"
    lines += ["", f"{heads}   F1 at the best threshold of these very pairs"]
    for without in (None, *WEIGHTS):
        one = tally(found, THRESHOLD, without)
        best = tally(found, best_threshold(found, without), without).f1
        weight = f"{WEIGHTS[without]:.2f}" if without else ""
        lines.append(
            f"{without or '(nothing)':12}{weight:>7}{one.precision:11.3f}{one.recall:8.3f}"
            f"{one.f1:7.3f}   {best:.3f}"
        )
    return "\n".join(lines)
