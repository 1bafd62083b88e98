"""Owns what is timed, against what, in which order; each group of rivals takes turns."""

import http.client
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import psycopg
from sqlalchemy import URL

from backend.ops.errors import OpsError
from backend.ops.paths import Paths
from backend.ops.progress import Progress
from bench.geo import bulk, floor, questions, targets, tile_sets
from bench.geo.environments import MAPIT, TIPG
from bench.geo.points import Position
from bench.geo.questions import Question
from bench.geo.tile_sets import Tile
from bench.serving import pgbench
from bench.serving.http_client import Request
from bench.serving.measuring import Measurement, Rounds, Sample, duration_ms, rate, run_job
from bench.serving.processes import HOST
from bench.serving.server import ours, scratch

AGAIN_TILES = 60
_HEALTH = [Request("/healthz")]


@dataclass(frozen=True)
class Scene:
    """Running servers, the database and the points to ask about.

    :param ports: by server; `ours` always, a peer when it runs.
    """

    paths: Paths
    progress: Progress
    url: URL
    ports: Mapping[str, int]
    connection: psycopg.Connection
    positions: Sequence[Position]
    many: Sequence[Position]
    seconds: float

    def rate_of(self, server: str, requests: Sequence[Request], status: int = 200) -> Sample:
        """Return how many requests a second a server answers."""
        tally = run_job(
            self.paths, self.ports[server], requests, seconds=self.seconds, allowed=[status]
        )
        return rate(tally)


def time_lookups(scene: Scene, rounds: Rounds) -> None:
    """Time single lookups, the trivial route, and the floor below them."""
    asked: list[tuple[str, str, Question]] = [
        (targets.OURS, "ours", questions.OURS),
        (targets.TIPG_LEAN, TIPG.name, questions.TIPG_LEAN),
        (targets.TIPG_PLAIN, TIPG.name, questions.TIPG_PLAIN),
        (targets.MAPIT, MAPIT.name, questions.MAPIT),
        (targets.MAPIT_EMD, MAPIT.name, questions.MAPIT_EMD),
    ]
    measurements: dict[str, Measurement] = {
        name: partial(scene.rate_of, server, [question.about(each) for each in scene.positions])
        for name, server, question in asked
        if server in scene.ports
    }
    measurements[targets.TRIVIAL] = partial(scene.rate_of, "ours", _HEALTH)
    generation = floor.active_generation(scene.connection)
    for name, statement in (
        (targets.FLOOR_OWNER, floor.OWNER_ALONE),
        (targets.FLOOR_LOOKUP, floor.LOOKUP),
    ):
        file = scratch(scene.paths) / f"{name.replace(', ', '-').replace(' ', '-')}.sql"
        script = floor.script(statement, scene.positions[: floor.POINTS], generation)
        file.write_text(script, encoding="ascii")
        measurements[name] = partial(pgbench.run, scene.url, [file], scene.seconds)
    rounds.take("Timing lookups", "requests/s", measurements)


def time_bulk(scene: Scene, rounds: Rounds) -> None:
    """Time many points at once, over HTTP and by the bare statement.

    :raises OpsError: when our server has no such route.
    """
    request = questions.bulk_request(scene.many)
    generation = floor.active_generation(scene.connection)

    def over_http() -> Sample:
        return duration_ms(run_job(scene.paths, scene.ports["ours"], [request], connections=1))

    bare = partial(bulk.time_statement, scene.connection, scene.many, generation)
    over_http()
    bare()
    title = f"Timing {len(scene.many):,} points at once"
    rounds.take(title, "ms", {targets.BULK: over_http, targets.BULK_BARE: bare})


def time_uncached_tiles(scene: Scene, rounds: Rounds, count: int) -> None:
    """Time tiles that nobody asked for before, as they lie in the database."""
    _time_fresh(scene, rounds, count, "Timing uncached tiles", targets.uncached)


def time_drawn_tiles(scene: Scene, rounds: Rounds, count: int) -> None:
    """Time tiles that are drawn when they are asked for; throws those away that are stored."""
    scene.connection.execute("TRUNCATE region_tile")
    _time_fresh(scene, rounds, count, "Timing drawn tiles", targets.drawn)


def _time_fresh(
    scene: Scene, rounds: Rounds, count: int, title: str, name: Callable[[str, int], str]
) -> None:
    """Time the first answers of a server that has just started.

    tipg keeps no tiles, so it need not start anew.
    """
    tiles = {each: tile_sets.over_land(each, scene.many) for each in tile_sets.SETS}
    warm_up = tile_sets.over_land(tile_sets.WARM_UP, scene.many)
    with scene.progress.step(title) as step:
        for turn in range(count):
            step.tick(f"round {turn + 1} of {count}")
            with ours(scene.paths, scene.url) as port:
                ports = {"ours": port}
                if TIPG.name in scene.ports:
                    ports[TIPG.name] = scene.ports[TIPG.name]
                for server in ports:
                    _once(scene, ports, server, tile_sets.WARM_UP.layer, warm_up)
                for wanted in tile_sets.SETS:
                    for server in list(ports)[:: -1 if turn % 2 else 1]:
                        sample = _once(scene, ports, server, wanted.layer, tiles[wanted])
                        rounds.note(name(server, wanted.zoom), "tiles/s", sample)


def _once(
    scene: Scene, ports: Mapping[str, int], server: str, layer: str, tiles: Sequence[Tile]
) -> Sample:
    path = _template(ports, server, layer)
    return rate(run_job(scene.paths, ports[server], tile_sets.requests(path, tiles)))


def time_known_tiles(scene: Scene, rounds: Rounds) -> None:
    """Time tiles that were asked for before, whole and with the reader's ETag, beside nothing."""
    wanted = tile_sets.SETS[-1]
    tiles = tile_sets.over_land(wanted, scene.many)[:AGAIN_TILES]
    path = _template(scene.ports, "ours", wanted.layer)
    plain = tile_sets.requests(path, tiles)
    known = [{"If-None-Match": _etag(scene.ports["ours"], each)} for each in plain]
    measurements: dict[str, Measurement] = {
        targets.WARM: partial(scene.rate_of, "ours", plain),
        targets.NOT_MODIFIED: partial(
            scene.rate_of, "ours", tile_sets.requests(path, tiles, known), 304
        ),
        targets.TRIVIAL_BESIDE: partial(scene.rate_of, "ours", _HEALTH),
    }
    if TIPG.name in scene.ports:
        of_tipg = tile_sets.requests(tile_sets.tipg_template(wanted.layer), tiles)
        measurements[targets.TIPG_AGAIN] = partial(scene.rate_of, TIPG.name, of_tipg)
    rounds.take("Timing known tiles", "requests/s", measurements)


def _template(ports: Mapping[str, int], server: str, layer: str) -> str:
    if server != "ours":
        return tile_sets.tipg_template(layer)
    described = _get(ports["ours"], Request(f"/tiles/{layer}.json"))
    return tile_sets.template(described.read().decode())


def _etag(port: int, request: Request) -> str:
    return _get(port, request).headers["ETag"] or ""


def _get(port: int, request: Request) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    connection.request("GET", request.path, headers={**request.headers, "Connection": "close"})
    response = connection.getresponse()
    if response.status != http.client.OK:
        message = f"{request.path} gave {response.status}."
        raise OpsError(message)
    return response
