"""Owns the proposals of the demonstration: submitted, decided, ranked and backed."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.accounts.residences import declare_residence
from backend.demo.people import Cast, hire_manager, hire_reviewer
from backend.proposals.drafts import create_draft
from backend.proposals.endorsements import endorse
from backend.proposals.models import Proposal
from backend.reviews.decisions import decide
from backend.reviews.ranking import rank_categories, rank_proposals
from backend.reviews.submission import submit_proposal
from geo.regions import normalize_code

DATA = Path(__file__).parent / "data"

DECIDED_OTHERWISE = {
    13: "supplement_requested",
    25: "rejected",
    28: "rejected",
    23: None,
    24: None,
    29: None,
}
"""Numbers of proposals that are not adopted; None still waits for its decision."""

KEEPS_NEIGHBOURHOOD_PRIVATE = frozenset({12, 20})
"""Numbers of proposals whose authors did not agree that their neighbourhood becomes public."""

REASONS = {
    "adopted": "주민이 바로 느낄 수 있는 문제이고 공공성이 높으며, 현장에 적용할 수 있는 제품이"
    " 있어 채택합니다.",
    "rejected": "이미 추진 중인 사업과 내용이 겹칩니다. 기존 사업에 없는 기능이 있으면 보완하여"
    " 다시 제안해 주세요.",
    "supplement_requested": "설치를 원하는 장소와 악취가 심한 시간대를 알려 주시면 심사를 이어"
    " 가겠습니다.",
}


@dataclass(frozen=True, slots=True)
class Idea:
    """One line of the demonstration's proposals together with what became of it."""

    number: int
    proposal: Proposal

    @property
    def is_adopted(self) -> bool:
        """Tell whether a product may answer it."""
        return self.proposal.status == "adopted"


@dataclass(frozen=True, slots=True)
class _Office:
    """Who ranks for each local government, and for which programme year."""

    reviewers: Mapping[str, UUID]
    year: int


def read_ideas() -> list[dict[str, Any]]:
    """Return the demonstration's proposals as data."""
    ideas: list[dict[str, Any]] = json.loads(
        (DATA / "demo_proposals.json").read_text(encoding="utf-8")
    )
    return ideas


def play_proposals(
    session: Session, cast: Cast, *, chance: Random, begin: datetime, year: int
) -> list[Idea]:
    """Let thirty citizens propose, and their local governments decide and rank.

    :param begin: when the first proposal comes in; one more every three days.
    :param year: the programme year that the ranks are for.
    """
    authors: list[UUID] = []
    ideas = []
    for index, facts in enumerate(read_ideas()):
        now = begin + timedelta(days=3 * index, minutes=chance.randrange(600))
        author_id = cast.add(
            session, f"citizen-{facts['id']}", f"주민 {facts['id']}", now, "citizen"
        )
        authors.append(author_id)
        ideas.append(Idea(facts["id"], _submit(session, author_id, facts, now)))
    reviewers = _decide(session, cast, ideas, begin)
    _rank(session, ideas, _Office(reviewers, year), chance, begin + timedelta(days=120))
    _endorse(session, ideas, authors, chance, begin + timedelta(days=100))
    return ideas


def _submit(session: Session, author_id: UUID, facts: Mapping[str, Any], now: datetime) -> Proposal:
    code = normalize_code(facts["legal_dong_code"])
    declared = now - timedelta(days=60)
    declare_residence(session, account_id=author_id, region_code=code, now=declared)
    proposal, _ = create_draft(
        session,
        author_id=author_id,
        category=facts["category"],
        title=facts["title_ko"],
        problem=facts["problem_ko"],
        location={"lon": facts["lon"], "lat": facts["lat"], "accuracy_m": 20.0},
        neighbourhood_public=facts["id"] not in KEEPS_NEIGHBOURHOOD_PRIVATE,
        is_synthetic=True,
        now=now,
    )
    submitted = now + timedelta(minutes=20)
    return submit_proposal(session, proposal_id=proposal.id, actor_id=author_id, now=submitted)


def _decide(
    session: Session, cast: Cast, ideas: Sequence[Idea], begin: datetime
) -> Mapping[str, UUID]:
    codes = sorted({idea.proposal.local_government_code or "" for idea in ideas})
    hired = begin - timedelta(days=30)
    reviewers = {code: hire_manager(session, cast, code, hired) for code in codes}
    hire_reviewer(session, cast, codes[0], hired)
    for idea in ideas:
        outcome = DECIDED_OTHERWISE.get(idea.number, "adopted")
        code = idea.proposal.local_government_code or ""
        if outcome is None or idea.proposal.submitted_at is None:
            continue
        decide(
            session,
            proposal_id=idea.proposal.id,
            local_government_code=code,
            actor_id=reviewers[code],
            outcome=outcome,
            reason=REASONS[outcome],
            now=idea.proposal.submitted_at + timedelta(days=18),
        )
    return reviewers


def _rank(
    session: Session,
    ideas: Sequence[Idea],
    office: _Office,
    chance: Random,
    now: datetime,
) -> None:
    adopted: dict[str, list[Idea]] = defaultdict(list)
    for idea in ideas:
        if idea.is_adopted:
            adopted[idea.proposal.local_government_code or ""].append(idea)
    for code, own in adopted.items():
        rank_proposals(
            session,
            local_government_code=code,
            programme_year=office.year,
            ranking=[idea.proposal.id for idea in own],
            actor_id=office.reviewers[code],
            now=now,
        )
        categories = list(dict.fromkeys(idea.proposal.category for idea in own))
        others = [c for c in ("safety", "disaster", "traffic", "welfare") if c not in categories]
        rank_categories(
            session,
            local_government_code=code,
            programme_year=office.year,
            ranking=[*categories, *chance.sample(others, k=2)],
            actor_id=office.reviewers[code],
            now=now,
        )


def _endorse(
    session: Session, ideas: Sequence[Idea], people: Sequence[UUID], chance: Random, now: datetime
) -> None:
    for idea in ideas:
        if idea.proposal.status not in ("submitted", "adopted"):
            continue
        others = [person for person in people if person != idea.proposal.author_id]
        for person in chance.sample(others, k=chance.randrange(3, 20)):
            endorse(session, proposal_id=idea.proposal.id, account_id=person, now=now)
