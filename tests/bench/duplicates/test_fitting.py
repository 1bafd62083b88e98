"""The fit of weights, on pairs for which it is known what tells, and what is forgotten."""

import random

import pytest

from backend.proposals.similar.signals import WEIGHTS, Signal
from bench.duplicates.fitting import fit, foretell, only_attested_once
from bench.duplicates.labelled import Labelled, Pair
from bench.duplicates.scoring import Found, tally


def pairs_told_by(name: str, number: int = 60) -> list[Found]:
    """Return pairs of many families of which one signal tells all, and the others nothing."""
    dice = random.Random(1)  # noqa: S311 (no secret)
    found = []
    for at in range(number):
        is_duplicate = at % 2 == 0
        values = {one: dice.random() for one in WEIGHTS} | {name: 0.9 if is_duplicate else 0.1}
        signals = tuple(Signal(one, value, "", "") for one, value in values.items())
        family = f"t{at // 4:02}"
        found.append(Found(Pair(f"{family}b", f"{family}a", is_duplicate, "kind"), signals))
    return found


def test_what_tells_weighs_most() -> None:
    model = fit(pairs_told_by("words"))
    assert sum(model.weights.values()) == pytest.approx(1)
    assert min(model.weights.values()) > 0
    assert max(model.weights, key=lambda name: model.weights[name]) == "words"


def test_every_pair_is_foretold_once_and_what_can_be_learnt_is() -> None:
    found = pairs_told_by("trouble")
    known, forgotten = foretell(found, found)
    assert {one.pair.asked for one in known} == {one.pair.asked for one in found}
    assert len(known) == len(forgotten) == len(found)
    assert tally(known, 0.0).f1 > 0.9


def test_what_was_no_candidate_is_not_told() -> None:
    found = [*pairs_told_by("age"), Found(Pair("t99b", "t99a", True, "kind"), ())]
    known, _ = foretell(found, found)
    (lost,) = (one for one in known if one.pair.asked == "t99b")
    assert lost.score() < 0


def test_words_of_one_family_only_are_forgotten_there() -> None:
    said = {"t01a": "악취와 소음", "h01a": "악취", "t02a": "소음 말고", "h03a": "침수"}
    rows = {id_: {"title": title, "problem": "", "idea": None} for id_, title in said.items()}
    forgotten = only_attested_once(Labelled(rows, []))
    assert forgotten(Pair("t01b", "t01a", True, "kind")) == {"악취"}, "its twin is no witness"
    assert forgotten(Pair("t02b", "t02a", True, "kind")) == {"말고"}
