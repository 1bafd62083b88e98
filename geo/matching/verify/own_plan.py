"""Owns the plan that the verifier itself would write, from its replay and its own reasons.

A file that is this plan byte for byte needs no reading: what it says was computed here.
"""

from __future__ import annotations

from dataclasses import replace
from operator import itemgetter

from geo.matching.instance import PREASSIGNED, inputs_sha256
from geo.matching.plan import (
    ENGINE,
    AreaResult,
    Outcome,
    PassRecord,
    Plan,
    ProductResult,
    Seat,
)
from geo.matching.verify.claim import Claim
from geo.matching.verify.money import Ledger
from geo.matching.verify.reasons import Truth, list_truths, list_worst, tell_cutoffs
from geo.matching.verify.replay import Replay
from geo.matching.verify.roll import Roll


def write_own_plan(roll: Roll, replayed: Replay) -> tuple[Plan, Claim]:
    """Write the plan that the replay ends with; give what it claims too."""
    holding = Plan(
        engine=ENGINE,
        inputs_sha256=inputs_sha256(roll.instance),
        seed=roll.seed,
        pass_log=tuple(
            PassRecord(number, funded, filled)
            for number, (funded, filled) in enumerate(replayed.passes, start=1)
        ),
        areas=(),
        products=tuple(_list_products(roll, replayed)),
        outcomes=(),
    )
    claim = Claim(roll, holding)
    worst = list_worst(roll, claim)
    plan = replace(
        holding,
        areas=_list_areas(roll, claim),
        products=tuple(
            replace(row, cutoffs=tell_cutoffs(roll, row, worst[row.id])) for row in holding.products
        ),
        outcomes=_list_outcomes(roll, list_truths(roll, claim, worst)),
    )
    return plan, claim


def _list_products(roll: Roll, replayed: Replay) -> list[ProductResult]:
    funded, filled = replayed.passes[-1]
    results = []
    for key, product in roll.products.items():
        seats = [Seat(PREASSIGNED, institution) for institution in product.preassigned]
        seats += [
            Seat(kind, roll.rows[at].institution)
            for kind, seated in replayed.seated[key].items()
            for at in seated
        ]
        results.append(ProductResult(key, funded[key], filled[key], tuple(seats), {}))
    return results


def _list_areas(roll: Roll, claim: Claim) -> tuple[AreaResult, ...]:
    ledger = Ledger(roll, claim)
    return tuple(
        AreaResult(
            id=area.id,
            budget_krw=area.budget_krw,
            preassigned_krw=ledger.area_fixed[area.id],
            spent_krw=ledger.area_spent[area.id],
            remaining_krw=area.budget_krw - ledger.area_spent[area.id],
        )
        for area in roll.instance.areas
    )


def _list_outcomes(roll: Roll, truths: list[Truth | None]) -> tuple[Outcome, ...]:
    # Plain tuples of a million truths do for writing; one without truth makes another plan.
    outcomes = [truth for truth in truths if truth is not None]
    if roll.fixed:
        outcomes += [
            (institution, key, "preassigned", PREASSIGNED, {})
            for institution, keys in roll.fixed.items()
            for key in keys
        ]
        outcomes.sort(key=itemgetter(0, 1))
    return tuple(outcomes)  # type: ignore[arg-type]
