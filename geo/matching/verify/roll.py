"""Owns the verifier's own view of an instance and of what a plan claims; judges neither."""

from __future__ import annotations

import hashlib
from collections import Counter
from operator import itemgetter
from typing import Any

from geo.matching.instance import PREASSIGNED, Application, Instance, Product
from geo.matching.plan import Outcome, Plan, ProductResult, Seat

MANY = 2**80
"""More placements than any product can have, so that every seat type it can have shows."""


class Roll:
    """The instance by id: who applied for what, who may, and in which order a seat type ranks."""

    def __init__(self, instance: Instance, seed: str) -> None:
        self.instance = instance
        self.policy = instance.policy
        self.seed = seed
        self.products = {product.id: product for product in instance.products}
        self.applications: dict[str, dict[str, Application]] = {
            body.id: {} for body in instance.institutions
        }
        self.candidates: dict[str, list[Application]] = {key: [] for key in self.products}
        self._compared = self._list_seat_types()
        self._read_applications()
        self.wishes = {
            body.id: [key for key in body.ranking if self.applications[body.id][key].eligible]
            for body in instance.institutions
        }
        """Per institution the products that it ranks and may have, best first."""
        self.fixed: dict[str, list[str]] = {}
        for product in instance.products:
            for institution in product.preassigned:
                self.fixed.setdefault(institution, []).append(product.id)
        self.capacity = {
            body.id: max(0, body.capacity - len(self.fixed.get(body.id, ())))
            if self.policy.preassigned_uses_capacity
            else body.capacity
            for body in instance.institutions
        }
        self._standings: dict[tuple[str, str], dict[str, int]] = {}

    def ticket(self, application: Application) -> str:
        """Draw the lot of an application, as the instance format defines it."""
        text = ":".join((self.seed, application.institution, application.product))
        return hashlib.sha256(text.encode("utf-8")).hexdigest()

    def funding_key(self, product: Product) -> tuple[tuple[int, ...], str]:
        """Give what orders products for money: their `order`, then their lot."""
        lot = hashlib.sha256(":".join((self.seed, product.id)).encode("utf-8")).hexdigest()
        return product.order, lot

    def standing(self, product: str, seat_type: str) -> dict[str, int]:
        """Rank a product's eligible institutions for a seat type: id -> 0, 1, 2, best first."""
        known = self._standings.get((product, seat_type))
        if known is None:
            known = self._standings[product, seat_type] = self._rank(product, seat_type)
        return known

    def cap(self, product: Product) -> int:
        """Give the most placements that the product's own limits and applications allow."""
        limits = [
            product.max_placements,
            len(product.preassigned) + len(self.candidates[product.id]),
        ]
        if self.policy.product_budget_cap_krw is not None:
            limits.append(self.policy.product_budget_cap_krw // product.price_krw)
        return min(limits)

    def seats(self, product: Product, funded: int) -> dict[str, int]:
        """Count the seats of each type that a product has to give, in precedence order."""
        given = Counter[str]()
        left = max(0, funded - len(product.preassigned))
        taker = next((kind for kind, n in product.seats.items() if n == "all"), "open")
        for kind in self.policy.seat_precedence:
            wanted = product.seats.get(kind, 0)
            if wanted != "all":
                given[kind] = min(left, wanted)
                left -= given[kind]
        given[taker] += left
        return {kind: given[kind] for kind in self.policy.seat_precedence if given[kind]}

    def _list_seat_types(self) -> dict[str, dict[str, tuple[Any, list[Any]]]]:
        """List per product the seat types that it can have, each with what it compares of a row.

        The list beside it is for what it compares of the product's candidates.
        """
        compare = {
            kind: itemgetter(*names) if names else lambda _: ()
            for kind, names in self.policy.seat_priority.items()
        }
        return {
            key: {kind: (compare[kind], []) for kind in self.seats(product, MANY)}
            for key, product in self.products.items()
        }

    def _read_applications(self) -> None:
        # All in one pass, for a million rows take longer to come from memory than to be compared.
        columns = {key: list(kinds.values()) for key, kinds in self._compared.items()}
        for row in self.instance.applications:
            institution, product, eligible, _, keys = row
            self.applications[institution][product] = row
            if eligible:
                self.candidates[product].append(row)
                for values_of, column in columns[product]:
                    column.append(values_of(keys))

    def _rank(self, product: str, seat_type: str) -> dict[str, int]:
        _, compared = self._compared[product][seat_type]
        candidates = self.candidates[product]
        if len(set(compared)) == len(compared):
            places = sorted(range(len(compared)), key=compared.__getitem__)
        else:
            often = Counter(compared)
            lots = [
                self.ticket(row) if often[values] > 1 else ""
                for row, values in zip(candidates, compared, strict=True)
            ]
            places = sorted(range(len(compared)), key=lambda at: (compared[at], lots[at]))
        return {candidates[at].institution: rank for rank, at in enumerate(places)}


class Claim:
    """What a plan says that everybody holds; rows of unknown products are left out."""

    def __init__(self, roll: Roll, plan: Plan) -> None:
        empty = {key: ProductResult(key, 0, 0, (), {}) for key in roll.products}
        told = {row.id: row for row in plan.products if row.id in roll.products}
        self.results = empty | told
        self.matched: dict[str, list[Seat]] = {}
        """Per product the seats beyond pre-assigned ones."""
        self.awards: dict[str, dict[str, str]] = {}
        """Per institution the products that it was awarded, with the seat type of each."""
        for key, result in self.results.items():
            self.matched[key] = [seat for seat in result.seats if seat.type != PREASSIGNED]
            for seat in self.matched[key]:
                self.awards.setdefault(seat.institution, {})[key] = seat.type
        self.outcomes: dict[str, dict[str, Outcome]] = {}
        """Per institution and product what the plan says became of it."""
        for outcome in plan.outcomes:
            self.outcomes.setdefault(outcome.institution, {})[outcome.product] = outcome
        self.takers = self._list_takers(roll)
        """Per product the institutions that hold it or would take it over what they hold."""

    def _list_takers(self, roll: Roll) -> dict[str, list[str]]:
        takers: dict[str, list[str]] = {key: [] for key in roll.products}
        nothing: dict[str, str] = {}
        for institution, wishes in roll.wishes.items():
            held = self.awards.get(institution, nothing)
            room = roll.capacity[institution]
            for key in wishes:
                if key in held:
                    takers[key].append(institution)
                    room -= 1
                elif room > 0:
                    takers[key].append(institution)
        return takers
