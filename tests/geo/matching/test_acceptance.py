"""The matching is stable and, of all stable ones, the best for the institutions."""

from __future__ import annotations

import hashlib
from itertools import product as combinations

import pytest
from hypothesis import given, settings

from geo.matching import parse_instance, solve
from tests.geo.matching.rounds import a_contest, by_rankings
from tests.geo.matching.strategies import rounds

NEAR_OR_BEST = {
    "seat_precedence": ["open", "near"],
    "seat_priority": {"open": ["rank"], "near": ["tier", "rank"]},
}


def a_near_contest(precedence, seats):
    """Two placements; a and b are near with poor ranks, c and d are far with good ones."""
    document = a_contest({"a": 1, "b": 4, "c": 2, "d": 3}, max_placements=2, seats=seats)
    document["policy"] |= NEAR_OR_BEST | {"seat_precedence": precedence}
    for row in document["applications"]:
        row["keys"]["tier"] = 0 if row["institution"] in "ab" else 1
    return document


def seats_of(document):
    (product,) = solve(parse_instance(document)).products
    return [(seat.type, seat.institution) for seat in product.seats]


def test_open_seats_that_choose_first_leave_near_seats_for_those_who_need_them():
    document = a_near_contest(["open", "near"], {"near": 1})
    assert seats_of(document) == [("open", "a"), ("near", "b")]


def test_near_seats_that_choose_first_take_who_would_have_won_anyway():
    document = a_near_contest(["near", "open"], {"near": 1})
    assert seats_of(document) == [("near", "a"), ("open", "c")]


def test_numbers_are_served_before_all_takes_what_they_leave():
    document = a_near_contest(["near", "open"], {"near": "all"})
    assert seats_of(document) == [("near", "a"), ("near", "b")]


def test_numbers_beyond_the_placements_are_cut_in_precedence_order():
    document = a_near_contest(["near", "last", "open"], {"last": 5, "near": 1})
    document["policy"]["seat_priority"]["last"] = ["rank"]
    assert seats_of(document) == [("near", "a"), ("last", "c")]


def test_ties_end_at_the_lowest_sha256_of_seed_institution_and_product():
    names = [f"I{at}" for at in range(9)]
    lots = {name: hashlib.sha256(f"7:{name}:P".encode()).hexdigest() for name in names}
    document = a_contest(dict.fromkeys(names, 5))
    assert seats_of(document) == [("open", min(names, key=lots.__getitem__))]


def test_a_type_without_keys_is_a_pure_lottery():
    names = [f"I{at}" for at in range(9)]
    lots = {name: hashlib.sha256(f"7:{name}:P".encode()).hexdigest() for name in names}
    document = a_contest({name: at for at, name in enumerate(names)})
    document["policy"]["seat_priority"] = {"open": []}
    assert seats_of(document) == [("open", min(names, key=lots.__getitem__))]


def test_an_institution_takes_as_many_products_as_it_can():
    document = by_rankings([[1, 2, 3], [1, 2, 3]], [[1, 2], [1, 2], [1, 2]], [1, 1, 1], [2, 1])
    plan = solve(parse_instance(document))
    held = {row.id: [seat.institution for seat in row.seats] for row in plan.products}
    assert held == {"P1": ["I1"], "P2": ["I1"], "P3": ["I2"]}


@pytest.mark.parametrize(("uses", "held"), [(True, []), (False, ["I1"])])
def test_a_preassigned_placement_counts_against_capacity_only_by_rule(uses, held):
    document = a_contest({"I1": 1})
    document["policy"]["preassigned_uses_capacity"] = uses
    document["products"].append(document["products"][0] | {"id": "Q", "preassigned": ["I1"]})
    plan = solve(parse_instance(document))
    assert [seat.institution for seat in plan.products[0].seats] == held


def list_seats(document, row, placements):
    """List the type of every single seat, in the order in which seats choose."""
    precedence = document["policy"]["seat_precedence"]
    types = []
    rest = "open"
    for kind in precedence:
        number = row["seats"].get(kind, 0)
        if number == "all":
            rest = kind
        else:
            types += [kind] * min(number, placements - len(types))
    types += [rest] * (placements - len(types))
    return sorted(types, key=precedence.index)


def choose(document, keys_of, row, placements, asking):
    """Let every single seat take the best of who is left."""
    left = set(asking)
    chosen = set()
    for kind in list_seats(document, row, placements):
        if left:
            names = document["policy"]["seat_priority"][kind]

            def standing(institution, names=names):
                lot = f"{document['seed']}:{institution}:{row['id']}".encode()
                keys = keys_of[institution, row["id"]]
                return [keys[name] for name in names], hashlib.sha256(lot).hexdigest()

            best = min(left, key=standing)
            left.remove(best)
            chosen.add(best)
    return chosen


def list_stable(document, placements):
    """Find by trying all every matching in which no seat and no institution can do better."""
    keys_of = {
        (row["institution"], row["product"]): row["keys"]
        for row in document["applications"]
        if row["eligible"]
    }
    wishes = {
        row["id"]: [key for key in row["ranking"] if (row["id"], key) in keys_of]
        for row in document["institutions"]
    }
    stable = []
    for held in combinations(*[[*wishes[name], None] for name in wishes]):
        matching = dict(zip(wishes, held, strict=True))
        if all(
            choose(
                document,
                keys_of,
                row,
                placements[row["id"]],
                [name for name in wishes if would_take(wishes[name], matching[name], row["id"])],
            )
            == {name for name in wishes if matching[name] == row["id"]}
            for row in document["products"]
        ):
            stable.append(matching)
    return wishes, stable


def would_take(ranking, held, offered):
    if offered not in ranking:
        return False
    return held is None or ranking.index(offered) <= ranking.index(held)


@settings(max_examples=150, deadline=None)
@given(rounds(reallocate_unclaimed=False, preassigned_uses_capacity=False))
def test_no_stable_matching_is_better_for_any_institution(document):
    for row in document["institutions"]:
        row["capacity"] = 1
    plan = solve(parse_instance(document))
    fixed = {row["id"]: len(row["preassigned"]) for row in document["products"]}
    placements = {row.id: row.funded - fixed[row.id] for row in plan.products}
    found = {row["id"]: None for row in document["institutions"]}
    for outcome in plan.outcomes:
        if outcome.reason == "awarded":
            found[outcome.institution] = outcome.product
    wishes, stable = list_stable(document, placements)
    assert found in stable
    for other in stable:
        for name, ranking in wishes.items():
            order = [*ranking, None]
            assert order.index(found[name]) <= order.index(other[name])
