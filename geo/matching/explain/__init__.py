"""Owns an outcome in sentences: what decided, whose decision it was, what would have changed it.

Decides nothing: it reads a plan and believes it, so verify a plan before explaining it.
"""

from __future__ import annotations

from typing import Literal

from geo.matching.explain.english import English
from geo.matching.explain.facts import Index, OutcomeNotFound
from geo.matching.explain.korean import Korean
from geo.matching.instance import Instance
from geo.matching.plan import Plan

__all__ = ["Explainer", "OutcomeNotFound", "explain"]


class Explainer:
    """Explains any number of outcomes of one plan; instance and plan are indexed once."""

    def __init__(self, instance: Instance, plan: Plan) -> None:
        self._index = Index(instance, plan)
        self._tellers = {"ko": Korean(self._index), "en": English(self._index)}

    def explain(self, institution: str, product: str, lang: Literal["ko", "en"]) -> str:
        """Say in two or three sentences what became of an application or pre-assignment, and why.

        Names are used where the instance has them, ids otherwise.

        :raises OutcomeNotFound: when the plan has no outcome for the two.
        :raises ValueError: when the language is neither ko nor en.
        """
        teller = self._tellers.get(lang)
        if teller is None:
            message = f"no sentences in {lang!r}"
            raise ValueError(message)
        return teller.tell(self._index.find_facts(institution, product))


def explain(
    instance: Instance, plan: Plan, institution: str, product: str, lang: Literal["ko", "en"]
) -> str:
    """Explain one outcome; for many of one plan keep an `Explainer`.

    :raises OutcomeNotFound: when the plan has no outcome for the two.
    :raises ValueError: when the language is neither ko nor en.
    """
    return Explainer(instance, plan).explain(institution, product, lang)
