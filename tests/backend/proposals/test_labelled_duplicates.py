"""The labelled pairs are fit to tune a detector by, and to score one once."""

from collections import Counter

import pytest
import shapely
from pyproj import Geod

from backend.proposals.categories import CATEGORY_CODES
from backend.proposals.schemas import TEXT_LENGTH, TITLE_LENGTH
from geo.boundaries import country_layer
from tests.support import databases, duplicates
from tests.support.duplicates import LabelledPair, Part
from tests.support.points import neighbourhood_shapes

HALVES: tuple[Part, ...] = ("tuning", "held_back")
PARTS: tuple[Part, ...] = (*HALVES, "held_back_2")
EACH_PART = pytest.mark.parametrize("part", PARTS)
LEAST_PAIRS = 150
"""What the two halves were asked to have together."""
LEAST_PAIRS_HELD_BACK_AGAIN = 100

GEOD = Geod(ellps="WGS84")


def distance_m(pair: LabelledPair) -> float:
    """Return how far apart the two points are."""
    return GEOD.inv(pair.a.lon, pair.a.lat, pair.b.lon, pair.b.lat)[2]


def ends_of(pair: LabelledPair) -> frozenset[str]:
    """Return the two proposals, whichever comes first."""
    return frozenset({pair.a.id, pair.b.id})


def places_of(parts: tuple[Part, ...]) -> dict[str, str]:
    """Return the code of the neighbourhood that every proposal is in, by its id."""
    country = country_layer(databases.ROOT / "var" / "boundaries")
    codes = [region.code for region in country.regions if region.level == 3]
    tree = shapely.STRtree(neighbourhood_shapes(country))
    proposals = [one for part in parts for one in duplicates.read_proposals(part)]
    points = shapely.points([(one.lon, one.lat) for one in proposals])
    found, numbers = tree.query(points, predicate="within")
    return {proposals[at].id: codes[number] for at, number in zip(found, numbers, strict=True)}


def test_there_are_enough_pairs_and_as_many_in_either_half() -> None:
    tuning, held_back = (len(duplicates.read_pairs(half)) for half in HALVES)
    assert tuning == held_back
    assert tuning + held_back >= LEAST_PAIRS
    assert len(duplicates.read_pairs("held_back_2")) >= LEAST_PAIRS_HELD_BACK_AGAIN


@pytest.mark.parametrize("name", ["id", "title", "problem"])
def test_nothing_is_in_two_parts(name: str) -> None:
    parts = [{getattr(one, name) for one in duplicates.read_proposals(part)} for part in PARTS]
    assert sum(map(len, parts)) == len(set().union(*parts))


def test_the_parts_hold_the_same_mix() -> None:
    tuning, *others = (Counter(pair.kind for pair in duplicates.read_pairs(part)) for part in PARTS)
    for other in others:
        assert set(tuning) == set(other)
        assert all(abs(tuning[kind] - other[kind]) <= 1 for kind in tuning)


@EACH_PART
def test_every_proposal_is_named_once_and_used(part: Part) -> None:
    named = [proposal.id for proposal in duplicates.read_proposals(part)]
    assert len(named) == len(set(named))
    assert set(named) == set().union(*map(ends_of, duplicates.read_pairs(part)))


@EACH_PART
def test_no_pair_is_labelled_twice_or_joins_a_proposal_to_itself(part: Part) -> None:
    pairs = [ends_of(pair) for pair in duplicates.read_pairs(part)]
    assert all(len(pair) == 2 for pair in pairs)
    assert len(pairs) == len(set(pairs))


@EACH_PART
def test_a_kind_is_either_of_duplicates_or_of_others(part: Part) -> None:
    for pair in duplicates.read_pairs(part):
        kinds = (
            duplicates.POSITIVE_KINDS
            if pair.duplicate
            else duplicates.HARD_NEGATIVE_KINDS | duplicates.EASY_NEGATIVE_KINDS
        )
        assert pair.kind in kinds, pair.note


@EACH_PART
def test_nearly_half_are_duplicates_and_most_others_are_hard(part: Part) -> None:
    pairs = duplicates.read_pairs(part)
    others = [pair for pair in pairs if not pair.duplicate]
    hard = [pair for pair in others if pair.kind in duplicates.HARD_NEGATIVE_KINDS]
    assert 0.40 <= 1 - len(others) / len(pairs) <= 0.50
    assert len(hard) >= len(others) / 2


@EACH_PART
def test_labels_do_not_contradict_each_other(part: Part) -> None:
    """Being a duplicate is transitive: two of the same proposal are of each other."""
    pairs = duplicates.read_pairs(part)
    same = {proposal.id: {proposal.id} for proposal in duplicates.read_proposals(part)}
    for pair in pairs:
        if pair.duplicate:
            joined = same[pair.a.id] | same[pair.b.id]
            same |= dict.fromkeys(joined, joined)
    assert [
        pair.note for pair in pairs if not pair.duplicate and pair.b.id in same[pair.a.id]
    ] == []


@EACH_PART
def test_duplicates_are_within_a_walk_and_templates_are_not(part: Part) -> None:
    for pair in duplicates.read_pairs(part):
        if pair.duplicate:
            assert distance_m(pair) <= 400, pair.note
        if pair.kind == "gps_error":
            assert distance_m(pair) >= 50, pair.note
        if pair.kind == "template_near":
            assert 500 <= distance_m(pair) <= 1000, pair.note
        if pair.kind == "template_far":
            assert distance_m(pair) > 1000, pair.note


@EACH_PART
def test_only_recurrences_are_years_apart(part: Part) -> None:
    for pair in duplicates.read_pairs(part):
        years = abs((pair.a.submitted - pair.b.submitted).days) / 365
        assert (years > 3) == (pair.kind == "recurrence"), pair.note


@EACH_PART
def test_proposals_are_what_the_form_takes(part: Part) -> None:
    for proposal in duplicates.read_proposals(part):
        assert proposal.category in CATEGORY_CODES
        assert 0 < len(proposal.title) <= TITLE_LENGTH
        assert 0 < len(proposal.problem) <= TEXT_LENGTH
        assert proposal.idea is None or 0 < len(proposal.idea) <= TEXT_LENGTH


def test_every_place_is_in_a_neighbourhood_and_every_province_is_there() -> None:
    places = places_of(PARTS)
    assert sorted(places) == sorted(
        one.id for part in PARTS for one in duplicates.read_proposals(part)
    )
    assert len({code[:2] for code in places.values()}) == 17


def test_the_second_held_back_set_is_about_other_towns() -> None:
    towns, other_towns = (
        {code[:5] for code in places_of(parts).values()} for parts in (HALVES, PARTS[2:])
    )
    assert len(other_towns) >= 20
    assert not towns & other_towns
