"""Owns the checks on the matching itself: that it is the replay's, and that it is stable."""

from __future__ import annotations

from geo.matching.jsonio import show
from geo.matching.plan import Plan, Seat
from geo.matching.verify.claim import Claim
from geo.matching.verify.findings import Findings
from geo.matching.verify.replay import Replay
from geo.matching.verify.roll import Roll


def check_replay(replayed: Replay, plan: Plan, claim: Claim, findings: Findings) -> None:
    """Check that every pass funded and filled what the replay's did."""
    if len(plan.pass_log) != len(replayed.passes):
        findings.note(
            "replay", f"the round takes {len(replayed.passes)} passes, not {len(plan.pass_log)}"
        )
    for record, (funded, filled) in zip(plan.pass_log, replayed.passes, strict=False):
        for field, due, there in (
            ("funded", funded, record.funded),
            ("filled", filled, record.filled),
        ):
            if due == there:
                continue
            for key in sorted(due.keys() | there.keys()):
                if due.get(key) != there.get(key):
                    findings.note(
                        "replay",
                        f"pass {record.number}, {field}: {show(key)} has "
                        f"{show(due.get(key))}, not {show(there.get(key))}",
                    )
    last, _ = replayed.passes[-1]
    for key, result in claim.results.items():
        if result.funded != last[key]:
            findings.note("replay", f"{show(key)} is funded {last[key]}, not {result.funded}")


def check_institution_optimal(replayed: Replay, claim: Claim, findings: Findings) -> None:
    """Check that everybody holds what the best stable matching for the institutions gives."""
    rows = claim.roll.rows
    for key, seated in replayed.seated.items():
        due = {rows[at].institution for mine in seated.values() for at in mine}
        there = {seat.institution for seat in claim.matched[key]}
        if due == there:
            continue
        for institution in sorted(due ^ there):
            state = "should hold" if institution in due else "should not hold"
            findings.note("institution_optimal", f"{show(institution)} {state} {show(key)}")


def check_fixed_point(roll: Roll, claim: Claim, findings: Findings) -> None:
    """Check that each product holds exactly its choice from everyone who would take it.

    With the institutions' own choices this is stability (Roth & Sotomayor 1990); the seats are
    compared with their types and in the order in which they choose.
    """
    for key, product in roll.products.items():
        asking = claim.takers[key]
        kinds: list[str] = []
        best: list[int] = []
        for kind, number in roll.seats(product, claim.results[key].funded).items():
            roll.standing(key, kind)
            ordered = sorted(asking, key=roll.places[kind].__getitem__)
            best += ordered[:number]
            kinds += [kind] * len(ordered[:number])
            asking = ordered[number:]
        there = claim.matched[key]
        if best == claim.holders[key] and kinds == [seat.type for seat in there]:
            continue
        chosen = [
            Seat(kind, roll.rows[at].institution) for kind, at in zip(kinds, best, strict=True)
        ]
        for due, seat in zip(chosen, there, strict=False):
            if due != seat:
                findings.note(
                    "fixed_point",
                    f"{show(key)} chooses {show(due.institution)} for a {show(due.type)} seat "
                    f"where the plan has {show(seat.institution)} on {show(seat.type)}",
                )
                break
        else:
            findings.note(
                "fixed_point",
                f"{show(key)} chooses {len(chosen)} institutions, the plan has {len(there)}",
            )
