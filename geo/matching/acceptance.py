"""Owns deferred acceptance with seat types at given placements; knows no money.

Institutions propose down their ranking, a product's seats choose in precedence order, each taking
the best remaining by its own priority list (Gale & Shapley 1962; slot-specific priorities of
Kominers & Sonmez 2016; the weight of precedence is that of Dur, Kominers, Pathak & Sonmez 2018).
The result is the stable matching that every institution likes best (Roth & Sotomayor 1990), in
whatever order proposals are made.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappush, heapreplace

from geo.matching.market import Market, SeatCounts

Holders = list[tuple[str, list[int]]]
"""Per seat type that a product has, positions of applications in the instance, best first."""

_SeatRow = tuple[str, int, list[int], list[int], list[int]]
"""A seat type of one product: how many seats, its ranking, places in it, and who sits there.

Those who sit are their places below zero: heaps keep the smallest on top, and the worst must be.
"""


def match(market: Market, seats: Sequence[SeatCounts]) -> list[Holders]:
    """Match institutions and products by deferred acceptance.

    Whoever a seat type gives up is offered to the next type, which is what choosing anew from
    everybody in precedence order gives.

    :param seats: per product the seats that it can give.
    :return: per product who holds which seat type.
    """
    rows: list[list[_SeatRow]] = [
        [
            (kind, number, market.rank(product, kind), market.places[kind], [])
            for kind, number in counts
        ]
        for product, counts in enumerate(seats)
    ]
    wishes = market.wishes
    free = list(market.capacity)
    asked = [0] * len(wishes)
    waiting = list(range(len(wishes)))
    product_of = market.product_of
    institution_of = market.institution_of
    # A million offers: no call for each but those of the heap.
    while waiting:
        institution = waiting.pop()
        mine = wishes[institution]
        while free[institution] and asked[institution] < len(mine):
            moving = application = mine[asked[institution]]
            asked[institution] += 1
            for _, number, order, places, held in rows[product_of[application]]:
                worth = -places[moving]
                if len(held) < number:
                    heappush(held, worth)
                    free[institution] -= 1
                    break
                if worth > held[0]:
                    moving = order[-heapreplace(held, worth)]
            else:
                if moving != application:
                    displaced = institution_of[moving]
                    free[institution] -= 1
                    free[displaced] += 1
                    waiting.append(displaced)
    return [[_list_holders(row) for row in of_product] for of_product in rows]


def _list_holders(row: _SeatRow) -> tuple[str, list[int]]:
    kind, _, order, _, held = row
    return kind, [order[-worth] for worth in sorted(held, reverse=True)]
