"""Owns what both languages share in telling an outcome: names, labels, which sentence it takes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from geo.matching.explain.facts import Facts, Index
from geo.matching.instance import TICKET, Name


class Teller(ABC):
    """Tells outcomes in one language; every sentence of a reason is one method."""

    lang: ClassVar[str]
    key_labels: ClassVar[Mapping[str, str]]
    seat_labels: ClassVar[Mapping[str, str]]

    def __init__(self, index: Index) -> None:
        self._index = index

    def tell(self, facts: Facts) -> str:
        """Say what became of an application or pre-assignment, and why."""
        match facts.outcome.reason:
            case "preassigned":
                return self.tell_preassigned(facts)
            case "awarded":
                return self.tell_awarded(facts)
            case "ineligible":
                return self.tell_ineligible(facts)
            case "capacity_used":
                return self.tell_capacity_used(facts)
            case "got_higher_choice":
                return self.tell_got_higher_choice(facts)
            case "not_funded" if facts.detail["cause"] == "money":
                return self.tell_money(facts)
            case "not_funded":
                return self.tell_cap(facts)
            case "below_cutoff":
                return self.tell_below_cutoff(facts)

    def institution(self, institution_id: str) -> str:
        """Give an institution's name, or its id where it has none."""
        row = self._index.institutions.get(institution_id)
        return self._named(institution_id, row.name if row else None)

    def product(self, product_id: str) -> str:
        """Give a product's name, or its id where it has none."""
        row = self._index.products.get(product_id)
        return self._named(product_id, row.name if row else None)

    def area(self, area_id: str) -> str:
        """Give a budget area's name, or its id where it has none."""
        row = self._index.areas.get(area_id)
        return self._named(area_id, row.name if row else None)

    def key(self, key: str) -> str:
        """Give a key's label: the round's, else the built-in one, else its name."""
        names = self._index.instance.policy.key_names or {}
        if key in names:
            return names[key][self.lang]
        return self.key_labels.get(key, key)

    def seat_type(self, seat_type: str) -> str:
        """Give a seat type's label, or its name in quotation marks."""
        return self.seat_labels.get(seat_type, f"'{seat_type}'")

    def value(self, key: str, value: int | str) -> str:
        """Write the value of a key as a person would say it."""
        if key == TICKET:
            # The first digits of a hash are enough to tell two lots apart.
            return str(value)[:8]
        return self.number(key, value) if isinstance(value, int) else value

    def _named(self, identifier: str, name: Name | None) -> str:
        return name[self.lang] if name is not None else identifier

    @abstractmethod
    def number(self, key: str, value: int) -> str:
        """Write a key's number with what it means, where the key is one of the default ones."""

    @abstractmethod
    def tell_preassigned(self, facts: Facts) -> str:
        """Tell a placement that was fixed beforehand."""

    @abstractmethod
    def tell_awarded(self, facts: Facts) -> str:
        """Tell a placement that was won."""

    @abstractmethod
    def tell_ineligible(self, facts: Facts) -> str:
        """Tell an application that could not take part."""

    @abstractmethod
    def tell_capacity_used(self, facts: Facts) -> str:
        """Tell an institution whose fixed placements leave no room."""

    @abstractmethod
    def tell_got_higher_choice(self, facts: Facts) -> str:
        """Tell an institution that received what it liked better."""

    @abstractmethod
    def tell_money(self, facts: Facts) -> str:
        """Tell a product for which no money was left."""

    @abstractmethod
    def tell_cap(self, facts: Facts) -> str:
        """Tell a product that a limit kept from a placement."""

    @abstractmethod
    def tell_below_cutoff(self, facts: Facts) -> str:
        """Tell an application that others were ahead of."""
