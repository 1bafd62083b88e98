"""Owns the states of an objection: it waits, and ends once."""

from collections.abc import Mapping

from backend.errors import InvalidTransition
from backend.objections.models import PlanObjection

LABELS: Mapping[str, tuple[str, str]] = {
    "pending": ("심사 중", "waiting for a decision"),
    "withdrawn": ("취하", "withdrawn"),
    "dismissed": ("기각", "dismissed"),
    "upheld": ("인용", "upheld"),
}
"""What a state is called, in Korean and English."""


class ObjectionTransition(InvalidTransition):
    """The objection has ended, one way or another."""

    ko = "이의신청이 ‘{current}’ 상태여서 ‘{target}’(으)로 바꿀 수 없습니다."
    en = "The objection is in the state “{current}”; there is no way to “{target}”."

    def sentence(self, language: str) -> str:
        """Return what happened as a sentence, the states called by their names."""
        column = 0 if language == "ko" else 1
        names = {key: LABELS[state][column] for key, state in self.params.items()}
        return (self.ko if language == "ko" else self.en).format_map(names)


def check_pending(objection: PlanObjection, target: str) -> None:
    """Refuse to end an objection a second time.

    :param objection: locked.
    :raises ObjectionTransition: when it was decided or taken back.
    """
    if objection.state != "pending":
        raise ObjectionTransition(current=objection.state, target=target)
