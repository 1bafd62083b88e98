"""Owns the solver's reasons: what became of every application and pre-assignment, and the cutoffs.

The verifier has its own words for the same rules and does not use these.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from operator import itemgetter

from geo.matching.acceptance import Holders
from geo.matching.instance import PREASSIGNED, TICKET, Instance, Product
from geo.matching.market import Market
from geo.matching.plan import AreaResult, Detail, Outcome, ProductResult, Reason, Seat

_Worst = list[tuple[str, tuple[str, ...], Sequence[tuple[int, ...]], int]]
"""Per seat type with a holder: the keys it compares, their values by application, and the worst
holder."""

# What the class itself does in the end, without its check of arguments: there may be a million.
_make = partial(tuple.__new__, Outcome)


def list_product_results(
    market: Market, funded: dict[str, int], holders: Sequence[Holders]
) -> tuple[ProductResult, ...]:
    """List who holds each product, with the cutoffs of those that have nothing left to give."""
    rows = market.instance.applications
    results = []
    for product, seats in zip(market.instance.products, holders, strict=True):
        held = [Seat(PREASSIGNED, institution) for institution in product.preassigned]
        held += [Seat(kind, rows[at].institution) for kind, best in seats for at in best]
        cutoffs: dict[str, dict[str, int | str]] = {}
        if len(held) == funded[product.id]:
            for seat_type, names, values_of, holder in _list_worst(market, seats):
                cutoffs[seat_type] = dict(zip(names, values_of[holder], strict=True))
                cutoffs[seat_type][TICKET] = market.ticket(holder)
        results.append(
            ProductResult(product.id, funded[product.id], len(held), tuple(held), cutoffs)
        )
    return tuple(results)


def list_outcomes(
    market: Market,
    ordered: Sequence[Product],
    areas: Sequence[AreaResult],
    products: Sequence[ProductResult],
    holders: Sequence[Holders],
) -> tuple[Outcome, ...]:
    """List one outcome per application and per pre-assignment, by institution and product.

    :param ordered: products in funding order.
    :param areas: where the money of the areas went.
    """
    instance = market.instance
    rows = instance.applications
    product_of = market.product_of
    seat_of = _list_seats(market, holders)
    fixed = _list_preassigned(instance)
    worst = [_list_worst(market, seats) for seats in holders]
    unfunded = _explain_unfunded(instance, ordered, areas, products)
    nothing: Detail = {}
    # By application, for those lie in the order in which outcomes are written.
    told: list[Outcome] = [None] * len(rows)  # type: ignore[list-item]
    for institution, body in enumerate(instance.institutions):
        ranked = market.ranked[institution]
        capacity = market.capacity[institution]
        got = [rows[at][1] for at in ranked if seat_of[at] is not None]
        better = 0
        for at in ranked:
            row = rows[at]
            reason: Reason
            detail = nothing
            seat = seat_of[at]
            if seat is not None:
                better += 1
                reason = "awarded"
            elif not row[2]:
                reason, detail = "ineligible", {"rule": row[3]}
            elif capacity == 0:
                reason, detail = "capacity_used", {"products": fixed[body.id]}
            elif better == capacity:
                reason, detail = "got_higher_choice", {"products": got}
            elif row[1] in unfunded:
                reason, detail = "not_funded", unfunded[row[1]]
            else:
                reason, detail = "below_cutoff", _compare(market, at, worst[product_of[at]])
            told[at] = _make((row[0], row[1], reason, seat, detail))
    return tuple(_merge_preassigned(told, fixed))


def _list_seats(market: Market, holders: Sequence[Holders]) -> list[str | None]:
    """Give per application the seat type that it holds, if any."""
    seat_of: list[str | None] = [None] * len(market.product_of)
    for seats in holders:
        for kind, best in seats:
            for at in best:
                seat_of[at] = kind
    return seat_of


def _merge_preassigned(told: list[Outcome], fixed: dict[str, list[str]]) -> list[Outcome]:
    """Put the pre-assigned outcomes between the others, by institution and product."""
    if fixed:
        told += [
            Outcome(institution, product, "preassigned", PREASSIGNED, {})
            for institution, products in fixed.items()
            for product in products
        ]
        told.sort(key=itemgetter(0, 1))
    return told


def _list_preassigned(instance: Instance) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for product in instance.products:
        for institution in product.preassigned:
            found.setdefault(institution, []).append(product.id)
    return found


def _list_worst(market: Market, seats: Holders) -> _Worst:
    priority = market.instance.policy.seat_priority
    return [
        (seat_type, priority[seat_type], market.compared[seat_type], held[-1])
        for seat_type, held in seats
        if held
    ]


def _compare(market: Market, application: int, worst: _Worst) -> Detail:
    """Find the seat type that the application missed by the latest key."""
    longest = -1
    for kind, names, values_of, holder in worst:
        own, theirs = values_of[application], values_of[holder]
        equal = 0
        for mine in own:
            if mine != theirs[equal]:
                break
            equal += 1
        # On equal lengths the later type in precedence counts, and types come in that order.
        if equal >= longest:
            longest, seat_type, keys = equal, kind, names
            applicant, held, last = own, theirs, holder
    if longest == len(keys):
        return {
            "type": seat_type,
            "key": TICKET,
            "applicant": market.ticket(application),
            "holder": market.ticket(last),
        }
    return {
        "type": seat_type,
        "key": keys[longest],
        "applicant": applicant[longest],
        "holder": held[longest],
    }


def _explain_unfunded(
    instance: Instance,
    ordered: Sequence[Product],
    areas: Sequence[AreaResult],
    products: Sequence[ProductResult],
) -> dict[str, Detail]:
    """Say for each product without a placement beyond pre-assigned ones why it has none.

    Limits of the product come before the group's and the group's before money: where a limit
    holds, more money alone would have changed nothing.
    """
    funded = {result.id: result.funded for result in products}
    left = {area.id: area.remaining_krw for area in areas}
    group_spent: Counter[str | None] = Counter()
    for product in instance.products:
        group_spent[product.cap_group] += funded[product.id] * product.price_krw
    last_funded: dict[str, str] = {}
    for product in ordered:
        if funded[product.id] > len(product.preassigned):
            last_funded[product.area] = product.id

    policy = instance.policy
    found: dict[str, Detail] = {}
    for product in instance.products:
        fixed = len(product.preassigned)
        if funded[product.id] > fixed:
            continue
        price = product.price_krw
        product_cap = policy.product_budget_cap_krw
        group_cap = None if product.cap_group is None else policy.group_budget_cap_krw
        group_left = 0 if group_cap is None else group_cap - group_spent[product.cap_group]
        if product.max_placements == fixed:
            detail = {"cause": "cap", "cap": "max_placements", "limit": product.max_placements}
        elif product_cap is not None and product_cap // price == fixed:
            detail = {"cause": "cap", "cap": "product_budget_cap_krw", "limit": product_cap}
        elif group_cap is not None and group_left < price:
            detail = {
                "cause": "cap",
                "cap": "group_budget_cap_krw",
                "limit": group_cap,
                "left_krw": group_left,
            }
        else:
            detail = {
                "cause": "money",
                "price_krw": price,
                "left_krw": left[product.area],
                "last_funded": last_funded.get(product.area),
            }
        found[product.id] = detail
    return found
