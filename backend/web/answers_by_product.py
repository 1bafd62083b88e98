"""Owns how a place's answers are laid out on the page: a block a product, silence in one block."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from backend.fairness.explanations import NO_APPLICATION, Explanation
from backend.rounds.models import Offer


@dataclass(frozen=True, slots=True)
class ProductAnswer:
    """One product and what became of it for the place.

    :param is_placed: some institution of the place got it.
    """

    offer: Offer
    is_placed: bool
    answers: Sequence[Explanation]


@dataclass(frozen=True, slots=True)
class AnswerGroups:
    """Products with an outcome or taken back, and those that nobody there asked for."""

    asked: Sequence[ProductAnswer]
    not_asked: Sequence[Explanation]


def group_answers(items: Iterable[Explanation]) -> AnswerGroups:
    """Group explanations, which come by product, for the page."""
    asked, not_asked = [], []
    for _, group in groupby(items, key=lambda item: item.offer.id):
        answers = list(group)
        if answers[0].reason == NO_APPLICATION:
            not_asked.append(answers[0])
        else:
            placed = any(item.is_placed for item in answers)
            asked.append(ProductAnswer(answers[0].offer, placed, answers))
    return AnswerGroups(asked, not_asked)
