"""Owns the fit of weights and threshold, and how well they do on families they were not fitted to.

A logistic regression with weights that are not negative and a penalty on their squares (ridge).
The list of words was written with the pairs at hand; so each fold is judged twice, with the whole
list, which flatters, and with the stems forgotten that no other family attests. What concepts there
are, and the constants of the signals, are the same in every fold.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from backend.proposals.similar.concepts import stems_told
from backend.proposals.similar.signals import WEIGHTS
from backend.proposals.similar.texts import RELIEF, words_of
from bench.duplicates.labelled import Labelled, Pair
from bench.duplicates.scoring import Found, Tally, by_families, tally

PENALTY = 0.3
"""On the square of each weight, beside the log-likelihood of some 300 examples."""

LEAST = 0.2
"""Weight of each signal, at least: the pairs were chosen so that letters and categories mislead."""

PLATEAU = 0.005
"""Thresholds with an F1 this near to the best are as good, and their median is taken."""

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Model:
    """Weights by signal that add up to one, and the score from which a pair is told."""

    weights: Mapping[str, float]
    threshold: float


@dataclass(frozen=True, slots=True)
class Foretold:
    """A pair judged by a model that was fitted without its family and its twins.

    :param margin: score above the model's threshold.
    """

    pair: Pair
    margin: float

    def score(self, without: str | None = None) -> float:  # noqa: ARG002 (a `Scored`)
        """Return the margin."""
        return self.margin


def only_attested_once(labelled: Labelled) -> Callable[[Pair], Set[str]]:
    """Return which stems to forget for a pair: those only its family and its twins have."""
    seen: dict[str, set[str]] = defaultdict(set)
    for id_, row in labelled.proposals.items():
        twins = Pair(id_, id_, is_duplicate=False, kind="").twins
        parts = [words_of(part) for part in (row["title"], row["problem"], row["idea"] or "")]
        letters = "".join("".join(words) for words in parts)
        for stem in {stem for words in parts for stem in stems_told(words)} | set(RELIEF):
            if stem not in RELIEF or stem in letters:
                seen[stem].add(twins)
    alone: dict[str, set[str]] = defaultdict(set)
    for stem, families in seen.items():
        if len(families) == 1:
            alone[next(iter(families))].add(stem)
    return lambda pair: frozenset(alone[pair.twins])


def fit(found: Sequence[Found], signals: Sequence[str] = tuple(WEIGHTS)) -> Model:
    """Fit weights and threshold to pairs that were candidates.

    :param signals: names of those to use.
    """
    seen = [one for one in found if one.signals]
    values, truth = _values(seen, signals), np.array([one.pair.is_duplicate for one in seen], float)

    def loss(given: Numbers) -> tuple[float, Numbers]:
        weights = given[:-1]
        logits = values @ weights + given[-1]
        wrong = 1 / (1 + np.exp(-logits)) - truth
        likelihood = np.logaddexp(0, np.where(truth > 0, -logits, logits)).sum()
        slope = np.append(values.T @ wrong + 2 * PENALTY * weights, wrong.sum())
        return float(likelihood + PENALTY * weights @ weights), slope

    bounds = [(LEAST, None)] * len(signals) + [(None, None)]
    start = np.append(np.ones(len(signals)), 0.0)
    fitted = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B").x[:-1]
    shares = fitted / fitted.sum()
    weights = {name: float(share) for name, share in zip(signals, shares, strict=True)}
    return Model(weights, _threshold(values @ shares, truth))


def foretell(
    known: Sequence[Found], forgotten: Sequence[Found], signals: Sequence[str] = tuple(WEIGHTS)
) -> tuple[list[Foretold], list[Foretold]]:
    """Judge every pair by a model fitted without its twins: with the whole list, and without.

    :param known: the pairs with the whole list of words.
    :param forgotten: the same pairs with their own words forgotten.
    """
    told: tuple[list[Foretold], list[Foretold]] = ([], [])
    for twins in sorted({one.pair.twins for one in known}):
        others = [one for one in (*known, *forgotten) if one.pair.twins != twins]
        model = fit(others, signals)
        for found, into in zip((known, forgotten), told, strict=True):
            into += [_judge(one, model) for one in found if one.pair.twins == twins]
    return told


def report(known: Sequence[Found], forgotten: Sequence[Found]) -> str:
    """Write the model fitted to all pairs, and how well such models foretell, by signal."""
    model = fit([*known, *forgotten])
    lines = ["Fitted to all: " + ", ".join(f"{n} {w:.3f}" for n, w in model.weights.items())]
    lines += [f"threshold {model.threshold:.3f}", "", "Families left out with their twins:"]
    for without in (None, *WEIGHTS):
        signals = [name for name in WEIGHTS if name != without]
        for name, told in zip(
            ("whole list", "forgotten"), foretell(known, forgotten, signals), strict=True
        ):
            lines.append(f"{'without ' + without if without else 'all':18}{name:12}{_row(told)}")
    return "\n".join(lines)


def _row(told: Sequence[Foretold]) -> str:
    figures: Sequence[Callable[[Tally], float]] = (
        lambda one: one.precision,
        lambda one: one.recall,
        lambda one: one.f1,
    )
    whole = tally(told, 0.0)
    cells = []
    for figure in figures:
        low, high = by_families(told, figure, 0.0)
        cells.append(f"{figure(whole):.3f} ({low:.3f} to {high:.3f})")
    return "   ".join(cells)


def _values(found: Sequence[Found], signals: Sequence[str]) -> Numbers:
    rows = []
    for one in found:
        by_name = {signal.name: signal.value for signal in one.signals}
        rows.append([by_name[name] for name in signals])
    return np.array(rows, float)


def _judge(one: Found, model: Model) -> Foretold:
    if not one.signals:
        return Foretold(one.pair, -1.0)
    by_name = {signal.name: signal.value for signal in one.signals}
    score = sum(by_name[name] * weight for name, weight in model.weights.items())
    return Foretold(one.pair, score - model.threshold)


def _threshold(scores: Numbers, truth: Numbers) -> float:
    ordered = np.unique(scores)
    tried = (ordered[1:] + ordered[:-1]) / 2
    told = scores[None, :] >= tried[:, None]
    figures = 2 * (told & (truth > 0)).sum(axis=1) / (told.sum(axis=1) + truth.sum())
    return float(np.median(tried[figures >= figures.max() - PLATEAU]))
