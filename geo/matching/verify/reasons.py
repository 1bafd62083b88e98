"""Owns the checks on what people are told: cutoffs, one outcome each, and true reasons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from geo.matching.instance import PREASSIGNED, TICKET, Application, Product
from geo.matching.jsonio import show
from geo.matching.plan import Outcome, Plan
from geo.matching.verify.findings import Findings
from geo.matching.verify.money import Ledger
from geo.matching.verify.roll import Claim, Roll

_Told = tuple[str, str | None, dict[str, Any]]
_Worst = tuple[str, list[tuple[str, int]], Application]
"""A seat type, what it compares of its worst holder, and who that is."""


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
    nothing: dict[str, Outcome] = {}
    count = 0
    for body in roll.instance.institutions:
        told = claim.outcomes.get(body.id, nothing)
        due = roll.applications[body.id].keys() | roll.fixed.get(body.id, ())
        count += len(told)
        if told.keys() == due:
            continue
        for key in sorted(due - told.keys()):
            findings.note("outcomes_complete", f"{show((body.id, key))} has no readable outcome")
        for key in sorted(told.keys() - due):
            findings.note("outcomes_complete", f"{show((body.id, key))} is no application")
    for institution in sorted(claim.outcomes.keys() - roll.applications.keys()):
        count += len(claim.outcomes[institution])
        for key in sorted(claim.outcomes[institution]):
            findings.note("outcomes_complete", f"{show((institution, key))} is no application")
    if len(plan.outcomes) > count:
        findings.note("outcomes_complete", f"{len(plan.outcomes) - count} outcomes are repeated")


def check_reason_true(roll: Roll, claim: Claim, findings: Findings) -> None:
    """Check that every outcome states the first reason that holds, with its true details."""
    nothing: dict[str, Outcome] = {}
    for institution, truths in _list_truths(roll, claim):
        told = claim.outcomes.get(institution, nothing)
        for key, due in truths:
            row = told.get(key)
            if row is None or row[2:] == due:
                continue
            name = show((institution, key))
            if due is None:
                findings.note("reason_true", f"{name}: no reason refuses it, yet it is refused")
            else:
                findings.note(
                    "reason_true",
                    f"{name} is {due[0]} {show(due[1])} {show(due[2])}, "
                    f"not {row.reason} {show(row.seat)} {show(row.detail)}",
                )


def _list_truths(roll: Roll, claim: Claim) -> Iterator[tuple[str, list[tuple[str, _Told | None]]]]:
    worst = {
        key: [
            (kind, [(name, row.keys[name]) for name in roll.policy.seat_priority[kind]], row)
            for kind, row in _list_worst(roll, claim, key).items()
        ]
        for key in roll.products
    }
    unfunded = {
        key: ("not_funded", None, detail) for key, detail in _tell_unfunded(roll, claim).items()
    }
    nothing: dict[str, str] = {}
    for body in roll.instance.institutions:
        mine = roll.applications[body.id]
        fixed = roll.fixed.get(body.id, [])
        room = roll.capacity[body.id]
        truths: list[tuple[str, _Told | None]] = [
            (key, ("preassigned", PREASSIGNED, {})) for key in fixed
        ]
        awards = claim.awards.get(body.id, nothing)
        held = [key for key in body.ranking if key in awards]
        passed = 0
        for key in body.ranking:
            due: _Told | None
            if key in awards:
                passed += 1
                due = ("awarded", awards[key], {})
            elif not mine[key].eligible:
                due = ("ineligible", None, {"rule": mine[key].ineligible_reason})
            elif room == 0:
                due = ("capacity_used", None, {"products": fixed})
            elif passed >= room:
                due = ("got_higher_choice", None, {"products": held})
            elif key in unfunded:
                due = unfunded[key]
            else:
                due = _tell_cutoff(roll, claim, mine[key], worst[key])
            truths.append((key, due))
        yield body.id, truths


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


def _tell_cutoff(roll: Roll, claim: Claim, row: Application, worst: list[_Worst]) -> _Told | None:
    result = claim.results[row.product]
    if len(result.seats) < result.funded or not worst:
        return None
    agreed = -1
    own = row.keys
    for kind, values, holder in worst:
        equal = 0
        for name, value in values:
            if own[name] != value:
                break
            equal += 1
        if equal >= agreed:
            agreed, seat_type, compared, last = equal, kind, values, holder
    mine: Any
    theirs: Any
    if agreed < len(compared):
        key, theirs = compared[agreed]
        mine = own[key]
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
