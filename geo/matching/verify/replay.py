"""Owns a second computation of a whole round from the instance alone, written another way.

Money goes out by a queue of next placements instead of scans. Institutions enter one at a time and
whoever is displaced queues up again (McVitie & Wilson 1971); seats are a row of marks instead of a
heap.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import compress

from geo.matching.instance import Product
from geo.matching.verify.roll import Roll

NOBODY = -1
"""In place of the application that has to go on."""

_Record = tuple[dict[str, int], dict[str, int]]


@dataclass(frozen=True, slots=True)
class Replay:
    """Funded and filled placements of every pass, and who holds what in the end.

    :param seated: per product and seat type, in precedence order, its applications, best first.
    """

    passes: list[_Record]
    seated: dict[str, dict[str, list[int]]]


def replay_round(roll: Roll) -> Replay:
    """Fund, match and reallocate from the beginning."""
    ceiling = {key: roll.cap(product) for key, product in roll.products.items()}
    have = {key: len(product.preassigned) for key, product in roll.products.items()}
    passes: list[_Record] = []
    while True:
        funded = _fund(roll, ceiling, have)
        seated = _admit_one_by_one(roll, funded)
        filled = {
            key: len(product.preassigned) + sum(map(len, seated[key].values()))
            for key, product in roll.products.items()
        }
        passes.append((funded, filled))
        if funded == filled or not roll.policy.reallocate_unclaimed:
            return Replay(passes, seated)
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
    queue = [
        (turn(place, product), place)
        for place, product in enumerate(ordered)
        if have[product.id] < ceiling[product.id]
    ]
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


def _admit_one_by_one(roll: Roll, funded: dict[str, int]) -> dict[str, dict[str, list[int]]]:
    benches = {
        key: [
            _Bench(kind, roll.standing(key, kind), roll.places[kind], number)
            for kind, number in roll.seats(product, funded[key]).items()
        ]
        for key, product in roll.products.items()
    }
    bench_of = [benches[row[1]] for row in roll.rows]
    wishes = roll.wishes
    asked = [0] * len(wishes)
    room = list(roll.capacity)
    queue = deque[int]()
    for newcomer in range(len(wishes)):
        body = newcomer
        while True:
            mine = wishes[body]
            for asking in mine[asked[body] :] if room[body] else ():
                asked[body] += 1
                loser = _sit(bench_of[asking], asking)
                if loser == asking:
                    continue
                room[body] -= 1
                if loser != NOBODY:
                    room[roll.body_of[loser]] += 1
                    queue.append(roll.body_of[loser])
                if not room[body]:
                    break
            if not queue:
                break
            body = queue.popleft()
    return {
        key: {bench.kind: list(compress(bench.ranking, bench.marks)) for bench in mine}
        for key, mine in benches.items()
    }


def _sit(benches: list[_Bench], newcomer: int) -> int:
    """Let an application ask the seat types of its product; return which has to go on, or nobody.

    Whoever gives up a seat of one type asks the next one.
    """
    moving = newcomer
    for bench in benches:
        place, worst = bench.places[moving], bench.worst
        if bench.left:
            bench.left -= 1
            bench.marks[place] = 1
            if place > worst:
                bench.worst = place
            return NOBODY
        if place < worst:
            marks = bench.marks
            marks[place] = 1
            marks[worst] = 0
            # Marks only move up once all seats are taken, so the search never starts over.
            bench.worst = marks.rfind(1, 0, worst)
            moving = bench.ranking[worst]
    return moving


class _Bench:
    """The seats of one type of one product: a mark for each place in its ranking that sits."""

    __slots__ = ("kind", "left", "marks", "places", "ranking", "worst")

    def __init__(self, kind: str, ranking: list[int], places: list[int], number: int) -> None:
        self.kind = kind
        self.ranking = ranking
        self.places = places
        self.marks = bytearray(len(ranking))
        self.left = number
        self.worst = -1
