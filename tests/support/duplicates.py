"""Owns how the labelled pairs of proposals are read."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

DIRECTORY = Path(__file__).resolve().parents[1] / "data" / "duplicates"

Half = Literal["tuning", "held_back"]

POSITIVE_KINDS = frozenset(
    {"paraphrase", "dialect", "typo", "length", "other_category", "gps_error", "from_idea"}
)
HARD_NEGATIVE_KINDS = frozenset(
    {
        "template_far",
        "template_near",
        "other_problem",
        "other_product",
        "opposite_wish",
        "recurrence",
    }
)
EASY_NEGATIVE_KINDS = frozenset({"other_place", "unrelated"})


@dataclass(frozen=True, slots=True)
class LabelledProposal:
    """A proposal as a citizen would have sent it."""

    id: str
    category: str
    lon: float
    lat: float
    submitted: date
    title: str
    problem: str
    idea: str | None


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """Two proposals, and whether one product would solve both."""

    a: LabelledProposal
    b: LabelledProposal
    duplicate: bool
    kind: str
    note: str


def read_proposals(half: Half) -> list[LabelledProposal]:
    """Return the proposals of a half, in the order of the file."""
    return [
        LabelledProposal(**(row | {"submitted": date.fromisoformat(row["submitted"])}))
        for row in _document(half)["proposals"]
    ]


def read_pairs(half: Half) -> list[LabelledPair]:
    """Return the labelled pairs of a half, in the order of the file."""
    proposals = {proposal.id: proposal for proposal in read_proposals(half)}
    return [
        LabelledPair(**(row | {"a": proposals[row["a"]], "b": proposals[row["b"]]}))
        for row in _document(half)["pairs"]
    ]


def _document(half: Half) -> dict[str, list[dict[str, object]]]:
    return json.loads((DIRECTORY / f"{half}.json").read_text(encoding="utf-8"))
