"""Owns the job that runs the matching of a round."""

from uuid import UUID

from backend import clock
from backend.db import unit_of_work
from backend.jobs.queue import tasks
from backend.rounds.execution import carry_out
from backend.rounds.runs import TASK


@tasks.task(name=TASK)
def run_matching(run_id: str) -> None:
    """Carry out a queued run; one that is done, or superseded, is left alone."""
    carry_out(unit_of_work, run_id=UUID(run_id), now=clock.now)
