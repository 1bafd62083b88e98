"""The measured rounds are the same everywhere and have what real ones have."""

from bench.matching.instances import make_round
from bench.matching.peer import make_market
from geo.matching import parse_instance, solve, verify


def test_a_round_is_the_same_each_time_and_another_for_another_seed() -> None:
    assert make_round(240) == make_round(240)
    assert make_round(240) != make_round(240, seed=2)


def test_a_round_has_refusals_of_every_kind_and_gives_money_out_again() -> None:
    instance = parse_instance(make_round(6000))
    plan = solve(instance)
    assert verify(instance, plan.dumps()) == []
    assert {row.reason for row in plan.outcomes} >= {
        "awarded",
        "ineligible",
        "got_higher_choice",
        "below_cutoff",
    }
    assert len(plan.pass_log) > 1


def test_the_peers_market_names_who_asks_and_who_gets_what(tmp_path) -> None:
    _, holders = make_market(240, tmp_path / "market.json")
    assert holders == sorted(holders)
    assert len({institution for _, institution in holders}) == len(holders)
