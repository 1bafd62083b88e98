"""Owns deferred acceptance with seat types at given placements; knows no money.

Institutions propose down their ranking, a product's seats choose in precedence order, each taking
the best remaining by its own priority list (Gale & Shapley 1962; slot-specific priorities of
Kominers & Sonmez 2016; the weight of precedence is that of Dur, Kominers, Pathak & Sonmez 2018).
The result is the stable matching that every institution likes best (Roth & Sotomayor 1990), in
whatever order proposals are made.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappush, heappushpop
from operator import itemgetter
from typing import Any

from geo.matching.instance import OPEN, Instance, Policy, Product
from geo.matching.tickets import application_ticket

SeatCounts = list[tuple[str, int]]
"""Seat types of one product with their number, in the order in which they choose."""

Holders = list[tuple[str, list[int]]]
"""Per seat type that a product has, positions of applications in the instance, best first."""


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
        self.product_of: list[int] = []
        self.institution_of: list[int] = []
        self.eligible: list[list[int]] = [[] for _ in instance.products]
        """Per product its eligible applications."""
        self._compared = [self._list_seat_types(product) for product in instance.products]
        self._read_applications()
        self.ranked: list[list[int]] = []
        """Per institution its applications, best first, ineligible ones included."""
        self._arrange_rankings()
        rows = instance.applications
        self.wishes = [[at for at in ranked if rows[at].eligible] for ranked in self.ranked]
        """Per institution its eligible applications, best first."""
        self.capacity = self._capacity_left()
        """Per institution how many products it can still take."""
        self._ranked: dict[tuple[int, str], tuple[list[int], dict[int, int]]] = {}

    def rank(self, product: int, seat_type: str) -> tuple[list[int], dict[int, int]]:
        """Rank the eligible applications of a product for a seat type.

        :return: them, best first, and the place of each in that list.
        """
        found = self._ranked.get((product, seat_type))
        if found is None:
            order = self._sort(product, seat_type)
            places = dict(zip(order, range(len(order)), strict=True))
            found = self._ranked[product, seat_type] = order, places
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

    def _list_seat_types(self, product: Product) -> dict[str, tuple[Any, list[Any]]]:
        """List the seat types of a product, each with what it compares of a row's keys.

        The list beside it is for what it compares of the eligible applications.
        """
        return {
            seat_type: (itemgetter(*names) if names else lambda _: (), [])
            for seat_type, names in self.instance.policy.seat_priority.items()
            if can_have(product, seat_type)
        }

    def _read_applications(self) -> None:
        # In one pass, row by row as they lie in memory: product by product takes thrice as long.
        product_at = {product.id: at for at, product in enumerate(self.instance.products)}
        columns = [list(seat_types.values()) for seat_types in self._compared]
        for application, (_, key, eligible, _, keys) in enumerate(self.instance.applications):
            product = product_at[key]
            self.product_of.append(product)
            if eligible:
                self.eligible[product].append(application)
                for values_of, column in columns[product]:
                    column.append(values_of(keys))

    def _sort(self, product: int, seat_type: str) -> list[int]:
        applications = self.eligible[product]
        _, values = self._compared[product][seat_type]
        found = sorted(range(len(values)), key=values.__getitem__)
        # Lots are drawn for ties only: hashing every application would double the time.
        if len(set(values)) < len(values):
            start = 0
            for end in range(1, len(found) + 1):
                if end == len(found) or values[found[end]] != values[found[start]]:
                    if end - start > 1:
                        tied = found[start:end]
                        found[start:end] = sorted(
                            tied, key=lambda place: self.ticket(applications[place])
                        )
                    start = end
        return [applications[place] for place in found]

    def _arrange_rankings(self) -> None:
        # Applications lie by institution, and each has one for every product of its ranking.
        rows = self.instance.applications
        start = 0
        for institution, body in enumerate(self.instance.institutions):
            end = start + len(body.ranking)
            mine = {rows[at].product: at for at in range(start, end)}
            self.ranked.append([mine[product] for product in body.ranking])
            self.institution_of += [institution] * len(body.ranking)
            start = end

    def _capacity_left(self) -> list[int]:
        capacity = {body.id: body.capacity for body in self.instance.institutions}
        if self.instance.policy.preassigned_uses_capacity:
            for product in self.instance.products:
                for body in product.preassigned:
                    capacity[body] = max(0, capacity[body] - 1)
        return list(capacity.values())


def match(market: Market, seats: Sequence[SeatCounts]) -> list[Holders]:
    """Match institutions and products by deferred acceptance.

    :param seats: per product the seats that it can give.
    :return: per product who holds which seat type.
    """
    counters = [_Counter(market, product, counts) for product, counts in enumerate(seats)]
    wishes = market.wishes
    free = list(market.capacity)
    asked = [0] * len(wishes)
    waiting = list(range(len(wishes)))
    product_of = market.product_of
    institution_of = market.institution_of
    while waiting:
        institution = waiting.pop()
        mine = wishes[institution]
        while free[institution] and asked[institution] < len(mine):
            application = mine[asked[institution]]
            asked[institution] += 1
            refused = counters[product_of[application]].offer(application)
            if refused == application:
                continue
            free[institution] -= 1
            if refused is not None:
                displaced = institution_of[refused]
                free[displaced] += 1
                waiting.append(displaced)
    return [counter.holders() for counter in counters]


class _Counter:
    """Where institutions ask for one product, and its seats choose among those who have asked."""

    __slots__ = ("_seats",)

    def __init__(self, market: Market, product: int, counts: SeatCounts) -> None:
        self._seats: list[tuple[str, int, list[int], dict[int, int], list[int]]] = []
        for seat_type, number in counts:
            self._seats.append((seat_type, number, *market.rank(product, seat_type), []))

    def offer(self, application: int) -> int | None:
        """Add one application to those asking; return whom the seats refuse now, if anybody.

        Whoever a type gives up is offered to the next type, which is what choosing anew from
        everybody in precedence order gives.
        """
        moving = application
        for _, number, order, places, held in self._seats:
            # Heaps keep the smallest on top, and the worst holder must be there.
            worth = -places[moving]
            if len(held) < number:
                heappush(held, worth)
                return None
            moving = order[-heappushpop(held, worth)]
        return moving

    def holders(self) -> Holders:
        """List the holders of each seat type, best first."""
        return [
            (seat_type, [order[-worth] for worth in sorted(held, reverse=True)])
            for seat_type, _, order, _, held in self._seats
        ]
