"""Owns the verifier's view of what a plan claims; judges nothing of it."""

from __future__ import annotations

from operator import itemgetter

from geo.matching.instance import PREASSIGNED
from geo.matching.plan import Outcome, Plan, ProductResult, Seat
from geo.matching.verify.roll import Roll

_institution_of = itemgetter(0)
_product_of = itemgetter(1)


class Claim:
    """What a plan says that everybody holds; rows of unknown products are left out."""

    def __init__(self, roll: Roll, plan: Plan) -> None:
        self.roll = roll
        empty = {key: ProductResult(key, 0, 0, (), {}) for key in roll.products}
        told = {row.id: row for row in plan.products if row.id in roll.products}
        self.results = empty | told
        self.matched: dict[str, list[Seat]] = {}
        """Per product the seats beyond pre-assigned ones."""
        self.holders: dict[str, list[int | None]] = {}
        """Per product the application of each of those seats, if there is one."""
        self.awards: dict[str, set[str]] = {}
        """Per institution the products that it was awarded, whether it applied or not."""
        self.kind_of: list[str | None] = [None] * len(roll.rows)
        """Per application the seat type that it was awarded, if any."""
        for key, result in self.results.items():
            self.matched[key] = [seat for seat in result.seats if seat.type != PREASSIGNED]
            holders = self.holders[key] = []
            for seat in self.matched[key]:
                self.awards.setdefault(seat.institution, set()).add(key)
                at = roll.find(seat.institution, key)
                holders.append(at)
                if at is not None:
                    self.kind_of[at] = seat.type
        self.takers = self._list_takers(roll)
        """Per product the applications that hold it or would take it over what they hold."""
        self.fixed_outcomes: dict[tuple[str, str], Outcome] = {}
        """What the plan says of each pre-assignment, as far as it says anything."""
        self.outcomes: list[Outcome | None] = []
        """What the plan says of each application, as far as it says anything."""
        self.stray: list[tuple[str, str]] = []
        """Institutions and products of which the plan says something without cause."""
        self._read_outcomes(roll, plan)

    def _list_takers(self, roll: Roll) -> dict[str, list[int]]:
        takers: dict[str, list[int]] = {key: [] for key in roll.products}
        kind_of = self.kind_of
        for wishes, capacity in zip(roll.wishes, roll.capacity, strict=True):
            room = capacity
            for at in wishes:
                if kind_of[at] is not None:
                    room -= 1
                elif room <= 0:
                    continue
                takers[roll.rows[at][1]].append(at)
        return takers

    def _read_outcomes(self, roll: Roll, plan: Plan) -> None:
        outcomes = plan.outcomes
        fixed = {(body, key) for body, keys in roll.fixed.items() for key in keys}
        if fixed:
            self.fixed_outcomes = {row[:2]: row for row in outcomes if row[:2] in fixed}
            outcomes = tuple(row for row in outcomes if row[:2] not in fixed)
        # A true plan has its outcomes where the instance has its rows: nothing is looked up then.
        if len(outcomes) == len(roll.rows) and all(
            list(map(field_of, outcomes)) == list(map(field_of, roll.rows))
            for field_of in (_institution_of, _product_of)
        ):
            self.outcomes = list(outcomes)
            return
        told = {row[:2]: row for row in outcomes}
        self.outcomes = [told.pop(row[:2], None) for row in roll.rows]
        self.stray = sorted(told)
