"""Owns the tasks of the job tests; a worker process of theirs loads the same module."""

import sys
import time

from backend.audit.service import record
from backend.clock import now
from backend.db import unit_of_work
from backend.jobs.outbox import defer
from backend.jobs.queue import tasks

HANG_S = 60


@tasks.task(name="tests.note")
def note(subject_id: str) -> None:
    """Leave an event, by which a test sees that the task ran and how often."""
    with unit_of_work() as session:
        record(
            session,
            action="tests.note",
            subject_type="test",
            subject_id=subject_id,
            actor_id=None,
            now=now(),
        )


@tasks.task(name="tests.chain")
def chain(subject_id: str) -> None:
    """Queue another task."""
    with unit_of_work() as session:
        defer(session, "tests.note", subject_id=subject_id)


@tasks.task(name="tests.fail")
def fail(subject_id: str) -> None:
    """Write something and then break."""
    with unit_of_work() as session:
        defer(session, "tests.note", subject_id=subject_id)
        raise RuntimeError(subject_id)


@tasks.task(name="tests.fail_beside_twin")
def fail_beside_twin(subject_id: str) -> None:
    """Break after a job with the same dedup key was queued."""
    with unit_of_work() as session:
        defer(session, "tests.note", dedup_key="tests.twin", subject_id=subject_id)
    raise RuntimeError(subject_id)


@tasks.task(name="tests.hang")
def hang(subject_id: str) -> None:
    """Leave an event; in a process that says so, hang before."""
    if "hang" in sys.argv:
        print("started", flush=True)  # noqa: T201 (the test waits for this line)
        time.sleep(HANG_S)
    note(subject_id)


@tasks.task(name="tests.nap")
def nap(subject_id: str) -> None:
    """Take a second, and leave an event after it."""
    print("started", flush=True)  # noqa: T201 (the test waits for this line)
    time.sleep(1)
    note(subject_id)
