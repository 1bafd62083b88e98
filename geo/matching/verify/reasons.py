"""Owns the checks on what people are told: cutoffs, one outcome each, and true reasons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geo.matching.instance import PREASSIGNED, TICKET, Product
from geo.matching.jsonio import show
from geo.matching.plan import Outcome, Plan, ProductResult
from geo.matching.verify.claim import Claim
from geo.matching.verify.findings import Findings
from geo.matching.verify.money import Ledger
from geo.matching.verify.roll import Roll

Truth = tuple[str, str, str, str | None, Mapping[str, Any]]
"""What an outcome has to be: its institution, product, reason, seat and detail."""

Worst = list[tuple[str, tuple[str, ...], list[tuple[int, ...]], int]]
"""Per seat type that somebody holds: the keys that it compares, their values by application, and
its worst holder."""


def check_cutoffs(roll: Roll, claim: Claim, findings: Findings) -> None:
    """Check the worst holder's keys and ticket of every seat type of every full product."""
    for key, worst in list_worst(roll, claim).items():
        due, there = tell_cutoffs(roll, claim.results[key], worst), claim.results[key].cutoffs
        if due != there:
            findings.note("cutoffs", f"{show(key)} has {show(due)}, not {show(there)}")


def tell_cutoffs(roll: Roll, result: ProductResult, worst: Worst) -> dict[str, dict[str, Any]]:
    """Tell the worst holder of every seat type of a product, if it has nothing left to give."""
    if len(result.seats) != result.funded:
        return {}
    return {
        kind: dict(zip(names, values_of[holder], strict=True))
        | {TICKET: roll.ticket(roll.rows[holder])}
        for kind, names, values_of, holder in worst
    }


def check_outcomes_complete(roll: Roll, plan: Plan, claim: Claim, findings: Findings) -> None:
    """Check that every application and pre-assignment has exactly one outcome, and nothing else."""
    told = len(claim.fixed_outcomes) + len(claim.stray)
    for institution, keys in roll.fixed.items():
        for key in keys:
            if (institution, key) not in claim.fixed_outcomes:
                name = show((institution, key))
                findings.note("outcomes_complete", f"{name} has no readable outcome")
    for row, outcome in zip(roll.rows, claim.outcomes, strict=True):
        if outcome is None:
            findings.note("outcomes_complete", f"{show(row[:2])} has no readable outcome")
        else:
            told += 1
    for pair in claim.stray:
        findings.note("outcomes_complete", f"{show(pair)} is no application")
    if len(plan.outcomes) > told:
        findings.note("outcomes_complete", f"{len(plan.outcomes) - told} outcomes are repeated")


def check_reason_true(roll: Roll, claim: Claim, findings: Findings) -> None:
    """Check that every outcome states the first reason that holds, with its true details."""
    for pair, outcome in claim.fixed_outcomes.items():
        due: Truth = (*pair, "preassigned", PREASSIGNED, {})
        if outcome != due:
            _note(findings, outcome, due)
    truths = list_truths(roll, claim, list_worst(roll, claim))
    if truths == claim.outcomes:
        return
    for told, truth in zip(claim.outcomes, truths, strict=True):
        if told is None or told == truth:
            continue
        if truth is None:
            name = show(told[:2])
            findings.note("reason_true", f"{name}: no reason refuses it, yet it is refused")
        else:
            _note(findings, told, truth)


def _note(findings: Findings, told: Outcome, truth: Truth) -> None:
    due, there = (f"{row[2]} {show(row[3])} {show(row[4])}" for row in (truth, told))
    findings.note("reason_true", f"{show(told[:2])} is {due}, not {there}")


def list_truths(roll: Roll, claim: Claim, worst: dict[str, Worst]) -> list[Truth | None]:
    """List what has to be said of each application, if there is anything that can be."""
    full = {key for key, row in claim.results.items() if len(row.seats) >= row.funded}
    unfunded = _tell_unfunded(roll, claim)
    rows = roll.rows
    kind_of = claim.kind_of
    truths: list[Truth | None] = [None] * len(rows)
    for ranked, room in zip(roll.ranked, roll.capacity, strict=True):
        held = [rows[at][1] for at in ranked if kind_of[at] is not None]
        passed = 0
        for at in ranked:
            body, key, eligible, rule, _ = rows[at]
            kind = kind_of[at]
            if kind is not None:
                passed += 1
                truths[at] = body, key, "awarded", kind, {}
            elif not eligible:
                truths[at] = body, key, "ineligible", None, {"rule": rule}
            elif room == 0:
                truths[at] = body, key, "capacity_used", None, {"products": roll.fixed[body]}
            elif passed >= room:
                truths[at] = body, key, "got_higher_choice", None, {"products": held}
            elif key in unfunded:
                truths[at] = body, key, "not_funded", None, unfunded[key]
            elif key in full and worst[key]:
                detail = _tell_cutoff(roll, at, worst[key])
                if detail is not None:
                    truths[at] = body, key, "below_cutoff", None, detail
    return truths


def list_worst(roll: Roll, claim: Claim) -> dict[str, Worst]:
    """List per product its worst holders."""
    return {key: _list_worst(roll, claim, key) for key in roll.products}


def _list_worst(roll: Roll, claim: Claim, key: str) -> Worst:
    """List per seat type, in precedence order, the holder whom the type ranks last."""
    held: dict[str | None, list[int]] = {}
    for at in claim.holders[key]:
        if at is not None:
            held.setdefault(claim.kind_of[at], []).append(at)
    worst: Worst = []
    # Seats of a type that the product does not have are another check's fault to find.
    for kind in roll.seats(roll.products[key], claim.results[key].funded):
        roll.standing(key, kind)
        places = roll.places[kind]
        ranked = [at for at in held.get(kind, ()) if places[at] >= 0]
        if ranked:
            last = max(ranked, key=places.__getitem__)
            worst.append((kind, roll.policy.seat_priority[kind], roll.compared[kind], last))
    return worst


def _tell_cutoff(roll: Roll, application: int, worst: Worst) -> dict[str, Any] | None:
    agreed = -1
    for kind, names, values_of, holder in worst:
        own, others = values_of[application], values_of[holder]
        equal = 0
        while equal < len(own) and own[equal] == others[equal]:
            equal += 1
        if equal >= agreed:
            agreed, seat_type, keys, mine_all, theirs_all = equal, kind, names, own, others
            last = holder
    mine: Any
    theirs: Any
    if agreed < len(keys):
        key, mine, theirs = keys[agreed], mine_all[agreed], theirs_all[agreed]
    else:
        key = TICKET
        mine, theirs = roll.ticket(roll.rows[application]), roll.ticket(roll.rows[last])
    if mine < theirs:
        return None
    return {"type": seat_type, "key": key, "applicant": mine, "holder": theirs}


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
