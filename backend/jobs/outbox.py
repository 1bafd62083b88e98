"""Owns the hand-over of work: a job is written in the transaction that makes it necessary.

Rolled back, there is no job; committed, there is one. How jobs run is `backend.jobs.worker`'s.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from procrastinate import sql
from procrastinate.manager import QUEUEING_LOCK_CONSTRAINT
from procrastinate.types import JobToDefer
from psycopg.types.json import Jsonb
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.jobs.queue import tasks


@dataclass(frozen=True, slots=True)
class JobOrder:
    """One job to be queued.

    :param ids: the payload, ids only.
    :param dedup_key: as `defer` takes it.
    :param run_at: not before this time (aware).
    """

    ids: Mapping[str, str | int | UUID]
    dedup_key: str | None = None
    run_at: datetime | None = None


def defer(
    session: Session,
    task_name: str,
    /,
    *,
    dedup_key: str | None = None,
    run_at: datetime | None = None,
    **ids: str | int | UUID,
) -> int | None:
    """Queue a job in the session's transaction and return its id.

    The payload is ids only: what they stand for may change, or be erased, before the job runs,
    and the queue is no place for personal data. A UUID arrives at the task as text.

    :param task_name: a registered name, such as ``notifications.deliver``.
    :param dedup_key: queue nothing, and return None, while a job with this key waits to run.
    :param run_at: not before this time (aware).
    :raises UnknownTask: when no task has that name.
    :raises TypeError: when a value of the payload is no id.
    """
    job = _job(task_name, JobOrder(ids, dedup_key, run_at))
    connection = session.connection()
    try:
        # A savepoint: the refusal of a twin would otherwise spoil the whole transaction.
        with connection.begin_nested():
            job_id: int | None = connection.exec_driver_sql(
                sql.queries["defer_jobs"], {"jobs": [job]}
            ).scalar_one()
    except IntegrityError as exc:
        if not is_twin_refused(exc):
            raise
        return None
    return job_id


def defer_many(session: Session, task_name: str, orders: Sequence[JobOrder]) -> None:
    """Queue jobs of one task in one statement, as `defer` does each.

    :param orders: their dedup keys, if any, are new: a twin that waits is an error here.
    :raises UnknownTask: when no task has that name.
    :raises TypeError: when a value of a payload is no id.
    """
    if orders:
        jobs = [_job(task_name, order) for order in orders]
        session.connection().exec_driver_sql(sql.queries["defer_jobs"], {"jobs": jobs})


def is_twin_refused(exc: IntegrityError) -> bool:
    """Tell whether a write failed because a job with the same dedup key waits already."""
    diagnostics = getattr(exc.orig, "diag", None)
    return getattr(diagnostics, "constraint_name", None) == QUEUEING_LOCK_CONSTRAINT


def _job(task_name: str, order: JobOrder) -> JobToDefer:
    task = tasks.get(task_name)
    ids = {name: _as_id(name, value) for name, value in order.ids.items()}
    return JobToDefer(
        queue_name=task.queue,
        task_name=task.name,
        priority=task.priority,
        lock=task.lock,
        queueing_lock=order.dedup_key or task.queueing_lock,
        args=Jsonb(ids),  # type: ignore[arg-type]
        scheduled_at=order.run_at,
    )


def _as_id(name: str, value: object) -> str | int:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        msg = f"{name}: a job carries ids only (str, int or UUID), not {type(value).__name__}"
        raise TypeError(msg)
    return value
