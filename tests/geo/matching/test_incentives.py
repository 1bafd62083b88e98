"""What is promised at given placements: stability, honesty pays, more placements hurt nobody."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.matching import parse_instance, solve
from geo.matching.acceptance import match
from geo.matching.market import Market, split_seats
from tests.geo.matching.rounds import a_contest, holders
from tests.geo.matching.strategies import rounds


def matched(document, placements):
    """Match at given placements per product; give per institution what it holds."""
    instance = parse_instance(document)
    market = Market(instance, instance.seed)
    seats = [split_seats(instance.policy, row, placements[row.id]) for row in instance.products]
    held = {body.id: set() for body in instance.institutions}
    for product, rows in zip(instance.products, match(market, seats), strict=True):
        for _, best in rows:
            for at in best:
                held[instance.applications[at].institution].add(product.id)
    return held


def standing(ranking, capacity, held):
    """Places in the ranking of what is held; an empty place counts as below all."""
    places = sorted(ranking.index(product) for product in held)
    return places + [len(ranking)] * (capacity - len(places))


def draw_placements(document, draw, most=3):
    return {row["id"]: draw.randint(0, most) for row in document["products"]}


def choose(document, product, institutions, placements):
    """Choose seat by seat among those asking, from the document alone and by hand."""
    keys = {
        row["institution"]: row["keys"]
        for row in document["applications"]
        if row["product"] == product["id"]
    }
    instance = parse_instance(document)
    market = Market(instance, instance.seed)
    (row,) = [row for row in instance.products if row.id == product["id"]]
    lot = {
        application.institution: market.ticket(at)
        for at, application in enumerate(instance.applications)
        if application.product == product["id"]
    }
    left = set(institutions)
    for kind, number in split_seats(instance.policy, row, placements):
        names = document["policy"]["seat_priority"][kind]
        for _ in range(number):
            if left:
                left.remove(
                    min(left, key=lambda body: ([keys[body][name] for name in names], lot[body]))
                )
    return set(institutions) - left


@settings(max_examples=150, deadline=None)
@given(rounds())
def test_no_institution_and_product_would_rather_have_each_other(document):
    plan = solve(parse_instance(document)).to_json()
    fixed = {(row["id"], body) for row in document["products"] for body in row["preassigned"]}
    held = {
        key: {body for body in bodies if (key, body) not in fixed}
        for key, bodies in holders(plan).items()
    }
    funded = {row["id"]: row["funded"] for row in plan["products"]}
    eligible = {
        (row["institution"], row["product"]) for row in document["applications"] if row["eligible"]
    }
    for body in document["institutions"]:
        used = document["policy"]["preassigned_uses_capacity"] * sum(
            body["id"] == institution for _, institution in fixed
        )
        mine = [key for key in body["ranking"] if body["id"] in held[key]]
        full = len(mine) >= max(0, body["capacity"] - used)
        worst = body["ranking"].index(mine[-1]) if full and mine else len(body["ranking"])
        if full and not mine:
            continue
        for product in document["products"]:
            key = product["id"]
            if (body["id"], key) not in eligible or key in mine:
                continue
            if body["ranking"].index(key) < worst:
                placements = funded[key] - len(product["preassigned"])
                chosen = choose(document, product, held[key] | {body["id"]}, placements)
                assert body["id"] not in chosen


def misreport(document, institution, draw):
    """Let one institution rank otherwise: another order, and perhaps fewer products."""
    row = next(row for row in document["institutions"] if row["id"] == institution)
    kept = draw.sample(row["ranking"], draw.randint(0, len(row["ranking"])))
    return document | {
        "institutions": [
            body | {"ranking": kept} if body is row else body for body in document["institutions"]
        ],
        "applications": [
            application
            for application in document["applications"]
            if application["institution"] != institution or application["product"] in kept
        ],
    }


def assert_honesty_pays(document, seed, misreports):
    for body in document["institutions"]:
        body["capacity"] = 1
    draw = random.Random(seed)  # noqa: S311
    placements = draw_placements(document, draw)
    honest = matched(document, placements)
    for _ in range(misreports):
        body = draw.choice(document["institutions"])
        false = matched(misreport(document, body["id"], draw), placements)
        assert standing(body["ranking"], 1, honest[body["id"]]) <= standing(
            body["ranking"], 1, false[body["id"]]
        )


@settings(max_examples=150, deadline=None)
@given(rounds(), st.integers(0, 2**32))
def test_an_institution_that_takes_one_product_cannot_gain_by_a_false_ranking(document, seed):
    assert_honesty_pays(document, seed, misreports=8)


@pytest.mark.heavy
@settings(max_examples=2000, deadline=None)
@given(rounds(), st.integers(0, 2**32))
def test_tens_of_thousands_of_false_rankings_gain_nothing(document, seed):
    assert_honesty_pays(document, seed, misreports=20)


@settings(max_examples=200, deadline=None)
@given(rounds(), st.integers(0, 2**32))
def test_more_placements_hurt_no_institution(document, seed):
    draw = random.Random(seed)  # noqa: S311
    fewer = draw_placements(document, draw)
    more = {key: number + draw.randint(0, 2) for key, number in fewer.items()}
    before, after = matched(document, fewer), matched(document, more)
    instance = parse_instance(document)
    capacity = Market(instance, instance.seed).capacity
    for body, room in zip(instance.institutions, capacity, strict=True):
        assert all(
            now <= then
            for now, then in zip(
                standing(body.ranking, room, after[body.id]),
                standing(body.ranking, room, before[body.id]),
                strict=True,
            )
        )


@st.composite
def contests(draw):
    """Neighbours and others with distinct ranks who ask for one product."""
    near = draw(st.lists(st.booleans(), min_size=1, max_size=8))
    ranks = draw(st.permutations(range(len(near))))
    document = a_contest({f"I{at}": rank for at, rank in enumerate(ranks)})
    for row, is_near in zip(document["applications"], near, strict=True):
        row["keys"]["tier"] = 0 if is_near else 1
    document["products"][0]["max_placements"] = draw(st.integers(0, len(near)))
    document["policy"]["seat_priority"] = {"open": ["rank"], "near": ["tier", "rank"]}
    return document


def count_neighbours(document, precedence, reserved):
    document["products"][0]["seats"] = {"near": reserved}
    document["policy"]["seat_precedence"] = precedence
    chosen = holders(solve(parse_instance(document)).to_json())["P"]
    return sum(
        row["keys"]["tier"] == 0 for row in document["applications"] if row["institution"] in chosen
    )


@given(contests(), st.integers(0, 8))
def test_reserved_seats_that_choose_later_never_take_fewer_neighbours(document, reserved):
    first = count_neighbours(document, ["near", "open"], reserved)
    assert count_neighbours(document, ["open", "near"], reserved) >= first


@given(contests(), st.integers(0, 8), st.sampled_from([["near", "open"], ["open", "near"]]))
def test_more_reserved_seats_never_take_fewer_neighbours(document, reserved, precedence):
    fewer = count_neighbours(document, precedence, reserved)
    assert count_neighbours(document, precedence, reserved + 1) >= fewer


@given(contests(), st.integers(0, 8))
def test_a_reserve_that_chooses_first_by_one_order_takes_at_least_as_many_as_none(document, size):
    none = count_neighbours(document, ["near", "open"], 0)
    assert count_neighbours(document, ["near", "open"], size) >= none
