"""Entry of `python -m bench.api`: loads what is missing, measures each call, shows the findings."""

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import psycopg

from backend.ops import signals
from backend.ops.errors import OpsError
from backend.ops.paths import Paths, here
from backend.ops.progress import Progress
from bench.api import databases, report
from bench.api.calls import CALLS
from bench.api.measuring import Bench
from bench.api.picks import pick
from bench.api.report import Findings
from bench.api.sizes import SMALL
from bench.serving.database import libpq
from bench.serving.server import scratch

_INTERRUPTED = 130


@dataclass(frozen=True)
class Effort:
    """How often each call is made: requests of a round, and rounds."""

    requests: int
    rounds: int


FULL = Effort(requests=1_000, rounds=5)
QUICK = Effort(requests=150, rounds=3)


def main(arguments: list[str]) -> int:
    """Run the benchmark; return 1 with --strict when a call's cost grows with the tables."""
    options = _options().parse_args(arguments)
    signals.unwind_when_stopped()
    progress = Progress()
    findings = Findings()
    try:
        _run(here(), progress, findings, QUICK if options.quick else FULL, options.only)
    except OpsError as error:
        progress.say(f"The benchmark stopped: {error.message}")
        if error.hint:
            progress.say(f"Next, type:\n    {error.hint}")
        return 1
    except KeyboardInterrupt:
        progress.say("Stopped.")
        return _INTERRUPTED
    progress.say(report.to_text(findings))
    if options.json is not None:
        text = json.dumps(report.to_json(findings), ensure_ascii=False, indent=1)
        options.json.write_text(text + "\n", encoding="utf-8")
    if options.plans is not None:
        options.plans.mkdir(parents=True, exist_ok=True)
        for one in findings.calls:
            (options.plans / f"{one.call.slug}.txt").write_text(one.plans, encoding="utf-8")
    return 1 if options.strict and findings.failures else 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench-api", description="The hottest calls.")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the findings there too")
    parser.add_argument("--plans", type=Path, metavar="FOLDER", help="write how each is planned")
    parser.add_argument("--quick", action="store_true", help="fewer requests and rounds")
    parser.add_argument("--strict", action="store_true", help="fail when a cost grows")
    parser.add_argument("--only", metavar="CALL", action="append", help="such as list-near")
    return parser


def _run(
    paths: Paths, progress: Progress, findings: Findings, effort: Effort, only: list[str] | None
) -> None:
    scratch(paths).mkdir(parents=True, exist_ok=True)
    with databases.loaded(paths, progress) as urls:
        with psycopg.connect(libpq(urls[SMALL]), autocommit=True) as connection:
            picks = pick(connection)
        bench = Bench(paths, progress, urls, picks, effort.requests)
        with bench.running():
            described = bench.paths_of_api()
            for call in CALLS:
                if only is not None and call.slug not in only:
                    continue
                lacking = call.missing_from(described)
                if lacking is not None:
                    findings.left_out[call.name] = lacking
                    continue
                try:
                    findings.calls.append(bench.measure(call, effort.rounds))
                except OpsError as error:
                    findings.broken[call.name] = error.message


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
