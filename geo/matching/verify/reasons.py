"""Owns the checks on what people are told: cutoffs, one outcome each, and true reasons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from geo.matching.instance import PREASSIGNED, TICKET, Application, Product
from geo.matching.jsonio import show
from geo.matching.plan import Plan
from geo.matching.verify.findings import Findings
from geo.matching.verify.money import Ledger
from geo.matching.verify.roll import Claim, Roll

_Told = tuple[str, str | None, dict[str, Any]]


def check_cutoffs(roll: Roll, claim: Claim, findings: Findings) -> None:
    """Check the worst holder's keys and ticket of every seat type of every full product."""
    for key in roll.products:
        result = claim.results[key]
        due: dict[str, dict[str, int | str]] = {}
        if len(result.seats) == result.funded:
            for kind, row in _list_worst(roll, claim, key).items():
                names = roll.policy.seat_priority[kind]
                due[kind] = {name: row.keys[name] for name in names}
                due[kind][TICKET] = roll.ticket(row)
        if due != result.cutoffs:
            findings.note("cutoffs", f"{show(key)} has {show(due)}, not {show(result.cutoffs)}")


def check_outcomes_complete(roll: Roll, plan: Plan, claim: Claim, findings: Findings) -> None:
    """Check that every application and pre-assignment has exactly one outcome, and nothing else."""
    told = claim.outcomes
    due = {(row.institution, row.product) for row in roll.instance.applications}
    due |= {(body, key) for body, products in roll.fixed.items() for key in products}
    if told.keys() == due and len(plan.outcomes) == len(due):
        return
    for pair in sorted(due - told.keys()):
        findings.note("outcomes_complete", f"{show(pair)} has no readable outcome")
    for pair in sorted(told):
        if pair not in due:
            findings.note("outcomes_complete", f"{show(pair)} is no application")
    if len(plan.outcomes) > len(told):
        findings.note(
            "outcomes_complete", f"{len(plan.outcomes) - len(told)} outcomes are repeated"
        )


def check_reason_true(roll: Roll, claim: Claim, findings: Findings) -> None:
    """Check that every outcome states the first reason that holds, with its true details."""
    for pair, due in _list_truths(roll, claim):
        row = claim.outcomes.get(pair)
        if row is None:
            continue
        if due is None:
            findings.note("reason_true", f"{show(pair)}: no reason refuses it, yet it is refused")
        elif (row.reason, row.seat, row.detail) != due:
            findings.note(
                "reason_true",
                f"{show(pair)} is {due[0]} {show(due[1])} {show(due[2])}, "
                f"not {row.reason} {show(row.seat)} {show(row.detail)}",
            )


def _list_truths(roll: Roll, claim: Claim) -> Iterator[tuple[tuple[str, str], _Told | None]]:
    worst = {key: _list_worst(roll, claim, key) for key in roll.products}
    seat_of = {
        (seat.institution, key): seat.type for key, seats in claim.matched.items() for seat in seats
    }
    unfunded = _tell_unfunded(roll, claim)
    for body in roll.instance.institutions:
        mine = roll.applications[body.id]
        fixed = roll.fixed.get(body.id, [])
        room = roll.capacity[body.id]
        for key in fixed:
            yield (body.id, key), ("preassigned", PREASSIGNED, {})
        held = [key for key in body.ranking if (body.id, key) in seat_of]
        passed = 0
        for key in body.ranking:
            pair = (body.id, key)
            due: _Told | None
            if pair in seat_of:
                passed += 1
                due = ("awarded", seat_of[pair], {})
            elif not mine[key].eligible:
                due = ("ineligible", None, {"rule": mine[key].ineligible_reason})
            elif room == 0:
                due = ("capacity_used", None, {"products": fixed})
            elif passed >= room:
                due = ("got_higher_choice", None, {"products": held})
            elif key in unfunded:
                due = ("not_funded", None, unfunded[key])
            else:
                due = _tell_cutoff(roll, claim, mine[key], worst[key])
            yield pair, due


def _list_worst(roll: Roll, claim: Claim, key: str) -> dict[str, Application]:
    """Find per seat type, in precedence order, the holder whom the type ranks last."""
    held: dict[str, list[str]] = {}
    for seat in claim.matched[key]:
        held.setdefault(seat.type, []).append(seat.institution)
    worst = {}
    # Seats of a type that the product does not have are another check's fault to find.
    for kind in roll.seats(roll.products[key], claim.results[key].funded):
        standing = roll.standing(key, kind)
        ranked = [body for body in held.get(kind, ()) if body in standing]
        if ranked:
            worst[kind] = roll.applications[max(ranked, key=standing.__getitem__)][key]
    return worst


def _tell_cutoff(
    roll: Roll, claim: Claim, row: Application, worst: dict[str, Application]
) -> _Told | None:
    result = claim.results[row.product]
    if len(result.seats) < result.funded or not worst:
        return None
    agreed = -1
    own = row.keys
    for kind, holder in worst.items():
        equal = 0
        for name in roll.policy.seat_priority[kind]:
            if own[name] != holder.keys[name]:
                break
            equal += 1
        if equal >= agreed:
            agreed, seat_type, last = equal, kind, holder
    names = roll.policy.seat_priority[seat_type]
    mine: Any
    theirs: Any
    if agreed < len(names):
        key = names[agreed]
        mine, theirs = own[key], last.keys[key]
    else:
        key, mine, theirs = TICKET, roll.ticket(row), roll.ticket(last)
    if mine < theirs:
        return None
    detail = {"type": seat_type, "key": key, "applicant": mine, "holder": theirs}
    return "below_cutoff", None, detail


def _tell_unfunded(roll: Roll, claim: Claim) -> dict[str, dict[str, Any]]:
    """Tell for every product without a placement beyond pre-assigned ones why it has none."""
    ledger = Ledger(roll, claim)
    last_paid: dict[str, Product] = {}
    told = {}
    for product in sorted(roll.products.values(), key=roll.funding_key):
        if claim.results[product.id].funded > len(product.preassigned):
            last_paid[product.area] = product
    for key, product in roll.products.items():
        if claim.results[key].funded <= len(product.preassigned):
            told[key] = _tell_cap(roll, ledger, product) or {
                "cause": "money",
                "price_krw": product.price_krw,
                "left_krw": ledger.area_left(product),
                "last_funded": last_paid[product.area].id if product.area in last_paid else None,
            }
    return told


def _tell_cap(roll: Roll, ledger: Ledger, product: Product) -> dict[str, Any] | None:
    another = len(product.preassigned) + 1
    if product.max_placements < another:
        return {"cause": "cap", "cap": "max_placements", "limit": product.max_placements}
    budget = roll.policy.product_budget_cap_krw
    if budget is not None and budget < another * product.price_krw:
        return {"cause": "cap", "cap": "product_budget_cap_krw", "limit": budget}
    left = ledger.group_left(product)
    if left is not None and left < product.price_krw:
        limit = roll.policy.group_budget_cap_krw
        return {"cause": "cap", "cap": "group_budget_cap_krw", "limit": limit, "left_krw": left}
    return None
