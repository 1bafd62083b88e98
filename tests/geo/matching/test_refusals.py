"""Every fault of an instance is refused with the path of its field; nothing is dropped."""

from __future__ import annotations

import copy

import pytest

from geo.matching import InstanceRefused, parse_instance
from tests.geo.matching.rounds import a_product, a_round, an_application, an_institution

NAME = {"ko": "이름", "en": "name"}


def a_valid_round():
    """Two products, three institutions, one pre-assignment; every optional field is there."""
    document = a_round(
        [
            a_product("P1", seats={"near": 1}, cap_group="g", max_placements=2, name=NAME),
            a_product("P2", preassigned=["I3"], order=[0, -3]),
        ],
        [an_institution("I1", "P1", "P2"), an_institution("I2", "P1"), an_institution("I3")],
        [
            an_application("I1", "P1", rank=1, tier=0),
            an_application("I1", "P2", rank=1, unused=-5),
            an_application("I2", "P1", rank=2, tier=1)
            | {"eligible": False, "ineligible_reason": "no"},
        ],
        seat_precedence=["open", "near"],
        seat_priority={"open": ["rank"], "near": ["tier", "rank"]},
        group_budget_cap_krw=100,
        key_names={"rank": NAME},
    )
    document["areas"][0]["name"] = NAME
    return document


# Path of the field, its new value, path that the refusal names.
REPLACED = [
    ("format", "dongne-instance/2", "format"),
    ("round", "", "round"),
    ("seed", None, "seed"),
    ("seed", 7, "seed"),
    ("seed", "\ud800", "seed"),
    ("policy.funding", "fair", "policy.funding"),
    ("policy.funding", ["breadth_first"], "policy.funding"),
    ("policy.product_budget_cap_krw", -1, "policy.product_budget_cap_krw"),
    ("policy.group_budget_cap_krw", -1, "policy.group_budget_cap_krw"),
    ("policy.seat_precedence", ["near"], "policy.seat_precedence"),
    ("policy.seat_precedence", ["open", "near", "open"], "policy.seat_precedence[2]"),
    ("policy.seat_precedence", ["open"], "products[0].seats.near"),
    ("policy.seat_priority", {"near": ["rank"]}, "policy.seat_priority"),
    ("policy.seat_priority", {"open": ["rank"]}, "products[0].seats.near"),
    ("policy.seat_priority.open", ["rank", "rank"], "policy.seat_priority.open[1]"),
    ("policy.seat_priority.open", ["ticket"], "policy.seat_priority.open[0]"),
    ("policy.seat_precedence", ["open", "near", "preassigned"], "policy.seat_precedence"),
    ("policy.reallocate_unclaimed", 1, "policy.reallocate_unclaimed"),
    ("policy.preassigned_uses_capacity", "no", "policy.preassigned_uses_capacity"),
    ("policy.key_names.rank", {"ko": "순위"}, "policy.key_names.rank.en"),
    ("areas.0.id", "", "areas[0].id"),
    ("areas.0.budget_krw", -1, "areas[0].budget_krw"),
    ("areas.0.budget_krw", True, "areas[0].budget_krw"),
    ("areas.0.budget_krw", 1.0, "areas[0].budget_krw"),
    ("areas.0.budget_krw", float("nan"), "areas[0].budget_krw"),
    ("areas.0.budget_krw", 2**53, "areas[0].budget_krw"),
    ("areas.0.name", {"en": "only"}, "areas[0].name.ko"),
    ("areas.0.name", NAME | {"fr": "nom"}, "areas[0].name.fr"),
    ("products", {}, "products"),
    ("products.0", "P1", "products[0]"),
    ("products.0.id", "P:1", "products[0].id"),
    ("products.0.id", "x" * 101, "products[0].id"),
    ("products.0.id", 1, "products[0].id"),
    ("products.0.id", "\udfff", "products[0].id"),
    ("products.1.id", "P1", "products[1].id"),
    ("products.0.area", "B", "products[0].area"),
    ("products.0.price_krw", 0, "products[0].price_krw"),
    ("products.0.max_placements", -1, "products[0].max_placements"),
    ("products.0.order", [0, 0.5], "products[0].order[1]"),
    ("products.0.order", 3, "products[0].order"),
    ("products.0.seats", {"open": 1}, "products[0].seats.open"),
    ("products.0.seats", {"far": 1}, "products[0].seats.far"),
    ("products.0.seats.near", -1, "products[0].seats.near"),
    ("products.0.seats.near", "some", "products[0].seats.near"),
    ("products.0.name", {"ko": "이름"}, "products[0].name.en"),
    ("products.1.preassigned", ["I9"], "products[1].preassigned[0]"),
    ("products.1.preassigned", ["I3", "I3"], "products[1].preassigned[1]"),
    ("products.1.preassigned", ["I1"], "products[1].preassigned[0]"),
    ("products.1.max_placements", 0, "products[1].preassigned"),
    ("institutions.0.id", "I2", "institutions[1].id"),
    ("institutions.0.capacity", 0, "institutions[0].capacity"),
    ("institutions.0.ranking", ["P1", "P1", "P2"], "institutions[0].ranking[1]"),
    ("institutions.0.ranking", ["P1", "P9", "P2"], "institutions[0].ranking[1]"),
    ("institutions.1.ranking", ["P1", "P2"], "institutions[1].ranking[1]"),
    ("institutions.0.ranking", ["P1"], "applications[1].product"),
    ("applications.0.institution", "I9", "applications[0].institution"),
    ("applications.0.product", "P9", "applications[0].product"),
    ("applications.1.product", "P1", "applications[1]"),
    ("applications.0.eligible", 1, "applications[0].eligible"),
    ("applications.0.eligible", False, "applications[0].ineligible_reason"),
    ("applications.0.ineligible_reason", "why", "applications[0].ineligible_reason"),
    ("applications.0.keys", {"rank": 1}, "applications[0].keys.tier"),
    ("applications.0.keys.rank", 1.0, "applications[0].keys.rank"),
    ("applications.0.keys.rank", False, "applications[0].keys.rank"),
    ("applications.1.keys.unused", -(2**53), "applications[1].keys.unused"),
    ("applications.0.keys.two words", "x", 'applications[0].keys["two words"]'),
]


