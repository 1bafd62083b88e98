"""Owns what people hear when a proposal is merged, objected for, or stands by itself again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.auth.identity import Role
from backend.notifications.service import notify
from backend.organizations.models import Organization
from backend.organizations.queries import list_staff_ids
from backend.proposals.merges.models import ProposalMerge
from backend.proposals.models import Proposal
from backend.proposals.queries import list_endorser_ids
from backend.proposals.service import append_event
from backend.reviews.merges.terms import last_moment
from backend.reviews.naming import in_both_languages, named

SURVIVOR_WITHDRAWN = {
    "ko": "먼저 접수된 제안을 제안자가 철회했습니다.",
    "en": "The author of the proposal received first has withdrawn it.",
}


@dataclass(frozen=True, slots=True)
class Affair:
    """A merge with the proposals that it is about, at the local government that made it."""

    merge: ProposalMerge
    merged: Proposal
    survivor: Proposal
    government: Organization

    def params(self, reason: str | Mapping[str, str]) -> dict[str, Any]:
        """Return what the sentences of notices take."""
        return {
            "title": self.merged.title,
            "survivor": self.survivor.title,
            "local_government": in_both_languages(self.government),
            "reason": reason,
            "until": last_moment(self.merge),
        }


def tell_merged(session: Session, affair: Affair) -> None:
    """Tell both authors and who backs the merged proposal, and both threads."""
    merge = affair.merge
    kinds = ("proposal_merged", "proposal_took_in", "endorsed_proposal_merged")
    _tell_all(session, affair, kinds, merge.reason, merge.merged_at)
    events = (
        (affair.merged, "merged", {"into": _ref(affair.survivor)}),
        (affair.survivor, "took_in", {"merged": _ref(affair.merged)}),
    )
    for proposal, kind, other in events:
        append_event(
            session,
            proposal_id=proposal.id,
            kind=kind,
            actor_id=merge.merged_by,
            data={**other, "local_government": named(affair.government), "reason": merge.reason},
            public=True,
            now=merge.merged_at,
        )


def tell_separated(session: Session, affair: Affair, now: datetime) -> None:
    """Tell the same people that the two stand by themselves again, and why."""
    reason = affair.merge.undo_reason or SURVIVOR_WITHDRAWN
    kinds = ("proposal_separated", "proposal_gave_back", "endorsed_proposal_separated")
    _tell_all(session, affair, kinds, reason, now)
    pairs = ((affair.merged, affair.survivor), (affair.survivor, affair.merged))
    for proposal, other in pairs:
        append_event(
            session,
            proposal_id=proposal.id,
            kind="merge_undone",
            actor_id=affair.merge.undone_by,
            data={
                "other": _ref(other),
                "local_government": named(affair.government),
                "reason": reason,
            },
            public=True,
            now=now,
        )


def tell_objected(session: Session, affair: Affair, reason: str, now: datetime) -> None:
    """Tell the staff who may undo the merge that its author objects, and why."""
    staff = list_staff_ids(session, affair.government.id, Role.MANAGER, Role.REVIEWER)
    told = [(account_id, "merge_objected", affair.merged) for account_id in staff]
    _notify(session, told, affair.params(reason), now)
    append_event(
        session,
        proposal_id=affair.merged.id,
        kind="merge_objected",
        actor_id=affair.merged.author_id,
        data={"reason": reason},
        public=False,
        now=now,
    )


def _tell_all(
    session: Session,
    affair: Affair,
    kinds: tuple[str, str, str],
    reason: str | Mapping[str, str],
    now: datetime,
) -> None:
    """Tell the author of the merged one, that of the survivor, and who backs the merged one."""
    to_author, to_first, to_endorser = kinds
    merged, survivor = affair.merged, affair.survivor
    told = [(merged.author_id, to_author, merged)]
    if survivor.author_id != merged.author_id:
        told.append((survivor.author_id, to_first, survivor))
    told += [
        (account_id, to_endorser, merged)
        for account_id in list_endorser_ids(session, merged.id)
        if account_id not in (merged.author_id, survivor.author_id)
    ]
    _notify(session, told, affair.params(reason), now)


def _notify(
    session: Session,
    told: list[tuple[UUID, str, Proposal]],
    params: Mapping[str, Any],
    now: datetime,
) -> None:
    for recipient_id, kind, about in told:
        notify(
            session,
            recipient_id=recipient_id,
            kind=kind,
            subject_type="proposal",
            subject_id=about.id,
            params=params,
            now=now,
        )


def _ref(proposal: Proposal) -> dict[str, str]:
    return {"id": str(proposal.id), "title": proposal.title}
