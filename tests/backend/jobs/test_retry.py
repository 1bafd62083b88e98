"""When a failed job runs again."""

from datetime import UTC, datetime

from procrastinate.jobs import Job

from backend.jobs.queue import load_tasks, tasks
from backend.jobs.retry import MAX_ATTEMPTS, Backoff, Superseded, wait_s


def decide(attempts: int, exception: Exception) -> datetime | None:
    job = Job(queue="default", lock=None, queueing_lock=None, task_name="t", attempts=attempts)
    decision = Backoff().get_retry_decision(exception=exception, job=job)
    return decision.retry_at if decision else None


def test_waits_double_up_to_an_hour() -> None:
    assert [wait_s(attempts) for attempts in (0, 1, 2, 8, 9)] == [10, 20, 40, 2560, 3600]


def test_a_first_failure_is_tried_again_later() -> None:
    retry_at = decide(0, RuntimeError())
    assert retry_at is not None
    assert retry_at > datetime.now(UTC)


def test_the_last_failure_is_final() -> None:
    assert decide(MAX_ATTEMPTS - 1, RuntimeError()) is None


def test_a_superseded_job_is_not_tried_again() -> None:
    assert decide(0, Superseded()) is None


def test_every_task_backs_off() -> None:
    load_tasks()
    own = {name: task for name, task in tasks.app.tasks.items() if "procrastinate" not in name}
    hasty = [name for name, task in own.items() if not isinstance(task.retry_strategy, Backoff)]
    assert ("jobs.sweep" in own, hasty) == (True, [])
