"""The labelled pairs are fit to tune a detector by, and to score one once."""

from collections import Counter

import pytest
import shapely
from pyproj import Geod

from backend.proposals.categories import CATEGORY_CODES
from backend.proposals.schemas import TEXT_LENGTH, TITLE_LENGTH
from geo.boundaries import country_layer
from tests.support import databases, duplicates
from tests.support.duplicates import Half, LabelledPair
from tests.support.points import neighbourhood_shapes

HALVES: tuple[Half, ...] = ("tuning", "held_back")
EACH_HALF = pytest.mark.parametrize("half", HALVES)
LEAST_PAIRS = 150
"""What the set was asked to have, both halves together."""

GEOD = Geod(ellps="WGS84")


def distance_m(pair: LabelledPair) -> float:
    """Return how far apart the two points are."""
    return GEOD.inv(pair.a.lon, pair.a.lat, pair.b.lon, pair.b.lat)[2]


def ends_of(pair: LabelledPair) -> frozenset[str]:
    """Return the two proposals, whichever comes first."""
    return frozenset({pair.a.id, pair.b.id})


def test_there_are_enough_pairs_and_as_many_in_either_half() -> None:
    tuning, held_back = (len(duplicates.read_pairs(half)) for half in HALVES)
    assert tuning == held_back
    assert tuning + held_back >= LEAST_PAIRS


def test_no_text_is_in_both_halves() -> None:
    ids, titles, problems = (
        [{getattr(one, name) for one in duplicates.read_proposals(half)} for half in HALVES]
        for name in ("id", "title", "problem")
    )
    assert not ids[0] & ids[1]
    assert not titles[0] & titles[1]
    assert not problems[0] & problems[1]


def test_the_halves_hold_the_same_mix() -> None:
    tuning, held_back = (
        Counter(pair.kind for pair in duplicates.read_pairs(half)) for half in HALVES
    )
    assert set(tuning) == set(held_back)
    assert all(abs(tuning[kind] - held_back[kind]) <= 1 for kind in tuning)


@EACH_HALF
def test_every_proposal_is_named_once_and_used(half: Half) -> None:
    named = [proposal.id for proposal in duplicates.read_proposals(half)]
    assert len(named) == len(set(named))
    assert set(named) == set().union(*map(ends_of, duplicates.read_pairs(half)))


@EACH_HALF
def test_no_pair_is_labelled_twice_or_joins_a_proposal_to_itself(half: Half) -> None:
    pairs = [ends_of(pair) for pair in duplicates.read_pairs(half)]
    assert all(len(pair) == 2 for pair in pairs)
    assert len(pairs) == len(set(pairs))


@EACH_HALF
def test_a_kind_is_either_of_duplicates_or_of_others(half: Half) -> None:
    for pair in duplicates.read_pairs(half):
        kinds = (
            duplicates.POSITIVE_KINDS
            if pair.duplicate
            else duplicates.HARD_NEGATIVE_KINDS | duplicates.EASY_NEGATIVE_KINDS
        )
        assert pair.kind in kinds, pair.note


@EACH_HALF
def test_nearly_half_are_duplicates_and_most_others_are_hard(half: Half) -> None:
    pairs = duplicates.read_pairs(half)
    others = [pair for pair in pairs if not pair.duplicate]
    hard = [pair for pair in others if pair.kind in duplicates.HARD_NEGATIVE_KINDS]
    assert 0.40 <= 1 - len(others) / len(pairs) <= 0.50
    assert len(hard) >= len(others) / 2


@EACH_HALF
def test_labels_do_not_contradict_each_other(half: Half) -> None:
    """Being a duplicate is transitive: two of the same proposal are of each other."""
    pairs = duplicates.read_pairs(half)
    same = {proposal.id: {proposal.id} for proposal in duplicates.read_proposals(half)}
    for pair in pairs:
        if pair.duplicate:
            joined = same[pair.a.id] | same[pair.b.id]
            same |= dict.fromkeys(joined, joined)
    assert [
        pair.note for pair in pairs if not pair.duplicate and pair.b.id in same[pair.a.id]
    ] == []


@EACH_HALF
def test_duplicates_are_within_a_walk_and_templates_are_not(half: Half) -> None:
    for pair in duplicates.read_pairs(half):
        if pair.duplicate:
            assert distance_m(pair) <= 400, pair.note
        if pair.kind == "gps_error":
            assert distance_m(pair) >= 50, pair.note
        if pair.kind == "template_near":
            assert 500 <= distance_m(pair) <= 1000, pair.note
        if pair.kind == "template_far":
            assert distance_m(pair) > 1000, pair.note


@EACH_HALF
def test_only_recurrences_are_years_apart(half: Half) -> None:
    for pair in duplicates.read_pairs(half):
        years = abs((pair.a.submitted - pair.b.submitted).days) / 365
        assert (years > 3) == (pair.kind == "recurrence"), pair.note


@EACH_HALF
def test_proposals_are_what_the_form_takes(half: Half) -> None:
    for proposal in duplicates.read_proposals(half):
        assert proposal.category in CATEGORY_CODES
        assert 0 < len(proposal.title) <= TITLE_LENGTH
        assert 0 < len(proposal.problem) <= TEXT_LENGTH
        assert proposal.idea is None or 0 < len(proposal.idea) <= TEXT_LENGTH


def test_every_place_is_in_a_neighbourhood_and_every_province_is_there() -> None:
    country = country_layer(databases.ROOT / "var" / "boundaries")
    codes = [region.code for region in country.regions if region.level == 3]
    tree = shapely.STRtree(neighbourhood_shapes(country))
    proposals = [one for half in HALVES for one in duplicates.read_proposals(half)]
    points = shapely.points([(one.lon, one.lat) for one in proposals])
    found, numbers = tree.query(points, predicate="within")
    assert sorted({proposals[number].id for number in found}) == sorted(one.id for one in proposals)
    assert len({codes[number][:2] for number in numbers}) == 17
