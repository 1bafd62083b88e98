"""Owns the checks on who may hold a placement at all."""

from __future__ import annotations

from geo.matching.instance import PREASSIGNED
from geo.matching.jsonio import show
from geo.matching.verify.claim import Claim
from geo.matching.verify.findings import Findings
from geo.matching.verify.roll import Roll


def check_eligibility(roll: Roll, claim: Claim, findings: Findings) -> None:
    """Check that every placement that was matched goes to an eligible application."""
    for key, seats in claim.matched.items():
        for seat, at in zip(seats, claim.holders[key], strict=True):
            if at is None or not roll.rows[at].eligible:
                state = "no application" if at is None else "an ineligible application"
                findings.note(
                    "eligibility", f"{show(seat.institution)} has {state} for {show(key)}"
                )


def check_preassigned(roll: Roll, claim: Claim, findings: Findings) -> None:
    """Check that exactly the pre-assigned institutions hold a product's first placements."""
    for key, product in roll.products.items():
        seats = claim.results[key].seats
        told = [seat.institution for seat in seats if seat.type == PREASSIGNED]
        due = list(product.preassigned)
        if told != due:
            findings.note("preassigned", f"{show(key)} has {show(due)} fixed, not {show(told)}")
        elif any(seat.type != PREASSIGNED for seat in seats[: len(due)]):
            findings.note("preassigned", f"{show(key)} has seats before its fixed ones")


def check_institution_cap(roll: Roll, claim: Claim, findings: Findings) -> None:
    """Check that nobody was awarded more than it can take, or one product twice."""
    for institution, awards in claim.awards.items():
        body = roll.bodies.get(institution)
        capacity = 0 if body is None else roll.capacity[body]
        if len(awards) > capacity:
            findings.note(
                "institution_cap",
                f"{show(institution)} was awarded {len(awards)} and can take {capacity}",
            )
    for key, seats in claim.matched.items():
        if len({seat.institution for seat in seats}) < len(seats):
            findings.note("institution_cap", f"an institution holds {show(key)} twice")
