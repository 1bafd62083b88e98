"""Owns how the labelled pairs of proposals are read."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

DIRECTORY = Path(__file__).resolve().parents[1] / "data" / "duplicates"

Part = Literal["tuning", "held_back", "held_back_2"]
"""A file of the set; what each is for is said in the README beside them."""

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


def read_proposals(part: Part) -> list[LabelledProposal]:
    """Return the proposals of a part, in the order of the file."""
    return [
        LabelledProposal(**(row | {"submitted": date.fromisoformat(row["submitted"])}))
        for row in _document(part)["proposals"]
    ]


def read_pairs(part: Part) -> list[LabelledPair]:
    """Return the labelled pairs of a part, in the order of the file."""
    proposals = {proposal.id: proposal for proposal in read_proposals(part)}
    return [
        LabelledPair(**(row | {"a": proposals[row["a"]], "b": proposals[row["b"]]}))
        for row in _document(part)["pairs"]
    ]


def _document(part: Part) -> dict[str, list[dict[str, object]]]:
    return json.loads((DIRECTORY / f"{part}.json").read_text(encoding="utf-8"))
