"""What other rules would have done with the same inputs, counted out by hand."""

from typing import Any

import pytest

from backend.fairness.policies import (
    NamedPolicy,
    PolicyNotAccepted,
    apply_policy,
    solve_without,
)
from geo.matching import Instance, parse_instance, solve
from tests.backend.fairness.instances import holders, make_document, make_instance


def test_residence_seats_bring_the_bell_to_the_neighbour() -> None:
    assert holders(solve(make_instance())) == {"bell": ["A"], "lamp": ["B"]}


def test_without_them_the_rank_decides() -> None:
    plan = solve_without(make_instance(), "residence")
    assert plan is not None
    assert holders(plan) == {"bell": ["B"], "lamp": ["A"]}


def test_inputs_that_cannot_be_compared_otherwise_have_no_other_plan() -> None:
    document = make_document()
    for row in document["applications"]:
        if row["product"] == "bell":
            del row["keys"]["distance_m"]
    assert solve_without(parse_instance(document), "residence") is None


POLICY = {
    **make_document()["policy"],
    "require_confirmed_residence": False,
    "institution_capacity": 1,
}


def try_out(**given: Any) -> Instance:
    """Apply a policy as the third of a request."""
    seats = given.pop("without_seats", ())
    return apply_policy(make_instance(), POLICY, NamedPolicy("test", given, seats), at=2)


def test_what_is_left_out_is_the_rounds_own() -> None:
    assert try_out() == make_instance()


def test_more_room_is_given_to_every_institution() -> None:
    changed = try_out(institution_capacity=2)
    assert {row.capacity for row in changed.institutions} == {2}
    assert holders(solve(changed)) == {"bell": ["A"], "lamp": ["B"]}


def test_seats_that_are_opened_are_those_of_the_type() -> None:
    assert holders(solve(try_out(without_seats=["residence"]))) == {"bell": ["B"], "lamp": ["A"]}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"seat_precedence": ["residence"]}, "seat_precedence"),
        ({"seat_precedence": ["open"]}, "seat_precedence"),
        ({"seat_priority": {"open": ["review_rank"]}}, "seat_priority"),
        ({"seat_priority": {"open": ["beauty"], "residence": []}}, "seat_priority.open"),
        ({"seat_priority": {"open": ["designator"], "residence": []}}, ""),
        ({"without_seats": ["police"]}, "without_seats"),
        ({"without_seats": ["open"]}, "without_seats"),
        ({"require_confirmed_residence": True}, "require_confirmed_residence"),
    ],
)
def test_a_policy_that_does_not_go_with_the_round_names_its_field(
    given: dict[str, Any], field: str
) -> None:
    with pytest.raises(PolicyNotAccepted) as caught:
        try_out(**given)
    assert caught.value.field == f"json.policies.2.{field}".rstrip(".")
