"""Owns how jobs run: each inside the Flask application, by a worker or in this process.

Workers need the server itself: behind pgbouncer in transaction mode LISTEN delivers nothing.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from flask import Flask
from procrastinate import JobContext, PsycopgConnector, sql
from procrastinate import worker as procrastinate_worker
from procrastinate.jobs import Job, Status
from sqlalchemy import make_url, text

from backend.db import db, unit_of_work
from backend.jobs.queue import load_tasks, tasks
from backend.jobs.retry import Superseded

CONCURRENCY = 4
"""Jobs at a time, each on a thread with one connection of the application's pool."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker of one application; made by `create_worker`.

    :param concurrency: jobs at a time.
    """

    app: Flask
    concurrency: int

    def run(self, *, wait: bool = True) -> None:
        """Run jobs until SIGTERM or SIGINT, letting those under way finish.

        :param wait: go on when the queue is empty; otherwise return.
        """
        url = make_url(self.app.config["SQLALCHEMY_DATABASE_URI"])
        arguments = url.translate_connect_args(username="user", database="dbname") | url.query
        connector = PsycopgConnector(
            kwargs=arguments | {"application_name": "dongne worker"},
            min_size=1,
            # Fetching, heartbeat, acknowledging; LISTEN has a connection of its own.
            max_size=3,
        )
        with tasks.app.replace_connector(connector) as queue:
            queue.run_worker(
                wait=wait,
                # One at a time when it ends with the queue: with more, it could find nothing to
                # fetch and stop while a job under way is about to queue another.
                concurrency=self.concurrency if wait else 1,
                # Done is done: the effect and the log tell of it, and the table stays small.
                delete_jobs="successful",
                task_middleware=[_inside(self.app)],
            )


def create_worker(app: Flask, *, concurrency: int = CONCURRENCY) -> Worker:
    """Make a worker that runs every registered task inside `app`.

    :param concurrency: jobs at a time; the pool must have as many connections.
    """
    load_tasks()
    return Worker(app, concurrency)


def run_jobs(app: Flask) -> int:
    """Run everything that is due in this process, one job after another, and return the number.

    For tests and the demo. Uses the application's own sessions, so that it sees what a test wrote
    on its one connection; a job queued by another runs too. No retries: what a task raises, the
    caller gets, and the job is failed. Tasks that are due later are left, as are periodic ones.
    """
    load_tasks()
    worker_id = _query(app, "register_worker", {})["worker_id"]
    done = 0
    try:
        while (job := _query(app, "fetch_job", {"queues": None, "worker_id": worker_id}))["id"]:
            _run_one(app, Job.from_row(job))
            done += 1
    finally:
        _query(app, "unregister_worker", {"worker_id": worker_id})
    return done


def _run_one(app: Flask, job: Job) -> None:
    status = Status.FAILED
    try:
        with app.app_context():
            tasks.get(job.task_name)(**job.task_kwargs)
        status = Status.SUCCEEDED
    finally:
        _query(
            app,
            "finish_job",
            {
                "job_id": job.id,
                "status": status.value,
                "delete_job": status is Status.SUCCEEDED,
            },
        )


def _query(app: Flask, name: str, parameters: dict[str, Any]) -> dict[str, Any]:
    with app.app_context(), unit_of_work() as session:
        result = session.connection().exec_driver_sql(sql.queries[name], parameters)
        return dict(result.mappings().one())


def _inside(
    app: Flask,
) -> Callable[[Callable[[], Any], JobContext, procrastinate_worker.Worker], Any]:
    """Return the middleware that gives a task its application context and its log line."""

    def run(
        call_next: Callable[[], Any], context: JobContext, _worker: procrastinate_worker.Worker
    ) -> Any:
        job = context.job
        started = time.perf_counter()
        with (
            structlog.contextvars.bound_contextvars(job_id=job.id, task=job.task_name),
            app.app_context(),
        ):
            try:
                result = call_next()
            except Exception as exc:
                # The last failure is logged with its traceback by procrastinate.
                again = context.task.get_retry_exception(exc, job) is not None
                log.warning("job_failed", attempt=job.attempts + 1, retried=again, exc_info=again)
                if job.queueing_lock and _has_twin(job):
                    raise Superseded(job.queueing_lock) from exc
                raise
            log.info("job_done", duration_ms=round((time.perf_counter() - started) * 1000, 1))
            return result

    return run


def _has_twin(job: Job) -> bool:
    """Tell whether another job with this one's dedup key waits.

    Putting this one back beside it would violate the key's index, and procrastinate would leave
    it `doing` for as long as its worker lives.
    """
    with db.engine.connect() as connection:
        return bool(
            connection.scalar(
                text(
                    "SELECT EXISTS (SELECT FROM procrastinate_jobs"
                    " WHERE status = 'todo' AND queueing_lock = :key)"
                ),
                {"key": job.queueing_lock},
            )
        )
