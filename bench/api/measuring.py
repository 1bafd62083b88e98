"""Owns the measuring of one call: at both sizes, beside a trivial route and beside its bare SQL."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import URL

from backend.app import create_app
from backend.config import load_config
from backend.db import db
from backend.ops.errors import OpsError
from backend.ops.paths import Paths
from backend.ops.progress import Progress
from bench.api import asking, loading, statements
from bench.api.calls import API, Call, Scene
from bench.api.picks import Picks
from bench.api.sizes import LARGE, SMALL, Size
from bench.serving import pgbench
from bench.serving.database import libpq, our_settings
from bench.serving.figures import Series
from bench.serving.http_client import Request
from bench.serving.measuring import Measurement, Rounds, Sample, rate, run_job
from bench.serving.server import ours, scratch

TRIVIAL = "/healthz"
SAMPLES = 12
"""Requests of a call whose SQL is taken for pgbench; one of them is planned."""


@dataclass
class Finding:
    """What was found of one call.

    :param measured: by `LARGE.name`, `SMALL.name`, "trivial" and "pgbench".
    :param scanned: tables that are read from end to end.
    """

    call: Call
    statements: int
    plans: str
    scanned: list[str]
    measured: dict[str, Series] = field(default_factory=dict)


class Bench:
    """Both servers, and the application in this process, with the same data behind them.

    :param count: requests of a measurement.
    """

    def __init__(
        self, paths: Paths, progress: Progress, urls: Mapping[Size, URL], picks: Picks, count: int
    ) -> None:
        self._paths = paths
        self._progress = progress
        self._urls = urls
        self._count = count
        self._picks = picks
        self._stack = ExitStack()
        self._ports: dict[Size, int] = {}
        self._scenes: dict[Size, Scene] = {}

    @contextmanager
    def running(self) -> Iterator[None]:
        """Have the servers run inside the block."""
        with self._stack:
            for size, url in self._urls.items():
                self._ports[size] = self._stack.enter_context(ours(self._paths, url))
                ask = asking.of_server(self._ports[size])
                self._scenes[size] = Scene(ask, self._picks)
            app = self._stack.enter_context(application(self._urls[LARGE]))
            log = self._stack.enter_context((scratch(self._paths) / "api.log").open("w"))
            # From the other end: the servers are asked about what is new to them.
            others = replace(self._picks, pairs=self._picks.pairs[::-1])
            self._own = Scene(asking.of_application(app.test_client(), log), others)
            yield

    def paths_of_api(self) -> dict[str, Any]:
        """Return what the description of the API says of each path."""
        description = asking.must(self._own.ask, Request(f"{API}/openapi.json"))
        found: dict[str, Any] = description.json["paths"]
        return found

    def measure(self, call: Call, rounds: int) -> Finding:
        """Measure a call, in as many rounds.

        :raises OpsError: when an answer is not what it has to be, or differs between the sizes.
        """
        if call.is_compared:
            self._compare(call)
        samples = self._sample(call)
        with psycopg.connect(libpq(self._urls[LARGE]), autocommit=True) as connection:
            if call.writes:
                # The scripts write the same rows again.
                loading.restore(connection)
            plans = statements.plans_of(connection, samples[0])
        text = statements.to_text(plans)
        finding = Finding(call, len(samples[0]), text, statements.SCANNED_WHOLE.findall(text))
        turns = Rounds(self._progress, rounds)
        floor = partial(pgbench.run, self._urls[LARGE], self._scripts(call, samples), 1.0)
        measurements: dict[str, Measurement] = {
            **{size.name: partial(self._rate, call, size) for size in (LARGE, SMALL)},
            "trivial": self._rate_of_nothing,
            "pgbench": floor,
        }
        self._warm_up(call)
        turns.take(f"Timing {call.name}", "requests/s", measurements)
        finding.measured = turns.measured
        return finding

    def _compare(self, call: Call) -> None:
        bodies = []
        for size in (LARGE, SMALL):
            scene = self._scenes[size]
            requests = call.make(scene, 3)
            bodies.append([asking.must(scene.ask, each, call.status).body for each in requests])
        if bodies[0] != bodies[1]:
            message = f"The sizes answer differently: {call.name}."
            raise OpsError(message)

    def _sample(self, call: Call) -> list[list[str]]:
        """Return the SQL of some requests; the first of all also reads what is then kept."""
        samples = []
        for request in call.make(self._own, SAMPLES):
            with statements.captured() as found:
                asking.must(self._own.ask, request, call.status)
            samples.append(found)
        return samples[1:]

    def _scripts(self, call: Call, samples: Sequence[Sequence[str]]) -> list[Path]:
        folder = scratch(self._paths) / "api"
        folder.mkdir(parents=True, exist_ok=True)
        files = [folder / f"{call.slug}-{number}.sql" for number in range(len(samples))]
        for file, found in zip(files, samples, strict=True):
            statements.write_script(file, found, takes_back=call.writes)
        return files

    def _warm_up(self, call: Call) -> None:
        for size in (LARGE, SMALL):
            self._run(call, size, 40)

    def _rate(self, call: Call, size: Size) -> Sample:
        return self._run(call, size, self._count)

    def _run(self, call: Call, size: Size, count: int) -> Sample:
        requests = call.make(self._scenes[size], count)
        return rate(run_job(self._paths, self._ports[size], requests, allowed=[call.status]))

    def _rate_of_nothing(self) -> Sample:
        requests = [Request(TRIVIAL)] * self._count
        return rate(run_job(self._paths, self._ports[LARGE], requests))


@contextmanager
def application(url: URL) -> Iterator[Flask]:
    """Yield the application in this process, on a database."""
    app = create_app(load_config(environ={**our_settings(url), "DONGNE_LOG_DELAY_MS": "0"}))
    yield app
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
