"""Owns the solver's reasons: what became of every application and pre-assignment, and the cutoffs.

The verifier has its own words for the same rules and does not use these.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from operator import attrgetter

from geo.matching.acceptance import Holders, Market
from geo.matching.instance import PREASSIGNED, TICKET, Instance, Product
from geo.matching.plan import AreaResult, Detail, Outcome, ProductResult, Reason, Seat

_Worst = list[tuple[str, list[tuple[str, int]], int]]
"""Per seat type with a holder: the worst holder's values of its priority keys, and who that is."""


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
            for seat_type, values, holder in _list_worst(market, seats):
                cutoffs[seat_type] = {**dict(values), TICKET: market.ticket(holder)}
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
    seat_of = {at: kind for seats in holders for kind, best in seats for at in best}
    fixed = _list_preassigned(instance)
    worst = [_list_worst(market, seats) for seats in holders]
    unfunded = _explain_unfunded(instance, ordered, areas, products)
    nothing: Detail = {}
    outcomes: list[Outcome] = []
    for institution, body in enumerate(instance.institutions):
        mine = [
            Outcome(body.id, product, "preassigned", PREASSIGNED, nothing)
            for product in fixed.get(body.id, ())
        ]
        ranked = market.ranked[institution]
        capacity = market.capacity[institution]
        got = [at for at in ranked if at in seat_of]
        better = 0
        for at in ranked:
            row = rows[at]
            reason: Reason
            detail = nothing
            if at in seat_of:
                better += 1
                reason = "awarded"
            elif not row.eligible:
                reason, detail = "ineligible", {"rule": row.ineligible_reason}
            elif capacity == 0:
                reason, detail = "capacity_used", {"products": fixed[body.id]}
            elif better == capacity:
                reason, detail = (
                    "got_higher_choice",
                    {"products": [rows[held].product for held in got]},
                )
            elif row.product in unfunded:
                reason, detail = "not_funded", unfunded[row.product]
            else:
                reason = "below_cutoff"
                detail = _compare(market, at, worst[market.product_of[at]])
            mine.append(Outcome(body.id, row.product, reason, seat_of.get(at), detail))
        mine.sort(key=attrgetter("product"))
        outcomes += mine
    return tuple(outcomes)


def _list_preassigned(instance: Instance) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for product in instance.products:
        for institution in product.preassigned:
            found.setdefault(institution, []).append(product.id)
    return found


def _list_worst(market: Market, seats: Holders) -> _Worst:
    found: _Worst = []
    for seat_type, held in seats:
        if held:
            keys = market.instance.applications[held[-1]].keys
            names = market.instance.policy.seat_priority[seat_type]
            found.append((seat_type, [(name, keys[name]) for name in names], held[-1]))
    return found


def _compare(market: Market, application: int, worst: _Worst) -> Detail:
    """Find the seat type that the application missed by the latest key."""
    keys = market.instance.applications[application].keys
    longest = -1
    for kind, values, holder in worst:
        equal = 0
        for name, value in values:
            if keys[name] != value:
                break
            equal += 1
        # On equal lengths the later type in precedence counts, and types come in that order.
        if equal >= longest:
            longest, seat_type, compared, last = equal, kind, values, holder
    if longest == len(compared):
        return {
            "type": seat_type,
            "key": TICKET,
            "applicant": market.ticket(application),
            "holder": market.ticket(last),
        }
    key, value = compared[longest]
    return {"type": seat_type, "key": key, "applicant": keys[key], "holder": value}


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
