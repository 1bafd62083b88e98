"""Owns one round's applications arranged for matching; knows no money and matches nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any

from geo.matching.instance import OPEN, Instance, Policy, Product
from geo.matching.tickets import application_ticket

SeatCounts = list[tuple[str, int]]
"""Seat types of one product with their number, in the order in which they choose."""


def split_seats(policy: Policy, product: Product, placements: int) -> SeatCounts:
    """Give the placements beyond pre-assigned ones their seat types.

    Numbers are served first in precedence order, then `"all"` takes the rest, else it is open.
    """
    counts: dict[str, int] = {}
    left = placements
    rest = OPEN
    for seat_type in policy.seat_precedence:
        number = product.seats.get(seat_type, 0)
        if number == "all":
            rest = seat_type
            continue
        counts[seat_type] = min(number, left)
        left -= counts[seat_type]
    counts[rest] = left
    return [(t, counts[t]) for t in policy.seat_precedence if counts.get(t)]


def can_have(product: Product, seat_type: str) -> bool:
    """Tell whether a product can have a seat of a type, however many placements it gets."""
    if seat_type == OPEN:
        return "all" not in product.seats.values()
    return product.seats.get(seat_type, 0) != 0


class Market:
    """Applications of one instance, arranged so that every pass can match them again quickly.

    Applications, institutions and products are their positions in the instance.
    """

    def __init__(self, instance: Instance, seed: str) -> None:
        self.instance = instance
        self.seed = seed
        product_at = {product.id: at for at, product in enumerate(instance.products)}
        self.product_of = [product_at[row.product] for row in instance.applications]
        self.institution_of: list[int] = []
        self.ranked: list[list[int]] = []
        """Per institution its applications, best first, ineligible ones included."""
        self.wishes: list[list[int]] = []
        """Per institution its eligible applications, best first."""
        self._arrange_rankings()
        self.eligible: list[list[int]] = [[] for _ in instance.products]
        """Per product its eligible applications."""
        self.places: dict[str, list[int]] = {}
        """Per seat type the place of every application in `rank`, once its product is ranked."""
        self.compared: dict[str, list[Any]] = {}
        """Per seat type what it compares of every eligible application, first key first."""
        self._read_applications()
        self.capacity = self._capacity_left()
        """Per institution how many products it can still take."""
        self._ranked: dict[tuple[int, str], list[int]] = {}

    def rank(self, product: int, seat_type: str) -> list[int]:
        """Rank the eligible applications of a product for a seat type, best first."""
        found = self._ranked.get((product, seat_type))
        if found is None:
            found = self._ranked[product, seat_type] = self._sort(product, seat_type)
            places = self.places[seat_type]
            for place, application in enumerate(found):
                places[application] = place
        return found

    def ticket(self, application: int) -> str:
        """Draw the lot of one application."""
        row = self.instance.applications[application]
        return application_ticket(self.seed, row.institution, row.product)

    def count_eligible(self) -> dict[str, int]:
        """Count the eligible applications of each product."""
        return {
            product.id: len(applications)
            for product, applications in zip(self.instance.products, self.eligible, strict=True)
        }

    def _arrange_rankings(self) -> None:
        # Applications lie by institution, and each has one for every product of its ranking.
        rows = self.instance.applications
        start = 0
        for institution, body in enumerate(self.instance.institutions):
            end = start + len(body.ranking)
            mine = {rows[at][1]: at for at in range(start, end)}
            ranked = [mine[product] for product in body.ranking]
            self.ranked.append(ranked)
            self.wishes.append([at for at in ranked if rows[at][2]])
            self.institution_of += [institution] * len(ranked)
            start = end

    def _read_applications(self) -> None:
        """Note what every seat type that a product can have compares of its applications."""
        rows = self.instance.applications
        columns: list[list[tuple[_ValuesOf, list[Any]]]] = [[] for _ in self.eligible]
        for seat_type, names in self.instance.policy.seat_priority.items():
            self.places[seat_type] = [-1] * len(rows)
            self.compared[seat_type] = [None] * len(rows)
            column = _values_getter(names), self.compared[seat_type]
            for mine, row in zip(columns, self.instance.products, strict=True):
                if can_have(row, seat_type):
                    mine.append(column)
        # In one pass, row by row as they lie in memory: product by product takes thrice as long.
        for at, (_, _, eligible, _, keys) in enumerate(rows):
            if eligible:
                product = self.product_of[at]
                self.eligible[product].append(at)
                for values_of, values in columns[product]:
                    values[at] = values_of(keys)

    def _sort(self, product: int, seat_type: str) -> list[int]:
        values_of = self.compared[seat_type].__getitem__
        found = sorted(self.eligible[product], key=values_of)
        values = list(map(values_of, found))
        # Lots are drawn for ties only: hashing every application would double the time.
        if len(set(values)) < len(values):
            start = 0
            for end in range(1, len(found) + 1):
                if end == len(found) or values[end] != values[start]:
                    if end - start > 1:
                        found[start:end] = sorted(found[start:end], key=self.ticket)
                    start = end
        return found

    def _capacity_left(self) -> list[int]:
        capacity = {body.id: body.capacity for body in self.instance.institutions}
        if self.instance.policy.preassigned_uses_capacity:
            for product in self.instance.products:
                for body in product.preassigned:
                    capacity[body] = max(0, capacity[body] - 1)
        return list(capacity.values())


_ValuesOf = Callable[[Mapping[str, int]], tuple[int, ...]]


def _values_getter(names: tuple[str, ...]) -> _ValuesOf:
    if len(names) > 1:
        return itemgetter(*names)
    # Of one name itemgetter gives the bare value.
    return lambda keys: tuple(keys[name] for name in names)
