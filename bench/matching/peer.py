"""Owns what the peer can be asked: a market with one list per product and one placement each."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from bench.geo.environments import Peer
from bench.matching.instances import make_round
from geo.matching import parse_instance, solve

MATCHING = Peer("matching", "PyPI matching 1.4.3", folder=Path(__file__).parent / "peers")


def make_market(applications: int, file: Path) -> tuple[float, list[list[str]]]:
    """Write a market that both can solve, and solve it here.

    Money enough, open seats only, everybody eligible, one product per institution: the peer knows
    no more than that.

    :return: our seconds for the plan with all its reasons, and who got what.
    """
    document = _simplified(make_round(applications))
    instance = parse_instance(document)
    start = time.perf_counter()
    plan = solve(instance)
    seconds = time.perf_counter() - start
    rows: dict[str, list[tuple[int, str]]] = {row["id"]: [] for row in document["products"]}
    for row in document["applications"]:
        rows[row["product"]].append((row["keys"]["lot"], row["institution"]))
    # The peer takes nobody for an option who asks for nothing, or whom nobody asks.
    market = {
        "rankings": {row["id"]: row["ranking"] for row in document["institutions"]},
        "priorities": {key: [name for _, name in sorted(found)] for key, found in rows.items()},
        "placements": {row["id"]: row["max_placements"] for row in document["products"]},
    }
    asked = {key for key, found in rows.items() if found}
    market["priorities"] = {key: market["priorities"][key] for key in asked}
    market["placements"] = {key: market["placements"][key] for key in asked}
    file.write_text(json.dumps(market), "utf-8")
    holders = sorted([row.id, seat.institution] for row in plan.products for seat in row.seats)
    return seconds, holders


def _simplified(document: dict[str, Any]) -> dict[str, Any]:
    document["areas"] = [{**area, "budget_krw": 2**52} for area in document["areas"]]
    document["policy"] |= {
        "seat_precedence": ["open"],
        "seat_priority": {"open": ["lot"]},
        "product_budget_cap_krw": None,
        "reallocate_unclaimed": False,
    }
    for product in document["products"]:
        product["seats"] = {}
    for institution in document["institutions"]:
        institution["capacity"] = 1
    for at, row in enumerate(document["applications"]):
        # Spread over the file, and no two alike.
        lot = at * 7919 % len(document["applications"])
        row |= {"eligible": True, "ineligible_reason": None, "keys": {"lot": lot}}
    return document
