"""Owns one measurement in a process of its own: `python -m bench.matching.worker TASK FILE...`.

Prints a JSON object of seconds per step, with the highest memory of the process in MB.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from operator import itemgetter
from pathlib import Path

import psycopg

from bench.matching import twin
from geo.matching import Instance, load_json, parse_instance, solve, verify

Seconds = dict[str, float]


def time_solve(instance_file: str, plan_file: str) -> Seconds:
    """Time the way from the instance's file to the plan's."""
    clock = _Clock()
    instance = _read(instance_file)
    clock.note("read")
    plan = solve(instance)
    clock.note("solve")
    Path(plan_file).write_bytes(plan.dumps())
    clock.note("write")
    return clock.seconds


def time_verify(instance_file: str, plan_file: str) -> Seconds:
    """Time the check of the plan's file against the instance's.

    :raises SystemExit: when the plan does not hold.
    """
    clock = _Clock()
    instance = _read(instance_file)
    clock.note("read")
    violations = verify(instance, Path(plan_file).read_bytes())
    clock.note("verify")
    if violations:
        sys.exit(f"the plan does not hold: {violations[0]}")
    return clock.seconds


def time_sort(instance_file: str) -> Seconds:
    """Time the least that a priority asks for: sorting the same rows by product and keys."""
    clock = _Clock()
    instance = _read(instance_file)
    clock.note("read")
    values_of = itemgetter(*instance.policy.seat_priority["residence"])
    sorted(instance.applications, key=lambda row: (row.product, values_of(row.keys)))
    clock.note("sort")
    return clock.seconds


def time_twin(instance_file: str, longest_s: str) -> Seconds:
    """Time the choice in SQL, and compare it with the engine's.

    :param longest_s: after this the server gives up, for it would not notice that we have.
    :raises SystemExit: when the two differ.
    """
    instance = _read(instance_file)
    url = os.environ["DATABASE_URL"].replace("postgresql+psycopg", "postgresql")
    limit = f"-c statement_timeout={longest_s}s"
    with (
        psycopg.connect(url, autocommit=True, options=limit) as connection,
        connection.transaction(),
    ):
        clock = _Clock()
        twin.give(connection, instance)
        clock.note("load")
        twin.solve(connection)
        clock.note("choose in SQL")
        choice = twin.read(connection)
    plan = solve(instance)
    if choice.passes != [(row.funded, row.filled) for row in plan.pass_log]:
        sys.exit("the twin pays or fills other placements than the engine")
    if choice.holders != {(p.id, s.type, s.institution) for p in plan.products for s in p.seats}:
        sys.exit("the twin chooses other holders than the engine")
    return clock.seconds


TASKS: dict[str, Callable[..., Seconds]] = {
    "solve": time_solve,
    "verify": time_verify,
    "sort": time_sort,
    "twin": time_twin,
}


class _Clock:
    def __init__(self) -> None:
        self.seconds: Seconds = {}
        self._last = time.perf_counter()

    def note(self, step: str) -> None:
        now = time.perf_counter()
        self.seconds[step] = now - self._last
        self._last = now


def _read(file: str) -> Instance:
    return parse_instance(load_json(Path(file).read_bytes()))


if __name__ == "__main__":
    # As the engine's own command line does.
    gc.disable()
    seconds = TASKS[sys.argv[1]](*sys.argv[2:])
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"seconds": seconds, "peak_mb": peak_mb}))
    sys.stdout.flush()
    # Python would free millions of records one by one.
    os._exit(0)