def replace(document, path, value):
    *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    for part in parents:
        document = document[part]
    document[last] = value


def refusal_of(document):
    with pytest.raises(InstanceRefused) as caught:
        parse_instance(document)
    return caught.value


def test_the_round_that_the_faults_are_put_into_is_valid():
    assert parse_instance(a_valid_round()).round == "2024-1"


@pytest.mark.parametrize(("path", "value", "named"), REPLACED)
def test_a_fault_is_refused_with_the_path_of_its_field(path, value, named):
    document = a_valid_round()
    replace(document, path, value)
    assert refusal_of(document).path == named


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("extra", "extra"),
        ("policy.extra", "policy.extra"),
        ("areas.0.extra", "areas[0].extra"),
        ("products.0.extra", "products[0].extra"),
        ("institutions.0.extra", "institutions[0].extra"),
        ("applications.0.extra", "applications[0].extra"),
    ],
)
def test_an_unknown_field_is_refused(path, named):
    document = a_valid_round()
    replace(document, path, 1)
    assert (refusal_of(document).path, refusal_of(document).problem) == (named, "unknown field")


OPTIONAL = {"name", "cap_group", "key_names", "group_budget_cap_krw"}


@pytest.mark.parametrize(
    ("part", "named"),
    [
        (lambda d: d, ""),
        (lambda d: d["policy"], "policy."),
        (lambda d: d["areas"][0], "areas[0]."),
        (lambda d: d["products"][0], "products[0]."),
        (lambda d: d["institutions"][0], "institutions[0]."),
        (lambda d: d["applications"][0], "applications[0]."),
    ],
)
def test_a_missing_field_is_refused_unless_it_is_optional(part, named):
    for field in part(a_valid_round()):
        document = a_valid_round()
        del part(document)[field]
        if field in OPTIONAL:
            parse_instance(document)
        else:
            assert refusal_of(document).path == named + field


def test_all_may_be_given_to_one_seat_type_only():
    document = a_valid_round()
    document["policy"]["seat_precedence"].append("far")
    document["policy"]["seat_priority"]["far"] = ["rank"]
    document["products"][0]["seats"] = {"near": "all", "far": "all"}
    assert refusal_of(document).path == "products[0].seats.far"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("policy.product_budget_cap_krw", 0),
        ("policy.group_budget_cap_krw", 0),
        ("areas.0.budget_krw", 0),
    ],
)
def test_a_preassignment_beyond_the_money_is_refused(path, value):
    document = a_valid_round()
    document["products"][1]["cap_group"] = "g"
    replace(document, path, value)
    assert refusal_of(document).path == "products[1].preassigned"


@pytest.mark.parametrize("document", [None, [], "text", 1, {1: 2}, {}])
def test_what_is_no_instance_at_all_is_refused(document):
    with pytest.raises(InstanceRefused):
        parse_instance(document)


def test_a_product_whose_placements_are_all_of_one_type_needs_only_its_keys():
    document = a_valid_round()
    document["products"][0]["seats"] = {"near": "all"}
    document["policy"]["seat_priority"]["near"] = ["tier"]
    del document["applications"][0]["keys"]["rank"]
    assert parse_instance(document).seed == "7"


def test_a_seed_that_is_not_known_yet_is_allowed_where_it_is_not_used():
    document = a_valid_round() | {"seed": None}
    assert parse_instance(document, allow_null_seed=True).seed is None


def test_reading_leaves_the_document_as_it_was():
    document = a_valid_round()
    before = copy.deepcopy(document)
    parse_instance(document)
    assert document == before
