"""Owns the verifier's own view of an instance: who may have what, and in which order.

Applications are their positions in the instance, where they lie by institution and product.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from operator import itemgetter
from typing import Any

from geo.matching.instance import Application, Instance, Product

MANY = 2**80
"""More placements than any product can have, so that every seat type it can have shows."""


class Roll:
    """The instance by product and institution; judges no plan."""

    def __init__(self, instance: Instance, seed: str) -> None:
        self.instance = instance
        self.policy = instance.policy
        self.seed = seed
        self.rows = instance.applications
        self.products = {product.id: product for product in instance.products}
        self.bodies = {body.id: at for at, body in enumerate(instance.institutions)}
        self.ranked: list[list[int]] = []
        """Per institution the applications in the order of its ranking."""
        self.wishes: list[list[int]] = []
        """Per institution those of them that are eligible."""
        self.body_of: list[int] = []
        """Per application the institution."""
        self._read_rankings()
        self.candidates: dict[str, list[int]] = {key: [] for key in self.products}
        """Per product its eligible applications."""
        self.compared: dict[str, list[Any]] = {}
        """Per seat type what it compares of each eligible application, first key first."""
        self._read_applications()
        self.places: dict[str, list[int]] = {
            kind: [-1] * len(self.rows) for kind in self.policy.seat_priority
        }
        """Per seat type the place of each application in the `standing` of its product."""
        self._standings: dict[tuple[str, str], list[int]] = {}
        self.fixed: dict[str, list[str]] = {}
        """Per institution the products that were fixed for it."""
        for product in instance.products:
            for institution in product.preassigned:
                self.fixed.setdefault(institution, []).append(product.id)
        uses = self.policy.preassigned_uses_capacity
        self.capacity = [
            max(0, body.capacity - uses * len(self.fixed.get(body.id, ())))
            for body in instance.institutions
        ]
        """Per institution what it can be awarded at most."""

    def find(self, institution: str, product: str) -> int | None:
        """Find an application by its ids."""
        body = self.bodies.get(institution)
        mine = [] if body is None else self.ranked[body]
        return next((at for at in mine if self.rows[at][1] == product), None)

    def ticket(self, application: Application) -> str:
        """Draw the lot of an application, as the instance format defines it."""
        text = ":".join((self.seed, application.institution, application.product))
        return hashlib.sha256(text.encode("utf-8")).hexdigest()

    def funding_key(self, product: Product) -> tuple[tuple[int, ...], str]:
        """Give what orders products for money: their `order`, then their lot."""
        lot = hashlib.sha256(":".join((self.seed, product.id)).encode("utf-8")).hexdigest()
        return product.order, lot

    def standing(self, product: str, seat_type: str) -> list[int]:
        """Rank a product's eligible applications for a seat type, best first."""
        known = self._standings.get((product, seat_type))
        if known is None:
            known = self._standings[product, seat_type] = self._rank(product, seat_type)
            places = self.places[seat_type]
            for place, at in enumerate(known):
                places[at] = place
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
        given: dict[str, int] = {}
        left = max(0, funded - len(product.preassigned))
        taker = next((kind for kind, n in product.seats.items() if n == "all"), "open")
        for kind in self.policy.seat_precedence:
            wanted = product.seats.get(kind, 0)
            if wanted != "all":
                given[kind] = min(left, wanted)
                left -= given[kind]
        given[taker] = given.get(taker, 0) + left
        return {kind: given[kind] for kind in self.policy.seat_precedence if given[kind]}

    def _read_rankings(self) -> None:
        rows, end = self.rows, 0
        for body, institution in enumerate(self.instance.institutions):
            start, end = end, end + len(institution.ranking)
            at_of = {rows[at][1]: at for at in range(start, end)}
            ranked = list(map(at_of.__getitem__, institution.ranking))
            self.ranked.append(ranked)
            self.wishes.append([at for at in ranked if rows[at][2]])
            self.body_of += [body] * len(ranked)

    def _read_applications(self) -> None:
        compare: dict[str, Any] = {}
        for kind, names in self.policy.seat_priority.items():
            self.compared[kind] = [()] * len(self.rows)
            # Of one name or none itemgetter gives no tuple.
            compare[kind] = itemgetter(*names) if len(names) > 1 else _pick(names)
        columns = {
            key: [(compare[kind], self.compared[kind]) for kind in self.seats(product, MANY)]
            for key, product in self.products.items()
        }
        # All in one pass, for a million rows take longer to come from memory than to be compared.
        for at, (_, key, eligible, _, keys) in enumerate(self.rows):
            if eligible:
                self.candidates[key].append(at)
                for values_of, column in columns[key]:
                    column[at] = values_of(keys)

    def _rank(self, product: str, seat_type: str) -> list[int]:
        compared = self.compared[seat_type]
        ranking = sorted(self.candidates[product], key=compared.__getitem__)
        if len(set(map(compared.__getitem__, ranking))) == len(ranking):
            return ranking
        often = Counter(map(compared.__getitem__, ranking))
        lots = {at: self.ticket(self.rows[at]) for at in ranking if often[compared[at]] > 1}
        return sorted(ranking, key=lambda at: (compared[at], lots.get(at, "")))


def _pick(names: tuple[str, ...]) -> Any:
    return lambda keys: tuple(map(keys.__getitem__, names))
