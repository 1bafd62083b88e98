"""Owns the rescue of jobs that a killed worker left in the state `doing`.

Takes no lock of the queue's own: a sweeper killed while it holds one would block all later ones.
Rows that another sweeper, or the job's own worker, is writing are skipped.
"""

from dataclasses import dataclass
from datetime import datetime

from procrastinate import sql
from procrastinate.jobs import Status
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.jobs.outbox import is_twin_refused
from backend.jobs.retry import MAX_ATTEMPTS

STALLED_AFTER_S = 30
"""Three heartbeats of a worker: it is dead, or so stopped that its job has to run elsewhere."""

_STALLED = text(
    """
    SELECT job.id, job.attempts
    FROM procrastinate_jobs AS job
    LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
    WHERE job.status = 'doing'
      AND (worker.id IS NULL
           OR worker.last_heartbeat < clock_timestamp() - make_interval(secs => :after_s))
    ORDER BY job.id
    FOR UPDATE OF job SKIP LOCKED
    """
)


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did, in job ids.

    :param retried: queued again.
    :param given_up: failed, after as many attempts as a job gets.
    :param superseded: ended, because a twin with the same dedup key waits already.
    """

    retried: tuple[int, ...] = ()
    given_up: tuple[int, ...] = ()
    superseded: tuple[int, ...] = ()


def sweep(session: Session, *, now: datetime, stalled_after_s: float = STALLED_AFTER_S) -> Swept:
    """Queue the jobs of dead workers again, those excepted that have killed too many.

    :param now: when they may run again (aware).
    :param stalled_after_s: silence of a worker, in seconds, after which it counts as dead.
    """
    retried, given_up, superseded = [], [], []
    for job_id, attempts in session.execute(_STALLED, {"after_s": stalled_after_s}).all():
        if attempts + 1 >= MAX_ATTEMPTS:
            _finish(session, job_id, Status.FAILED)
            given_up.append(job_id)
        elif _retry(session, job_id, now):
            retried.append(job_id)
        else:
            _finish(session, job_id, Status.ABORTED)
            superseded.append(job_id)
    return Swept(tuple(retried), tuple(given_up), tuple(superseded))


def _retry(session: Session, job_id: int, now: datetime) -> bool:
    connection = session.connection()
    try:
        with connection.begin_nested():
            connection.exec_driver_sql(
                sql.queries["retry_job"],
                {
                    "job_id": job_id,
                    "retry_at": now,
                    "new_priority": None,
                    "new_queue_name": None,
                    "new_lock": None,
                },
            )
    except IntegrityError as exc:
        if not is_twin_refused(exc):
            raise
        return False
    return True


def _finish(session: Session, job_id: int, status: Status) -> None:
    session.connection().exec_driver_sql(
        sql.queries["finish_job"],
        {"job_id": job_id, "status": status.value, "delete_job": False},
    )
