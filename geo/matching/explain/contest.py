"""Owns how far a refused application was from a placement, everything else held as it was."""

from __future__ import annotations

from geo.matching.instance import Application, Instance, Product
from geo.matching.market import split_seats
from geo.matching.tickets import application_ticket


class Contest:
    """Those who asked for one product in the end, and its choice among them."""

    def __init__(
        self, instance: Instance, seed: str, product: Product, asking: list[Application]
    ) -> None:
        self._policy = instance.policy
        self._product = product
        self._asking = asking
        self._lots = [application_ticket(seed, row.institution, row.product) for row in asking]

    def count_needed(self, institution: str, placements: int) -> int:
        """Count how many placements more would have given an institution one.

        More placements never take one away, so the number is found by halving.

        :param placements: how many were matched.
        """
        few, many = 0, len(self._asking)
        while many - few > 1:
            middle = (few + many) // 2
            if self._is_chosen(institution, placements + middle):
                many = middle
            else:
                few = middle
        return many

    def _is_chosen(self, institution: str, placements: int) -> bool:
        left = list(range(len(self._asking)))
        for kind, number in split_seats(self._policy, self._product, placements):
            names = self._policy.seat_priority[kind]
            worth = {
                at: ([self._asking[at].keys[name] for name in names], self._lots[at]) for at in left
            }
            left.sort(key=worth.__getitem__)
            if any(self._asking[at].institution == institution for at in left[:number]):
                return True
            left = left[number:]
        return False
