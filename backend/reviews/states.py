"""Owns the states of a review and which may follow which."""

from collections.abc import Mapping
from datetime import datetime

from backend.errors import InvalidTransition
from backend.reviews.models import Review

TRANSITIONS: Mapping[str, frozenset[str]] = {
    "open": frozenset({"paused", "adopted", "rejected", "transferred", "withdrawn", "merged"}),
    "paused": frozenset({"open", "rejected", "withdrawn", "merged"}),
    "adopted": frozenset(),
    "rejected": frozenset(),
    "transferred": frozenset(),
    "withdrawn": frozenset(),
    "merged": frozenset(),
}
"""A review that waits for a supplement may be ended when none comes, and not adopted blindly.
Out of a merge leads `reopen` only."""

STATE_AFTER: Mapping[str, str] = {
    "adopted": "adopted",
    "rejected": "rejected",
    "transferred": "transferred",
    "supplement_requested": "paused",
}
"""What becomes of a review by the outcome of a decision."""

LABELS: Mapping[str, tuple[str, str]] = {
    "open": ("심사 중", "under review"),
    "paused": ("보완 대기", "waiting for a supplement"),
    "adopted": ("채택", "adopted"),
    "rejected": ("불채택", "not adopted"),
    "transferred": ("이송", "transferred"),
    "withdrawn": ("철회", "withdrawn"),
    "merged": ("병합", "merged"),
}
"""What a state is called, in Korean and English."""


class ReviewTransition(InvalidTransition):
    """The review's state does not lead where the decision wants to go."""

    ko = "심사가 ‘{current}’ 상태여서 ‘{target}’(으)로 처리할 수 없습니다."
    en = "The review is in the state “{current}”; there is no way to “{target}”."

    def sentence(self, language: str) -> str:
        """Return what happened as a sentence, the states called by their names."""
        column = 0 if language == "ko" else 1
        names = {key: LABELS[state][column] for key, state in self.params.items()}
        return (self.ko if language == "ko" else self.en).format_map(names)


def move(review: Review, target: str, now: datetime) -> None:
    """Bring a review into another state, with the time of it; its proposal is locked.

    :raises ReviewTransition: when the table does not lead there.
    """
    if target not in TRANSITIONS[review.state]:
        raise ReviewTransition(current=review.state, target=target)
    review.state = target
    review.paused_at = now if target == "paused" else None
    review.closed_at = None if TRANSITIONS[target] else now


def reopen(review: Review, *, paused_at: datetime | None) -> None:
    """Bring a review back out of a merge, with the clock that it had.

    :param paused_at: since when it has waited for a supplement; None when it has not.
    :raises ReviewTransition: when it did not end by a merge.
    """
    if review.state != "merged":
        raise ReviewTransition(current=review.state, target="open")
    review.state = "open" if paused_at is None else "paused"
    review.paused_at = paused_at
    review.closed_at = None
