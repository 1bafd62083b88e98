"""Owns by what two proposals are compared, what each signal weighs, and how it is said.

Weights and threshold come from the tuning half of the labelled pairs (docs/duplicates.md); the
other half has never been looked at for them.
"""

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass
from math import exp

from backend.proposals.similar.concepts import CONCEPTS
from backend.proposals.similar.texts import Profile, containment, dice

WEIGHTS: Mapping[str, float] = {
    "distance": 0.40,
    "trouble": 0.25,
    "age": 0.20,
    "title": 0.04,
    "text": 0.04,
    "thing": 0.04,
    "category": 0.03,
}
"""They add up to one, so that a score lies between 0 and 1."""

THRESHOLD = 0.74
"""From this score on two proposals are told to be alike."""

HALFWAY_M, STEEPNESS_M = 550.0, 60.0
"""At this distance of public points the signal is a half; it falls within some such steps.

Phones err by up to some 300 m, and a public point lies up to 177 m from the exact one.
"""
SAME_NEIGHBOURHOOD = 0.85
"""Of the distance, where one of the two is about a whole neighbourhood."""
UNKNOWN = 0.5
"""Of the distance, and of the category, where nothing was said."""

LIFE_DAYS = 730.0
"""A proposal's weight by age falls to a third within two years."""

WORDS_FROM_LETTERS = 1.5
"""How far shared letters stand in for concepts where no word of the list was found."""

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
    shared = asked.profile.concepts & other.profile.concepts
    alike = dice(asked.profile.body, other.profile.body)
    return (
        _distance(asked, other, distance_m),
        _concepts(asked, other, alike, shared, is_trouble=True),
        _age(age_days),
        _letters("title", "제목", "title", dice(asked.profile.title, other.profile.title)),
        _letters("text", "내용", "text", min(1.0, 2 * alike)),
        _concepts(asked, other, alike, shared, is_trouble=False),
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
    value = 1 / (1 + exp(min(50.0, (distance_m - HALFWAY_M) / STEEPNESS_M)))
    rounded = round(distance_m, -1)
    return Signal(
        "distance", value, f"약 {rounded:.0f} m 떨어져 있습니다", f"about {rounded:.0f} m apart"
    )


def _concepts(
    asked: Side, other: Side, alike: float, shared: Set[str], *, is_trouble: bool
) -> Signal:
    name = "trouble" if is_trouble else "thing"

    def of_kind(side: Side) -> frozenset[str]:
        return frozenset(
            code for code in side.profile.concepts if CONCEPTS[code].is_trouble == is_trouble
        )

    mine, theirs = of_kind(asked), of_kind(other)
    about = ("문제", "trouble") if is_trouble else ("대상", "thing")
    if not mine or not theirs:
        value = min(1.0, WORDS_FROM_LETTERS * alike)
        return Signal(
            name,
            value,
            f"{about[0]}를 낱말로 알 수 없어 글자로 견주었습니다",
            f"the {about[1]} was compared by letters, no known word tells of it",
        )
    named = [CONCEPTS[code] for code in sorted(shared & mine)][:MOST_NAMED]
    value = (dice(mine, theirs) + containment(mine, theirs)) / 2
    if not named:
        return Signal(name, value, f"{about[0]}가 다릅니다", f"another {about[1]}")
    ko = ", ".join(concept.ko for concept in named)
    en = ", ".join(concept.en for concept in named)
    return Signal(name, value, f"같은 {about[0]}: {ko}", f"the same {about[1]}: {en}")


def _age(age_days: float) -> Signal:
    days = round(abs(age_days))
    return Signal(
        "age",
        exp(-abs(age_days) / LIFE_DAYS),
        f"{days}일 차이로 나왔습니다",
        f"{days} days between them",
    )


def _letters(name: str, ko: str, en: str, value: float) -> Signal:
    return Signal(
        name,
        value,
        f"{ko}의 글자가 {value:.2f}만큼 겹칩니다",
        f"letters of the {en} overlap by {value:.2f}",
    )


def _category(asked: Side, other: Side) -> Signal:
    if asked.category is None or other.category is None:
        return Signal("category", UNKNOWN, "분야를 고르지 않았습니다", "no category was chosen")
    if asked.category == other.category:
        return Signal("category", 1.0, "같은 분야입니다", "the same category")
    return Signal("category", 0.0, "다른 분야입니다", "another category")
