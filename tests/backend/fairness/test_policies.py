"""What other rules would have done with the same inputs, counted out by hand."""

from backend.fairness.policies import solve_without
from geo.matching import parse_instance, solve
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
