"""Owns the command line of the audit: `python -m geo.matching_audit INSTANCE.json PLAN.json`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from geo.matching import Refused, load_json, parse_instance, parse_plan, verify
from geo.matching_audit.bounds import Audit, Bound, audit

OK, VIOLATED, BAD_INPUT = 0, 1, 2


def main(arguments: list[str] | None = None) -> int:
    """Print how far a plan lies below what its budgets, caps and capacities allow.

    :param arguments: without the program's name; None takes those of the process.
    :return: 0; 1 when the plan does not hold, for then there is nothing to compare; 2 on bad input.
    """
    parser = argparse.ArgumentParser(prog="python -m geo.matching_audit", description=main.__doc__)
    parser.add_argument("instance", metavar="INSTANCE.json", type=Path)
    parser.add_argument("plan", metavar="PLAN.json", type=Path)
    parser.add_argument(
        "--time-limit", type=float, default=60.0, metavar="S", help="seconds for each bound"
    )
    parser.add_argument("--json", action="store_true", help="write JSON instead of sentences")
    options = parser.parse_args(arguments)
    try:
        instance = parse_instance(load_json(options.instance.read_bytes()))
        document = load_json(options.plan.read_bytes())
        violations = verify(instance, document)
        if violations:
            sys.stderr.write(f"the plan does not hold: {violations[0]}\n")
            return VIOLATED
        found = audit(instance, parse_plan(document), options.time_limit)
    except (Refused, OSError) as problem:
        sys.stderr.write(f"geo.matching_audit: {problem}\n")
        return BAD_INPUT
    if options.json:
        sys.stdout.write(json.dumps(to_json(found), indent=1) + "\n")
    else:
        sys.stdout.write(tell("placements", "", found.placements))
        sys.stdout.write(tell("value", "KRW ", found.value_krw))
    return OK


def to_json(found: Audit) -> dict[str, Any]:
    """Write an audit as a JSON object."""
    return {
        name: {
            "achieved": bound.achieved,
            "incumbent": bound.incumbent,
            "bound": bound.bound,
            "gap": bound.gap,
            "gap_share": round(bound.gap_share, 6),
            "proven_best": bound.proven_best,
        }
        for name, bound in (("placements", found.placements), ("value_krw", found.value_krw))
    }


def tell(name: str, unit: str, bound: Bound) -> str:
    """Tell one bound on one line."""
    text = f"{name}: the plan has {unit}{bound.achieved:,}; "
    if bound.proven_best:
        text += f"without the rules {unit}{bound.bound:,} could be had"
    else:
        text += (
            f"the time ran out with {unit}{bound.incumbent:,} found and no more than "
            f"{unit}{bound.bound:,} possible"
        )
    most = "" if bound.proven_best else " at most"
    return f"{text}. The rules cost {unit}{bound.gap:,}{most} ({bound.gap_share:.1%}).\n"


if __name__ == "__main__":
    sys.exit(main())
