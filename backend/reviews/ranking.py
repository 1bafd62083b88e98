"""Owns how local governments set their priorities: strict ranks of proposals and of categories."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.service import record
from backend.db import conflict_on, new_id
from backend.errors import Conflict, Invalid
from backend.organizations.queries import get_local_government_organization
from backend.proposals.categories import check_category
from backend.proposals.models import Proposal
from backend.proposals.queries import list_proposals
from backend.reviews.models import CategoryRank, ProposalRank, Ranking
from backend.reviews.priorities import (
    CATEGORIES,
    PROPOSALS,
    ProposalPlace,
    RankingSheet,
    show_category_ranking,
    show_proposal_ranking,
)


class RankedTwice(Invalid):
    """A strict order names each thing once."""

    code = "ranked_twice"
    ko = "같은 항목이 순위에 두 번 들어 있습니다."
    en = "The ranking names something twice."


class NotAdoptedHere(Invalid):
    """Only what the local government adopted itself can be ranked by it.

    Unknown and private proposals get the same answer.
    """

    code = "proposal_not_adopted_here"
    ko = "이 지방자치단체가 채택한 제안만 순위에 넣을 수 있습니다."
    en = "Only proposals that this local government adopted can be ranked."


class RankingChanged(Conflict):
    """Somebody else set the same ranking at the same moment."""

    code = "ranking_changed"
    ko = "다른 담당자가 방금 순위를 바꾸었습니다. 새로 고친 뒤 다시 시도해 주세요."
    en = "A colleague changed the ranking just now. Reload and try again."


def rank_proposals(
    session: Session,
    *,
    local_government_code: str,
    programme_year: int,
    ranking: Sequence[UUID],
    actor_id: UUID,
    now: datetime,
) -> RankingSheet:
    """Set a local government's order of its adopted proposals; the whole order is replaced.

    :param ranking: proposals, the most urgent first; none to have no order.
    :raises RankedTwice: when one occurs twice.
    :raises NotAdoptedHere: when one was not adopted by this local government.
    :raises RankingChanged: when somebody else set it at the same moment.
    """
    _refuse_repeats(ranking)
    known = {proposal.id: proposal for proposal in list_proposals(session, ranking)}
    for index, proposal_id in enumerate(ranking):
        if not _is_adopted_here(known.get(proposal_id), local_government_code):
            raise NotAdoptedHere(field=f"json.ranking.{index}")
    scope = _Scope(local_government_code, programme_year, PROPOSALS)
    if _order_of(show_proposal_ranking(session, **scope.place)) != list(ranking):
        row = _supersede(session, scope, actor_id, now)
        session.add_all(
            ProposalRank(ranking_id=row.id, rank=rank, proposal_id=proposal_id)
            for rank, proposal_id in enumerate(ranking, start=1)
        )
        _record(session, scope, [str(proposal_id) for proposal_id in ranking], actor_id, now)
    return show_proposal_ranking(session, **scope.place)


def rank_categories(
    session: Session,
    *,
    local_government_code: str,
    programme_year: int,
    ranking: Sequence[str],
    actor_id: UUID,
    now: datetime,
) -> RankingSheet:
    """Set a local government's order of categories; the whole order is replaced.

    :param ranking: category codes, the most urgent first; none to have no order.
    :raises RankedTwice: when one occurs twice.
    :raises UnknownCategory: when there is no such category.
    :raises RankingChanged: when somebody else set it at the same moment.
    """
    _refuse_repeats(ranking)
    for index, category in enumerate(ranking):
        check_category(category, field=f"json.ranking.{index}")
    scope = _Scope(local_government_code, programme_year, CATEGORIES)
    if _order_of(show_category_ranking(session, **scope.place)) != list(ranking):
        row = _supersede(session, scope, actor_id, now)
        session.add_all(
            CategoryRank(ranking_id=row.id, rank=rank, category=category)
            for rank, category in enumerate(ranking, start=1)
        )
        _record(session, scope, list(ranking), actor_id, now)
    return show_category_ranking(session, **scope.place)


@dataclass(frozen=True, slots=True)
class _Scope:
    """Whose ranking of what, for which year."""

    local_government_code: str
    programme_year: int
    subject: str

    @property
    def place(self) -> dict[str, Any]:
        return {
            "local_government_code": self.local_government_code,
            "programme_year": self.programme_year,
        }


def _refuse_repeats(ranking: Sequence[Hashable]) -> None:
    seen: set[Hashable] = set()
    for index, item in enumerate(ranking):
        if item in seen:
            raise RankedTwice(field=f"json.ranking.{index}")
        seen.add(item)


def _is_adopted_here(proposal: Proposal | None, local_government_code: str) -> bool:
    return (
        proposal is not None
        and proposal.status == "adopted"
        and proposal.local_government_code == local_government_code
    )


def _order_of(sheet: RankingSheet) -> list[UUID | str] | None:
    """Return the order of a sheet, None where none was set."""
    if sheet.ranked_at is None:
        return None
    return [
        place.proposal_id if isinstance(place, ProposalPlace) else place.category
        for place in sheet.items
    ]


def _supersede(session: Session, scope: _Scope, actor_id: UUID, now: datetime) -> Ranking:
    """Put a new ranking in the place of the one that counts; the old one stays as history."""
    current = session.scalar(
        select(Ranking)
        .where(
            Ranking.local_government_code == scope.local_government_code,
            Ranking.programme_year == scope.programme_year,
            Ranking.subject == scope.subject,
            Ranking.superseded_at.is_(None),
        )
        .with_for_update()
    )
    if current is not None:
        current.superseded_at = now
        session.flush()
    row = Ranking(
        id=new_id(),
        local_government_code=scope.local_government_code,
        programme_year=scope.programme_year,
        subject=scope.subject,
        ranked_by=actor_id,
        ranked_at=now,
    )
    with conflict_on(session, uq_ranking_current=RankingChanged()):
        session.add(row)
    return row


def _record(
    session: Session, scope: _Scope, ranking: list[str], actor_id: UUID, now: datetime
) -> None:
    government = get_local_government_organization(session, scope.local_government_code)
    record(
        session,
        action=f"review.ranked_{scope.subject}",
        subject_type="local_government",
        subject_id=scope.local_government_code,
        actor_id=actor_id,
        now=now,
        chain=str(government.id),
        data={"programme_year": scope.programme_year, "ranking": list(ranking)},
    )
