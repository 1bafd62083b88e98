"""Owns a second computation of a whole round from the instance alone, written another way.

Money goes out by a queue of next placements instead of scans. Institutions enter one at a time and
whoever is displaced queues up again (McVitie & Wilson 1971); seats are a row of marks instead of a
heap.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from geo.matching.instance import Product
from geo.matching.verify.roll import Roll

_Record = tuple[dict[str, int], dict[str, int]]


@dataclass(frozen=True, slots=True)
class Replay:
    """Funded and filled placements of every pass, and who holds what in the end."""

    passes: list[_Record]
    holders: dict[str, set[str]]


def replay_round(roll: Roll) -> Replay:
    """Fund, match and reallocate from the beginning."""
    ceiling = {key: roll.cap(product) for key, product in roll.products.items()}
    have = {key: len(product.preassigned) for key, product in roll.products.items()}
    passes: list[_Record] = []
    while True:
        funded = _fund(roll, ceiling, have)
        holders = _admit_one_by_one(roll, funded)
        filled = {
            key: len(product.preassigned) + len(holders[key])
            for key, product in roll.products.items()
        }
        passes.append((funded, filled))
        if funded == filled or not roll.policy.reallocate_unclaimed:
            return Replay(passes, holders)
        ceiling = {
            key: filled[key] if filled[key] < funded[key] else ceiling[key] for key in ceiling
        }
        have = filled


def _fund(roll: Roll, ceiling: dict[str, int], have: dict[str, int]) -> dict[str, int]:
    area_left = {area.id: area.budget_krw for area in roll.instance.areas}
    group_spent = Counter[str]()
    group_cap = roll.policy.group_budget_cap_krw
    for key, product in roll.products.items():
        area_left[product.area] -= have[key] * product.price_krw
        if product.cap_group is not None:
            group_spent[product.cap_group] += have[key] * product.price_krw

    def turn(place: int, product: Product) -> tuple[int, int]:
        scan = funded[product.id] + 1
        return (scan, place) if roll.policy.funding == "breadth_first" else (place, scan)

    ordered = sorted(roll.products.values(), key=roll.funding_key)
    funded = dict(have)
    queue = [(turn(place, product), place) for place, product in enumerate(ordered)]
    heapify(queue)
    while queue:
        _, place = heappop(queue)
        product = ordered[place]
        price = product.price_krw
        if funded[product.id] >= ceiling[product.id] or area_left[product.area] < price:
            continue
        if product.cap_group is not None:
            if group_cap is not None and group_spent[product.cap_group] > group_cap - price:
                continue
            group_spent[product.cap_group] += price
        area_left[product.area] -= price
        funded[product.id] += 1
        heappush(queue, (turn(place, product), place))
    return funded


def _admit_one_by_one(roll: Roll, funded: dict[str, int]) -> dict[str, set[str]]:
    rows = {
        key: [
            _SeatRow(roll.standing(key, kind), number)
            for kind, number in roll.seats(product, funded[key]).items()
        ]
        for key, product in roll.products.items()
    }
    wishes = {institution: iter(keys) for institution, keys in roll.wishes.items()}
    room = dict(roll.capacity)
    for newcomer in wishes:
        queue = deque([newcomer])
        while queue:
            institution = queue.popleft()
            while room[institution] > 0:
                key = next(wishes[institution], None)
                if key is None:
                    break
                room[institution] -= 1
                loser: str | None = institution
                for row in rows[key]:
                    if loser is None:
                        break
                    loser = row.admit(loser)
                if loser is not None:
                    room[loser] += 1
                    if loser != institution:
                        queue.append(loser)
    return {
        key: {body for row in seats for body in row.list_seated()} for key, seats in rows.items()
    }


class _SeatRow:
    """The seats of one type of one product: a mark for each standing that is seated."""

    __slots__ = ("_left", "_marks", "_names", "_standing", "_worst")

    def __init__(self, standing: dict[str, int], number: int) -> None:
        self._standing = standing
        self._names = list(standing)
        self._marks = bytearray(len(standing))
        self._left = number
        self._worst = -1

    def admit(self, institution: str) -> str | None:
        """Seat an institution if it can be; return who has to go on, if anybody."""
        at = self._standing[institution]
        if self._left:
            self._left -= 1
            self._marks[at] = 1
            self._worst = max(self._worst, at)
            return None
        if at > self._worst:
            return institution
        self._marks[at] = 1
        self._marks[self._worst] = 0
        loser = self._names[self._worst]
        # Marks only move up once all seats are taken, so the search never starts over.
        self._worst = self._marks.rfind(1, 0, self._worst)
        return loser

    def list_seated(self) -> list[str]:
        """List who has a seat, best first."""
        return [self._names[at] for at, mark in enumerate(self._marks) if mark]
