"""Owns the states of a round, which may follow which, and the window for applications."""

from collections.abc import Mapping
from datetime import datetime

from backend.catalogue.validity import SEOUL
from backend.errors import Conflict, InvalidTransition
from backend.rounds.models import Round

TRANSITIONS: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"open"}),
    "open": frozenset({"closed", "cancelled"}),
    "closed": frozenset({"matched", "cancelled"}),
    "matched": frozenset({"matched", "approved", "cancelled"}),
    "approved": frozenset({"matched", "published", "cancelled"}),
    "published": frozenset(),
    "cancelled": frozenset(),
}
"""A matched round may be run again until a plan is approved; an approved one, once its inputs were
corrected. The run before is superseded.

What was announced can be cancelled until its plan is published.
"""

BEFORE_RUN = frozenset({"draft", "open", "closed"})
"""States in which the inputs of the matching are not fixed yet."""

LABELS: Mapping[str, tuple[str, str]] = {
    "draft": ("준비 중", "draft"),
    "open": ("공고", "open"),
    "closed": ("마감", "closed"),
    "matched": ("매칭 완료", "matched"),
    "approved": ("승인", "approved"),
    "published": ("발표", "published"),
    "cancelled": ("취소", "cancelled"),
}
"""What a state is called, in Korean and English."""

_TIME_OF = {
    "open": "opened_at",
    "closed": "closed_at",
    "matched": "matched_at",
    "approved": "approved_at",
    "published": "published_at",
    "cancelled": "cancelled_at",
}


class RoundTransition(InvalidTransition):
    """The round's state does not lead where the request wants to go."""

    ko = "차수가 ‘{current}’ 상태여서 ‘{target}’ 상태로 바꿀 수 없습니다."
    en = "The round is in the state “{current}”; there is no way to “{target}”."

    def sentence(self, language: str) -> str:
        """Return what happened as a sentence, the states called by their names."""
        column = 0 if language == "ko" else 1
        names = {key: LABELS[state][column] for key, state in self.params.items()}
        return (self.ko if language == "ko" else self.en).format_map(names)


class RoundNotDraft(Conflict):
    """A round's rules and offers are fixed from its notice on."""

    code = "round_not_draft"
    ko = "공고한 차수의 조건은 바꿀 수 없습니다."
    en = "The terms of a round do not change once it was announced."


class RoundNotOpen(Conflict):
    """Institutions apply within the window of an announced round only."""

    code = "round_not_open"
    ko = "지금은 신청을 받지 않습니다. 신청 기간: {opens_at} ~ {closes_at}"
    en = "Applications are not taken now. The window: {opens_at} to {closes_at}."


class RoundNotAnnounced(Conflict):
    """A draft is edited, not corrected by notice."""

    code = "round_not_announced"
    ko = "아직 공고하지 않은 차수입니다."
    en = "The round was not announced yet."


class RoundCancelled(Conflict):
    """Nothing goes on in a round that was cancelled."""

    code = "round_cancelled"
    ko = "취소된 차수입니다. 취소 시각: {cancelled_at}"
    en = "The round was cancelled on {cancelled_at} (Korean time)."


class RoundRun(Conflict):
    """From the first run on, what goes into the matching stays as it is."""

    code = "round_run_already"
    ko = "매칭을 실행한 차수여서 더는 바꿀 수 없습니다."
    en = "The matching was run; this does not change any more."


class DeadlineNotPassed(Conflict):
    """A round closes when its announced deadline has passed, not before."""

    code = "deadline_not_passed"
    ko = "공고한 신청 마감({closes_at}) 전에는 마감할 수 없습니다."
    en = "The round cannot close before its announced deadline, {closes_at}."


def move(round_: Round, target: str, now: datetime) -> None:
    """Bring a locked round into another state and note when.

    :raises RoundTransition: when the table does not lead there.
    """
    if target not in TRANSITIONS[round_.status]:
        raise RoundTransition(current=round_.status, target=target)
    round_.status = target
    setattr(round_, _TIME_OF[target], now)
    if target == "matched":
        round_.approved_at = None


def check_draft(round_: Round) -> None:
    """Refuse to change what was announced.

    :raises RoundNotDraft: when the round is no draft.
    """
    if round_.status != "draft":
        raise RoundNotDraft


def check_window(round_: Round, now: datetime) -> None:
    """Refuse applications outside the window; the deadline itself is outside.

    :raises RoundCancelled: when the round was cancelled.
    :raises RoundNotOpen: when the round is not open, or `now` is not within its window.
    """
    check_not_cancelled(round_)
    if round_.status != "open" or not round_.opens_at <= now < round_.closes_at:
        raise RoundNotOpen(
            opens_at=show_time(round_.opens_at), closes_at=show_time(round_.closes_at)
        )


def check_not_cancelled(round_: Round) -> None:
    """Refuse to go on with what was cancelled.

    :raises RoundCancelled: when the round was cancelled.
    """
    if round_.cancelled_at is not None:
        raise RoundCancelled(cancelled_at=show_time(round_.cancelled_at))


def check_not_run(round_: Round) -> None:
    """Refuse to change what goes into the matching once it was run.

    :raises RoundCancelled: when the round was cancelled.
    :raises RoundRun: when its matching was run.
    """
    check_not_cancelled(round_)
    if round_.status not in BEFORE_RUN:
        raise RoundRun


def check_announced(round_: Round) -> None:
    """Refuse to tell people of changes of what they do not know.

    :raises RoundNotAnnounced: when the round is a draft.
    """
    if not round_.is_public:
        raise RoundNotAnnounced


def show_time(moment: datetime) -> str:
    """Write a moment as people in Korea read it."""
    return moment.astimezone(SEOUL).strftime("%Y-%m-%d %H:%M")
