"""Owns the proof: whether a plan is the one that its instance calls for, check by named check.

Shares with the solver nothing but the two file formats, so that one shows the faults of the other.
"""

from __future__ import annotations

from geo.matching.instance import Instance, inputs_sha256
from geo.matching.jsonio import Refused, load_json, show
from geo.matching.plan import Plan
from geo.matching.plan_reader import read_plan
from geo.matching.verify.claim import Claim
from geo.matching.verify.entitlement import (
    check_eligibility,
    check_institution_cap,
    check_preassigned,
)
from geo.matching.verify.findings import CHECKS, Findings, Violation
from geo.matching.verify.money import check_budget, check_no_wasted_money, check_product_cap
from geo.matching.verify.own_plan import write_own_plan
from geo.matching.verify.reasons import check_cutoffs, check_outcomes_complete, check_reason_true
from geo.matching.verify.replay import replay_round
from geo.matching.verify.roll import Roll
from geo.matching.verify.stability import check_fixed_point, check_institution_optimal, check_replay

__all__ = ["CHECKS", "Violation", "verify"]


def verify(instance: Instance, plan: Plan | object) -> list[Violation]:
    """Check a plan against its instance and report every violated check.

    :param instance: with its seed.
    :param plan: the bytes of a plan's file, a `Plan`, or any JSON value that claims to be one;
        nothing in it is trusted.
    :return: one violation per violated check, in the order of `CHECKS`; empty when the plan holds.
    :raises ValueError: when the instance has no seed.
    """
    if instance.seed is None:
        raise ValueError("an instance without a seed has no plan to verify")
    findings = Findings()
    roll = Roll(instance, instance.seed)
    replayed = replay_round(roll)
    if isinstance(plan, bytes):
        own, claim = write_own_plan(roll, replayed)
        if own.is_file(plan):
            # Its hash, passes, holders, cutoffs and reasons are those computed here.
            _check_holding(roll, own, claim, findings)
            return findings.list_violations()
        try:
            plan = load_json(plan)
        except Refused as refusal:
            # A plan that is no JSON is a plan that fails, not a question without an answer.
            return [Violation("format", str(refusal), 1)]
    read, problems = read_plan(plan.to_json() if isinstance(plan, Plan) else plan)
    for problem in problems:
        findings.note("format", str(problem))
    _check_rows(instance, read, findings)
    _check_inputs_hash(instance, read, findings)
    claim = Claim(roll, read)
    _check_holding(roll, read, claim, findings)
    check_replay(replayed, read, claim, findings)
    check_institution_optimal(replayed, claim, findings)
    check_cutoffs(roll, claim, findings)
    check_outcomes_complete(roll, read, claim, findings)
    check_reason_true(roll, claim, findings)
    return findings.list_violations()


def _check_holding(roll: Roll, plan: Plan, claim: Claim, findings: Findings) -> None:
    """Check who holds what and what it costs, whoever computed it."""
    check_eligibility(roll, claim, findings)
    check_preassigned(roll, claim, findings)
    check_budget(roll, plan, claim, findings)
    check_product_cap(roll, claim, findings)
    check_institution_cap(roll, claim, findings)
    check_fixed_point(roll, claim, findings)
    check_no_wasted_money(roll, claim, findings)


def _check_rows(instance: Instance, plan: Plan, findings: Findings) -> None:
    for name, due, there in (
        ("areas", {row.id for row in instance.areas}, {row.id for row in plan.areas}),
        ("products", {row.id for row in instance.products}, {row.id for row in plan.products}),
    ):
        for missing in sorted(due - there):
            findings.note("format", f"{name}: {show(missing)} is missing or unreadable")
        for unknown in sorted(there - due):
            findings.note("format", f"{name}: {show(unknown)} is not in the instance")


def _check_inputs_hash(instance: Instance, plan: Plan, findings: Findings) -> None:
    due = inputs_sha256(instance)
    if plan.inputs_sha256 != due:
        findings.note("inputs_hash", f"the instance's is {due}, not {show(plan.inputs_sha256)}")
    if plan.seed != instance.seed:
        findings.note("inputs_hash", f"the seed is {show(instance.seed)}, not {show(plan.seed)}")
