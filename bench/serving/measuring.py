"""Owns running one measurement after the other, round by round, and collecting the series."""

import json
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from backend.ops.errors import OpsError
from backend.ops.paths import Paths
from backend.ops.progress import Progress
from bench.serving.figures import Series
from bench.serving.http_client import Job, Request, Tally
from bench.serving.processes import HOST

CONNECTIONS = 4
_LONGEST_JOB_S = 180


@dataclass(frozen=True)
class Sample:
    """What one measurement gave: a rate or a time, and how it came about."""

    value: float
    p50_ms: float | None = None
    client_share: float | None = None
    p95_ms: float | None = None


Measurement = Callable[[], Sample]


class Rounds:
    """Takes measurements in turn, so that a busy moment of the machine hits everybody."""

    def __init__(self, progress: Progress, count: int) -> None:
        self.measured: dict[str, Series] = {}
        self._progress = progress
        self._count = count

    def take(self, title: str, unit: str, measurements: Mapping[str, Measurement]) -> None:
        """Take all measurements `count` times, each round from another one on."""
        names = list(measurements)
        with self._progress.step(title) as step:
            for turn in range(self._count):
                first = turn % max(1, len(names))
                for name in names[first:] + names[:first]:
                    step.tick(f"round {turn + 1} of {self._count}: {name}")
                    self.note(name, unit, measurements[name]())

    def note(self, name: str, unit: str, sample: Sample) -> None:
        """Add one sample to its series."""
        series = self.measured.setdefault(name, Series(name, unit))
        series.values.append(sample.value)
        if sample.p50_ms is not None:
            series.p50_ms.append(sample.p50_ms)
        if sample.p95_ms is not None:
            series.p95_ms.append(sample.p95_ms)
        if sample.client_share is not None:
            series.client_share.append(sample.client_share)


def run_job(
    paths: Paths,
    port: int,
    requests: Sequence[Request],
    *,
    seconds: float | None = None,
    connections: int = CONNECTIONS,
    keep: bool = False,
    allowed: Sequence[int] = (200,),
) -> Tally:
    """Run the client in a process of its own and return its tally.

    :param allowed: statuses that count as an answer.
    :raises OpsError: when the client fails or another status came.
    """
    job = Job(HOST, port, requests, connections, seconds, keep)
    command = [str(paths.python), "-m", "bench.serving.http_client"]
    finished = subprocess.run(
        command,
        input=json.dumps(asdict(job)),
        capture_output=True,
        text=True,
        cwd=paths.root,
        timeout=_LONGEST_JOB_S,
        check=False,
    )
    if finished.returncode != 0:
        last = finished.stderr.strip().splitlines()[-1:]
        message = f"The load client failed: {' '.join(last)}"
        raise OpsError(message)
    tally = Tally(**json.loads(finished.stdout))
    others = {status: n for status, n in tally.statuses.items() if int(status) not in allowed}
    if others:
        message = f"Requests like {requests[0].path} gave other statuses: {others}"
        raise OpsError(message)
    return tally


def rate(tally: Tally) -> Sample:
    """Return the answers per second of a tally."""
    ordered = sorted(tally.latencies_ms)
    return Sample(
        tally.count / tally.elapsed_s,
        p50_ms=ordered[len(ordered) // 2],
        p95_ms=ordered[len(ordered) * 95 // 100],
        client_share=tally.client_share,
    )


def duration_ms(tally: Tally) -> Sample:
    """Return how long the one request of a tally took."""
    return Sample(tally.latencies_ms[0], client_share=tally.client_share)
