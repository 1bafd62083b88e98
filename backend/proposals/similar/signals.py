"""Owns by what two proposals are compared, what each signal weighs, and how it is said.

Weights and threshold are those of a logistic model that `python -m bench.duplicates --fit` prints
(docs/duplicates.md), divided by their sum.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import exp

from backend.proposals.similar.concepts import CONCEPTS
from backend.proposals.similar.texts import Profile, cosine, dice

WEIGHTS: Mapping[str, float] = {
    "trouble": 0.34,
    "distance": 0.25,
    "wish": 0.19,
    "age": 0.19,
    "words": 0.015,
    "category": 0.015,
}
"""They add up to one, so that a score lies between 0 and 1."""

THRESHOLD = 0.77
"""From this score on two proposals are told to be alike."""

HALFWAY_M, STEEPNESS_M = 450.0, 40.0
"""At this distance of public points the signal is a half; it falls within some such steps.

Phones err by up to some 300 m, and a public point lies up to 177 m from the exact one.
"""
SAME_NEIGHBOURHOOD = 0.85
"""Of the distance, where one of the two is about a whole neighbourhood."""
UNKNOWN = 0.5
"""Of what nothing was said about."""

HALF_LIFE_DAYS, STEEPNESS_DAYS = 1_000.0, 150.0
"""At this age the signal is a half: after three years a trouble has been answered, or is new."""

DOUBT = 2.0
"""So many words of a trouble count as much as knowing nothing: a single one may be chance."""

MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Side:
    """One of two proposals, as far as they are compared.

    :param emd_code: its neighbourhood; None where no place was given.
    :param is_whole: about the whole neighbourhood, without a point.
    :param category: None where none was chosen yet.
    """

    profile: Profile
    category: str | None
    emd_code: str | None
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Signal:
    """What one comparison found, from 0 (nothing alike) to 1, and a sentence in both languages."""

    name: str
    value: float
    ko: str
    en: str

    @property
    def weight(self) -> float:
        """Return its share of the score."""
        return WEIGHTS[self.name]

    @property
    def text(self) -> dict[str, str]:
        """Return the sentence in both languages."""
        return {"ko": self.ko, "en": self.en}


def compare(
    asked: Side, other: Side, *, distance_m: float | None, age_days: float
) -> tuple[Signal, ...]:
    """Compare two proposals by every signal.

    :param distance_m: between the points that may be known; None where one is not given.
    :param age_days: days between the two.
    """
    return (
        _distance(asked, other, distance_m),
        _trouble(asked.profile, other.profile),
        _wish(asked.profile, other.profile),
        _age(age_days),
        _words(asked.profile, other.profile),
        _category(asked, other),
    )


def score_of(signals: Collection[Signal], *, without: str | None = None) -> float:
    """Return the weighted sum of signals, from 0 to 1.

    :param without: name of a signal to leave out, as an ablation does; the others keep their
        shares of one.
    """
    counted = [signal for signal in signals if signal.name != without]
    total = sum(signal.weight for signal in counted)
    return sum(signal.weight * signal.value for signal in counted) / total


def _distance(asked: Side, other: Side, distance_m: float | None) -> Signal:
    if asked.emd_code is None or other.emd_code is None:
        return Signal("distance", UNKNOWN, "장소를 알 수 없습니다", "no place was given")
    if asked.is_whole or other.is_whole or distance_m is None:
        if asked.emd_code == other.emd_code:
            return Signal(
                "distance", SAME_NEIGHBOURHOOD, "같은 동네입니다", "in the same neighbourhood"
            )
        return Signal("distance", 0.0, "다른 동네입니다", "in another neighbourhood")
    value = _falling(distance_m, HALFWAY_M, STEEPNESS_M)
    rounded = round(distance_m, -1)
    return Signal(
        "distance", value, f"약 {rounded:.0f} m 떨어져 있습니다", f"about {rounded:.0f} m apart"
    )


def _trouble(asked: Profile, other: Profile) -> Signal:
    mine, theirs = asked.concepts, other.concepts
    if not mine or not theirs:
        return Signal(
            "trouble", UNKNOWN, "문제를 낱말로 알 수 없습니다", "no known word tells of the trouble"
        )
    evidence = min(sum(mine.values()), sum(theirs.values()))
    value = (evidence * cosine(mine, theirs) + DOUBT * UNKNOWN) / (evidence + DOUBT)
    shared = sorted(mine.keys() & theirs.keys(), key=lambda code: (-mine[code], code))
    if not shared:
        return Signal("trouble", value, "문제가 다릅니다", "another trouble")
    named = [CONCEPTS[code] for code in shared[:MOST_NAMED]]
    ko = ", ".join(concept.ko for concept in named)
    en = ", ".join(concept.en for concept in named)
    return Signal("trouble", value, f"같은 문제: {ko}", f"the same trouble: {en}")


def _wish(asked: Profile, other: Profile) -> Signal:
    if asked.wishes_less == other.wishes_less:
        return Signal("wish", 1.0, "바라는 방향이 어긋나지 않습니다", "no contrary wish")
    return Signal("wish", 0.0, "반대되는 것을 바랍니다", "the contrary is wished for")


def _age(age_days: float) -> Signal:
    value = _falling(abs(age_days), HALF_LIFE_DAYS, STEEPNESS_DAYS)
    days = round(abs(age_days))
    return Signal("age", value, f"{days}일 차이로 나왔습니다", f"{days} days between them")


def _falling(measured: float, halfway: float, step: float) -> float:
    """Return what is near one well below halfway, a half there, and nothing well beyond."""
    return 1 / (1 + exp(min(50.0, (measured - halfway) / step)))


def _words(asked: Profile, other: Profile) -> Signal:
    places = asked.places | other.places
    value = dice(asked.runs - places, other.runs - places)
    return Signal(
        "words",
        value,
        f"장소 밖의 낱말이 {value:.2f}만큼 겹칩니다",
        f"words other than of the place overlap by {value:.2f}",
    )


def _category(asked: Side, other: Side) -> Signal:
    if asked.category is None or other.category is None:
        return Signal("category", UNKNOWN, "분야를 고르지 않았습니다", "no category was chosen")
    if asked.category == other.category:
        return Signal("category", 1.0, "같은 분야입니다", "the same category")
    return Signal("category", 0.0, "다른 분야입니다", "another category")
