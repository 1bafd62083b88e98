"""Owns the states of a plan, and how far the round goes along with it."""

from datetime import datetime

from backend.errors import Conflict
from backend.rounds.models import MatchingRun, Round
from backend.rounds.states import TRANSITIONS, RoundTransition, move


class RunSuperseded(Conflict):
    """A later run took this one's place."""

    code = "matching_run_superseded"
    ko = "이 매칭 실행은 이후 실행으로 대체되었습니다."
    en = "A later run has taken the place of this one."


class RehearsalOnly(Conflict):
    """A rehearsal shows what a plan would look like, and never becomes one."""

    code = "rehearsal_only"
    ko = "공식 추첨 번호로 실행하지 않은 예행 결과는 승인하거나 발표할 수 없습니다."
    en = "This was a rehearsal, not run with the official seed. It is never approved or published."


def state_of(run: MatchingRun) -> str:
    """Return how far a plan is: matched, approved or published."""
    if run.published_at is not None:
        return "published"
    return "matched" if run.approved_at is None else "approved"


def advance(round_: Round, run: MatchingRun, target: str, now: datetime) -> None:
    """Check that a plan may go on, and take its round along until a first plan is published.

    From then on the round stays published while a corrected plan makes its own way.

    :param round_: locked.
    :param run: locked.
    :raises RunSuperseded: when a later run took its place.
    :raises RehearsalOnly: when it was not run with the official seed.
    :raises RoundTransition: when its state does not lead there.
    """
    if run.superseded_at is not None:
        raise RunSuperseded
    if run.is_rehearsal:
        raise RehearsalOnly
    if round_.status != "published":
        move(round_, target, now)
    elif target not in TRANSITIONS[state_of(run)]:
        raise RoundTransition(current=state_of(run), target=target)
