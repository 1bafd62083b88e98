"""Owns how matching runs and their plans are read."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from backend.errors import NotFound
from backend.pagination import Page, paginate
from backend.rounds.models import MatchingRun


class RunNotFound(NotFound):
    """The round has no such matching run."""

    code = "matching_run_not_found"
    ko = "이 차수에 그런 매칭 실행이 없습니다."
    en = "The round has no such matching run."


class PlanNotFound(NotFound):
    """No plan of the round is there to be read."""

    code = "plan_not_found"
    ko = "이 차수의 매칭 결과가 아직 없습니다."
    en = "The round has no plan yet."


def lock_run(session: Session, round_id: UUID, run_id: UUID) -> MatchingRun:
    """Return a run of a round as it is now, locked until the transaction ends.

    :raises RunNotFound: when the round has no such run.
    """
    run = session.scalar(
        select(MatchingRun)
        .where(MatchingRun.id == run_id, MatchingRun.round_id == round_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if run is None:
        raise RunNotFound
    return run


def get_run(session: Session, round_id: UUID, run_id: UUID) -> MatchingRun:
    """Return a run of a round.

    :raises RunNotFound: when the round has no such run.
    """
    run = session.get(MatchingRun, run_id)
    if run is None or run.round_id != round_id:
        raise RunNotFound
    return run


def find_pending_run(session: Session, round_id: UUID) -> MatchingRun | None:
    """Return the run of a round, no rehearsal, that waits for its publication."""
    return session.scalar(
        select(MatchingRun).where(
            MatchingRun.round_id == round_id,
            MatchingRun.superseded_at.is_(None),
            MatchingRun.published_at.is_(None),
            ~MatchingRun.is_rehearsal,
        )
    )


def find_standing_run(session: Session, round_id: UUID) -> MatchingRun | None:
    """Return the run whose published plan of a round stands."""
    return session.scalar(
        select(MatchingRun).where(
            MatchingRun.round_id == round_id,
            MatchingRun.superseded_at.is_(None),
            MatchingRun.published_at.is_not(None),
        )
    )


def list_runs(session: Session, *, round_id: UUID, limit: int, after: str | None) -> Page:
    """Return the runs of a round, the newest first: superseded ones and rehearsals too."""
    statement = select(MatchingRun).where(MatchingRun.round_id == round_id)
    return paginate(session, statement, MatchingRun.id, limit=limit, after=after, descending=True)


def list_plans(session: Session, *, round_id: UUID, limit: int, after: str | None) -> Page:
    """Return the runs of a round that were published, the newest first, superseded ones too."""
    statement = (
        select(MatchingRun)
        .where(MatchingRun.round_id == round_id, MatchingRun.published_at.is_not(None))
        .options(joinedload(MatchingRun.inputs))
    )
    return paginate(session, statement, MatchingRun.id, limit=limit, after=after, descending=True)


def get_texts(session: Session, round_id: UUID, run_id: UUID) -> tuple[str, str]:
    """Return the instance and the plan of a run as they were computed.

    :raises RunNotFound: when the round has no such run.
    :raises PlanNotFound: when it has not come so far.
    """
    run = get_run(session, round_id, run_id)
    session.refresh(run, ["instance_text", "plan_text"])
    if run.instance_text is None or run.plan_text is None:
        raise PlanNotFound
    return run.instance_text, run.plan_text


def get_current_run(session: Session, round_id: UUID) -> MatchingRun:
    """Return the run of a round that stands: the published one, once there is one.

    :raises PlanNotFound: when no plan was computed yet.
    """
    run = find_standing_run(session, round_id) or find_pending_run(session, round_id)
    if run is None or run.state != "done":
        raise PlanNotFound
    return run
