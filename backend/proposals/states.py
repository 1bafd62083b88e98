"""Owns the states of a proposal and which may follow which."""

from collections.abc import Mapping
from datetime import datetime

from backend.errors import InvalidTransition
from backend.proposals.models import Proposal

TRANSITIONS: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"submitted"}),
    "submitted": frozenset({"supplement_requested", "adopted", "rejected", "withdrawn", "merged"}),
    "supplement_requested": frozenset({"submitted", "rejected", "withdrawn", "merged"}),
    "adopted": frozenset(),
    "rejected": frozenset(),
    "withdrawn": frozenset(),
    "merged": frozenset(),
}
"""A transferred proposal stays submitted, at another local government; out of a merge leads
`restore` only."""

TIMES: Mapping[str, str] = {
    "adopted": "decided_at",
    "rejected": "decided_at",
    "withdrawn": "withdrawn_at",
    "merged": "merged_at",
}
"""The timestamp that says since when a state holds."""

EDITABLE = frozenset({"draft", "supplement_requested"})
"""States in which the authors may change the text and the place."""

CLOSED = frozenset({"adopted", "rejected", "withdrawn"})
"""States in which nobody joins the authors any more."""

REVIEWED = frozenset({"supplement_requested", "adopted", "rejected"})
"""States that somebody can only bring about who has read the proposal."""

ENDORSABLE = frozenset({"submitted", "adopted"})
"""States in which somebody may begin to back the proposal."""

LABELS: Mapping[str, tuple[str, str]] = {
    "draft": ("작성 중", "draft"),
    "submitted": ("심사 중", "under review"),
    "supplement_requested": ("보완 요청", "supplement requested"),
    "adopted": ("채택", "adopted"),
    "rejected": ("불채택", "not adopted"),
    "withdrawn": ("철회", "withdrawn"),
    "merged": ("병합", "merged"),
    "transferred": ("이송", "transferred"),
}
"""What a state, or the passing on to another body, is called in Korean and English."""


def is_editable(proposal: Proposal) -> bool:
    """Tell whether the authors may change the text and the place: until its review has started."""
    return proposal.status in EDITABLE or (
        proposal.status == "submitted" and proposal.review_started_at is None
    )


class ProposalTransition(InvalidTransition):
    """The proposal's state does not lead where the request wants to go."""

    ko = "제안이 ‘{current}’ 상태여서 ‘{target}’ 상태로 바꿀 수 없습니다."
    en = "The proposal is in the state “{current}”; there is no way to “{target}”."

    def sentence(self, language: str) -> str:
        """Return what happened as a sentence, the states called by their names."""
        column = 0 if language == "ko" else 1
        names = {key: LABELS[state][column] for key, state in self.params.items()}
        return (self.ko if language == "ko" else self.en).format_map(names)


def move(proposal: Proposal, target: str, now: datetime) -> None:
    """Bring a locked proposal into another state, with the time of it.

    :raises ProposalTransition: when the table does not lead there.
    """
    if target not in TRANSITIONS[proposal.status]:
        raise ProposalTransition(current=proposal.status, target=target)
    proposal.status = target
    proposal.updated_at = now
    if target in TIMES:
        setattr(proposal, TIMES[target], now)
    if target in REVIEWED:
        proposal.review_started_at = proposal.review_started_at or now
    if target == "submitted":
        proposal.submitted_at = proposal.submitted_at or now


def restore(proposal: Proposal, status: str, now: datetime) -> None:
    """Bring a locked proposal back out of a merge.

    :param status: the state that it was merged in.
    :raises ProposalTransition: when it is not merged.
    """
    if proposal.status != "merged":
        raise ProposalTransition(current=proposal.status, target=status)
    proposal.status = status
    proposal.merged_at = None
    proposal.updated_at = now
