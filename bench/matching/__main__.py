"""Entry of `python -m bench.matching`: makes the rounds, measures each task in its own process."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path

from backend.ops import signals
from backend.ops.errors import OpsError
from backend.ops.paths import Paths, here
from backend.ops.progress import Progress
from bench.geo import environments
from bench.matching import peer
from bench.matching.instances import make_round
from bench.serving.server import scratch
from geo.matching import parse_instance

SIZES = (30_000, 300_000, 1_000_000)
LONGEST_S = 240.0
"""A task that takes longer is ended and said to have taken longer."""

_INTERRUPTED = 130


@dataclass
class Row:
    """What one task took at one size; without seconds when it was not measured, with the reason."""

    size: int
    task: str
    seconds: dict[str, float] = field(default_factory=dict)
    peak_mb: float = 0.0
    missing: str = ""

    @property
    def total(self) -> float:
        """Return the seconds of all steps."""
        return sum(self.seconds.values())


def main(arguments: list[str]) -> int:
    """Run the benchmark; return 1 when a plan does not hold or the twin or the peer differs."""
    parser = argparse.ArgumentParser(prog="python -m bench.matching", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="30,000 applications only")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the findings as JSON too")
    options = parser.parse_args(arguments)
    signals.unwind_when_stopped()
    progress = Progress()
    rows: list[Row] = []
    try:
        for size in SIZES[:1] if options.quick else SIZES:
            rows += _measure(here(), progress, size)
            rows += _measure_peer(here(), progress, size)
    except OpsError as error:
        progress.say(f"The benchmark stopped: {error.message}")
        return 1
    except KeyboardInterrupt:
        progress.say("Stopped.")
        return _INTERRUPTED
    progress.say(tabulate(rows))
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", "utf-8")
    return 0


def _measure(paths: Paths, progress: Progress, size: int) -> list[Row]:
    folder = scratch(paths) / "rounds"
    folder.mkdir(parents=True, exist_ok=True)
    instance, plan = folder / f"{size}.json", folder / f"{size}-plan.json"
    with progress.step(f"A round of {size:,} applications"):
        # Rows in canonical order, as the files of a published round have them.
        instance.write_bytes(parse_instance(make_round(size)).dumps())
    rows = []
    for task, files in (
        ("solve", (instance, plan)),
        ("verify", (instance, plan)),
        ("sort", (instance,)),
        ("twin", (instance, int(LONGEST_S))),
    ):
        with progress.step(f"{task}, {size:,} applications"):
            command = [str(paths.python), "-m", "bench.matching.worker", task, *map(str, files)]
            rows.append(_run(paths, Row(size, task), command))
    return rows


def _measure_peer(paths: Paths, progress: Progress, size: int) -> list[Row]:
    row = Row(size, peer.MATCHING.title)
    ours = Row(size, "ours, the peer's market")
    try:
        environments.ensure(paths, progress, peer.MATCHING)
    except OpsError as error:
        row.missing = error.message
        return [row]
    with progress.step(f"{row.task}, {row.size:,} applications"):
        market = scratch(paths) / "rounds" / "market.json"
        ours.seconds["solve"], holders = peer.make_market(row.size, market)
        program = environments.program(paths, peer.MATCHING, "python")
        worker = Path(__file__).with_name("peer_worker.py")
        _run(paths, row, [program, str(worker), str(market)], holders)
    return [ours, row]


def _run(paths: Paths, row: Row, command: list[str], holders: list[list[str]] | None = None) -> Row:
    try:
        finished = subprocess.run(
            command, capture_output=True, text=True, cwd=paths.root, timeout=LONGEST_S, check=False
        )
    except subprocess.TimeoutExpired:
        row.missing = f"no answer within {LONGEST_S:,.0f} s"
        return row
    if finished.returncode != 0:
        last = " ".join(finished.stderr.strip().splitlines()[-1:])
        message = f"{row.task} at {row.size:,}: {last}"
        raise OpsError(message)
    answer = json.loads(finished.stdout)
    if holders is not None and answer["holders"] != holders:
        message = f"{row.task} gives placements to others than we do"
        raise OpsError(message)
    row.seconds, row.peak_mb = answer["seconds"], answer["peak_mb"]
    return row


def tabulate(rows: list[Row]) -> str:
    """Write the findings as text: what every task took, and the ratios that matter."""
    lines = [f"{'applications':>12}  {'task':24}{'seconds':>9}{'MB':>7}  steps"]
    for row in rows:
        steps = ", ".join(f"{name} {seconds:.2f}" for name, seconds in row.seconds.items())
        measured = f"{row.total:9.2f}{row.peak_mb:7,.0f}  {steps}"
        lines.append(f"{row.size:12,}  {row.task:24}{row.missing or measured}")
    lines += ["", "Ratios"]
    for name, above, below in (
        ("verify / solve, whole commands", ("verify", ""), ("solve", "")),
        (
            "verify / solve and write, plan in memory",
            ("verify", "verify"),
            ("solve", "solve+write"),
        ),
        ("solve / sort of the same rows", ("solve", "solve"), ("sort", "sort")),
        ("SQL twin / solve", ("twin", "choose in SQL"), ("solve", "solve")),
        (
            f"{peer.MATCHING.title} / ours",
            (peer.MATCHING.title, ""),
            ("ours, the peer's market", ""),
        ),
    ):
        for size in SIZES:
            over, under = (_seconds(rows, size, *side) for side in (above, below))
            if over and under:
                lines.append(f"  {name:42}{size:12,}{over / under:8.2f}")
    return "\n".join(lines)


def _seconds(rows: list[Row], size: int, task: str, step: str) -> float:
    row = next((row for row in rows if (row.size, row.task) == (size, task)), None)
    if row is None:
        return 0.0
    steps = step.split("+") if step else list(row.seconds)
    return sum(row.seconds.get(name, 0.0) for name in steps)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
