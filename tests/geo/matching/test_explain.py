"""The sentences are those that an official would sign, and never ask for what nobody can change."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings

from geo.matching import Explainer, OutcomeNotFound, explain, parse_instance, parse_plan, solve
from geo.matching.explain.facts import Index
from geo.matching.explain.particles import attach
from tests.geo.matching.explained_round import document, explainer
from tests.geo.matching.rounds import a_contest, a_product, by_rankings
from tests.geo.matching.sentences import ENGLISH, KOREAN
from tests.geo.matching.strategies import rounds
from tests.geo.matching.test_incentives import choose


@pytest.mark.parametrize(("pair", "text"), KOREAN.items())
def test_an_outcome_is_told_in_korean(pair, text):
    assert explainer().explain(*pair, "ko") == text


@pytest.mark.parametrize(("pair", "text"), ENGLISH.items())
def test_an_outcome_is_told_in_english(pair, text):
    assert explainer().explain(*pair, "en") == text


def test_every_outcome_of_the_round_is_told():
    pairs = {(row.institution, row.product) for row in solve(parse_instance(document())).outcomes}
    assert pairs == set(KOREAN) == set(ENGLISH)


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("pair", KOREAN)
def test_every_outcome_takes_two_or_three_sentences(pair, lang):
    text = explainer().explain(*pair, lang)
    assert 2 <= len(re.findall(r"\.(?: |$)", text)) <= 3


def refuse_by(key, mine, theirs):
    """Let one key decide between two institutions without names."""
    contest = a_contest({"I1": 0, "I2": 0})
    contest["policy"]["seat_priority"]["open"] = [key]
    for row, value in zip(contest["applications"], (theirs, mine), strict=True):
        row["keys"] = {key: value}
    return contest


@pytest.mark.parametrize(
    ("key", "values", "words"),
    [
        ("residence_tier", (3, 1), "elsewhere for I2, the same local government for I1"),
        ("designator", (1, 0), "no for I2, yes for I1"),
        ("review_rank", (1000000, 2), "not ranked for I2, 2 for I1"),
        ("category_rank", (4, 2), "4 for I2, 2 for I1"),
        ("earlier_placements", (1, 0), "1 for I2, 0 for I1"),
        ("distance_m", (12000, 2000), "12,000 m for I2, 2,000 m for I1"),
        ("police_first", (1, 0), "police_first decided: 1 for I2, 0 for I1"),
    ],
)
def test_the_deciding_values_are_told_with_what_they_mean(key, values, words):
    instance = parse_instance(refuse_by(key, *values))
    assert words in explain(instance, solve(instance), "I2", "P", "en")


@pytest.mark.parametrize("key", ["residence_tier", "distance_m", "review_rank", "category_rank"])
def test_nobody_is_advised_to_change_distance_residence_or_a_rank(key):
    instance = parse_instance(refuse_by(key, 3, 1))
    advice = explain(instance, solve(instance), "I2", "P", "en").split("; ")[-1]
    assert advice == "with one placement more it would have received one."


def test_who_was_next_among_several_refused_is_told_so():
    instance = parse_instance(a_contest({"I1": 1, "I2": 2, "I3": 3}))
    plan = solve(instance)
    assert explain(instance, plan, "I2", "P", "en").endswith(
        "of the 2 applications refused it was next, and with one placement more it would have"
        " received one."
    )
    assert explain(instance, plan, "I2", "P", "ko").endswith(
        "배정받지 못한 신청 2건 가운데 다음 차례여서 배정이 한 건 더 있었다면 배정받았을 것입니다."
    )


def test_who_was_further_away_is_told_how_far():
    instance = parse_instance(a_contest({"I1": 1, "I2": 2, "I3": 3}))
    plan = solve(instance)
    assert explain(instance, plan, "I3", "P", "en").endswith(
        "2 applications were refused, and this one would have received a placement had there"
        " been 2 more."
    )
    assert explain(instance, plan, "I3", "P", "ko").endswith(
        "배정받지 못한 신청이 모두 2건으로, 배정이 2건 더 있어야 배정받을 수 있었습니다."
    )


@settings(max_examples=80, deadline=None)
@given(rounds(reallocate_unclaimed=True))
def test_the_placements_said_to_be_needed_are_needed_and_enough(document):
    instance = parse_instance(document)
    plan = solve(instance)
    index = Index(instance, plan)
    funded = {row.id: row.funded for row in plan.products}
    for outcome in plan.outcomes:
        if outcome.reason != "below_cutoff":
            continue
        needed = index.find_facts(outcome.institution, outcome.product).needed
        product = next(row for row in document["products"] if row["id"] == outcome.product)
        asking = [
            row.institution
            for row in plan.outcomes
            if row.product == outcome.product and row.reason in ("awarded", "below_cutoff")
        ]
        placements = funded[outcome.product] - len(product["preassigned"])
        for more in (needed - 1, needed):
            chosen = choose(document, product, asking, placements + more)
            assert (outcome.institution in chosen) is (more == needed)


def test_the_round_may_name_its_keys_and_types_itself():
    contest = refuse_by("first", 1, 0)
    contest["policy"]["key_names"] = {"first": {"ko": "경찰 우선", "en": "police first"}}
    contest["policy"]["seat_precedence"] = ["police", "open"]
    contest["policy"]["seat_priority"]["police"] = ["first"]
    contest["products"][0]["seats"] = {"police": "all"}
    instance = parse_instance(contest)
    plan = solve(instance)
    assert "the last 'police' seat, police first decided" in explain(
        instance, plan, "I2", "P", "en"
    )
    assert "경찰 우선에서 갈렸습니다" in explain(instance, plan, "I2", "P", "ko")


def test_choices_that_could_not_be_had_are_named():
    instance = parse_instance(by_rankings([[1], [1, 2]], [[1, 2], [2]], [1, 1]))
    plan = solve(instance)
    assert explain(instance, plan, "I2", "P2", "en").startswith(
        "I2 receives P2, its second choice; P1, which it ranked higher, could not be had. Nobody"
    )
    assert explain(instance, plan, "I2", "P2", "ko").startswith(
        "더 높은 순위로 희망한 P1은 배정받지 못하였으나, 2순위로 희망한 P2가 I2에 배정되었습니다."
    )


def test_a_place_in_the_funding_order_is_not_offered_where_it_could_not_help():
    contest = a_contest({"I1": 0}, price_krw=1001)
    instance = parse_instance(contest)
    plan = solve(instance)
    assert explain(instance, plan, "I1", "P", "en").endswith(
        "With KRW 1 more left, a placement could have been paid."
    )
    assert explain(instance, plan, "I1", "P", "ko").endswith(
        "예산이 1원 더 남았다면 배정할 수 있었습니다."
    )


def test_spending_less_on_a_group_is_offered_where_it_would_have_helped():
    document = by_rankings([[1], [2]], [[1], [2]], [1, 1])
    document["policy"]["group_budget_cap_krw"] = 1
    for place, row in enumerate(document["products"]):
        row |= {"cap_group": "g", "order": [place]}
    instance = parse_instance(document)
    plan = solve(instance)
    assert "or less spent on the other products of the group," in explain(
        instance, plan, "I2", "P2", "en"
    )
    assert "같은 제품군에 쓴 금액이 더 적어야" in explain(instance, plan, "I2", "P2", "ko")


def test_several_fixed_products_together_leave_no_room():
    document = by_rankings([[1]], [[1]], [1])
    document["policy"]["preassigned_uses_capacity"] = True
    document["products"] += [a_product(key, preassigned=["I1"]) for key in ("P2", "P3")]
    instance = parse_instance(document)
    text = explain(instance, solve(instance), "I1", "P1", "en")
    assert "P2 and P3, fixed for it beforehand, leave no room." in text


def test_an_explainer_reads_a_plan_from_its_file_too():
    instance = parse_instance(document())
    plan = solve(instance)
    read = Explainer(instance, parse_plan(plan.to_json()))
    pair = ("fire", "lamp", "ko")
    assert read.explain(*pair) == explainer().explain(*pair)


def test_an_outcome_that_the_plan_has_not_is_an_error():
    with pytest.raises(OutcomeNotFound, match="nobody"):
        explainer().explain("nobody", "lamp", "ko")


def test_a_language_without_sentences_is_an_error():
    with pytest.raises(ValueError, match="fr"):
        explainer().explain("fire", "lamp", "fr")


@pytest.mark.parametrize(
    ("word", "pair", "text"),
    [
        ("보건소", "은/는", "보건소는"),
        ("구청", "은/는", "구청은"),
        ("로봇", "이/가", "로봇이"),
        ("센서", "을/를", "센서를"),
        ("P1", "을/를", "P1을"),
        ("P2", "을/를", "P2를"),
        ("제품 10", "이/가", "제품 10이"),
        ("LED", "은/는", "LED는"),
        ("ATM", "은/는", "ATM은"),
        ("드론(소형)", "과/와", "드론(소형)과"),
        ("'시스템'", "이/가", "'시스템'이"),
        ("서울", "으로/로", "서울로"),
        ("부산", "으로/로", "부산으로"),
        ("", "은/는", "는"),
    ],
)
def test_a_particle_fits_the_sound_before_it(word, pair, text):
    assert attach(word, pair) == text
