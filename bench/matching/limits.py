"""Measures how often what is not promised happens: `python -m bench.matching.limits`.

Random rounds of 5 institutions and 5 products with unequal prices; the same figures everywhere.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import permutations
from typing import Any

from geo.matching import parse_instance, solve

ROUNDS = 1500
SIZE = 5
Document = dict[str, Any]
Standing = dict[str, int]
"""Per institution the place in its ranking of what it got; below all if nothing."""


def draw_round(draw: random.Random) -> Document:
    """Draw a round: everybody ranks three to five products, prices differ, money is short."""
    products = [
        {
            "id": f"P{at}",
            "area": "A",
            "price_krw": draw.randint(1, 9),
            "max_placements": draw.randint(1, 2),
            "order": [at],
            "seats": {},
            "preassigned": [],
        }
        for at in range(SIZE)
    ]
    institutions, applications = [], []
    for at in range(SIZE):
        ranking = [f"P{product}" for product in draw.sample(range(SIZE), draw.randint(3, SIZE))]
        institutions.append({"id": f"I{at}", "capacity": 1, "ranking": ranking})
        applications += [
            {
                "institution": f"I{at}",
                "product": product,
                "eligible": True,
                "ineligible_reason": None,
                "keys": {"rank": draw.randint(0, 4)},
            }
            for product in ranking
        ]
    return {
        "format": "dongne-instance/1",
        "round": "limits",
        "seed": "1",
        "policy": {
            "funding": "breadth_first",
            "product_budget_cap_krw": None,
            "seat_precedence": ["open"],
            "seat_priority": {"open": ["rank"]},
            "reallocate_unclaimed": True,
            "preassigned_uses_capacity": False,
        },
        "areas": [{"id": "A", "budget_krw": draw.randint(8, 24)}],
        "products": products,
        "institutions": institutions,
        "applications": applications,
    }


def stand(document: Document, rankings: Document | None = None) -> Standing:
    """Solve a round; rate what everybody got by the rankings of another one, or its own."""
    plan = solve(parse_instance(document))
    ranking = {row["id"]: row["ranking"] for row in (rankings or document)["institutions"]}
    places = {name: len(ranked) for name, ranked in ranking.items()}
    for row in plan.outcomes:
        if row.reason == "awarded":
            places[row.institution] = ranking[row.institution].index(row.product)
    return places


def more_money_hurts(document: Document) -> bool:
    """Tell whether one to nine won more in the area's budget leave anybody worse off."""
    before = stand(document)
    for more in range(1, 10):
        richer = deepcopy(document)
        richer["areas"][0]["budget_krw"] += more
        after = stand(richer)
        if any(after[name] > place for name, place in before.items()):
            return True
    return False


def reordering_pays(document: Document) -> bool:
    """Tell whether anybody gains by ranking the same products in another order."""
    return _some_misreport_pays(document, permutations)


def shortening_pays(document: Document) -> bool:
    """Tell whether anybody gains by leaving products out, the order being true."""
    return _some_misreport_pays(document, _shortened)


def without_reallocation(question: Callable[[Document], bool]) -> Callable[[Document], bool]:
    """Ask a question of the same round without a second pass."""

    def ask(document: Document) -> bool:
        policy = document["policy"] | {"reallocate_unclaimed": False}
        return question(document | {"policy": policy})

    return ask


def _some_misreport_pays(
    document: Document, list_rankings: Callable[[list[str]], Iterator[tuple[str, ...]]]
) -> bool:
    honest = stand(document)
    for at, body in enumerate(document["institutions"]):
        if honest[body["id"]] == 0:
            continue
        for ranking in list_rankings(body["ranking"]):
            false = document | {
                "institutions": [
                    row | {"ranking": list(ranking)} if other == at else row
                    for other, row in enumerate(document["institutions"])
                ],
                "applications": [
                    row
                    for row in document["applications"]
                    if row["institution"] != body["id"] or row["product"] in ranking
                ],
            }
            if stand(false, document)[body["id"]] < honest[body["id"]]:
                return True
    return False


def _shortened(ranking: list[str]) -> Iterator[tuple[str, ...]]:
    for kept in range(1, 2 ** len(ranking) - 1):
        yield tuple(product for at, product in enumerate(ranking) if kept >> at & 1)


QUESTIONS: dict[str, Callable[[Document], bool]] = {
    "more money leaves somebody worse off": more_money_hurts,
    "another order pays, with reallocation": reordering_pays,
    "another order pays, without reallocation": without_reallocation(reordering_pays),
    "a shorter list pays, with reallocation": shortening_pays,
    "a shorter list pays, without reallocation": without_reallocation(shortening_pays),
}


def measure(rounds: int) -> dict[str, int]:
    """Count in how many of the first rounds each thing happens at least once."""
    draw = random.Random(2024)  # noqa: S311
    counts = dict.fromkeys(QUESTIONS, 0)
    for _ in range(rounds):
        document = draw_round(draw)
        for name, question in QUESTIONS.items():
            counts[name] += question(document)
    return counts


def main(arguments: list[str]) -> int:
    """Print the rates as the table of docs/matching.md."""
    parser = argparse.ArgumentParser(prog="python -m bench.matching.limits", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args(arguments).rounds
    sys.stdout.write(f"| of {rounds:,} random rounds | rounds | share |\n|---|---:|---:|\n")
    for name, count in measure(rounds).items():
        sys.stdout.write(f"| {name} | {count:,} | {count / rounds:.1%} |\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
