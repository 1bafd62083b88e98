"""Owns the databases that are measured: one of each size, made once and kept between runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import URL

from backend.ops import stamps
from backend.ops.paths import Paths
from backend.ops.progress import Progress
from bench.api import loading
from bench.api.sizes import LARGE, SMALL, Size
from bench.serving import database

SIZES = (SMALL, LARGE)
_MADE_BY = ("drafts", "loading", "rows", "sizes", "vocabulary")


def name_of(size: Size) -> str:
    """Return the name of the database of a size."""
    return f"dongne_bench_api_{size.name}"


@contextmanager
def loaded(paths: Paths, progress: Progress) -> Iterator[dict[Size, URL]]:
    """Yield the address of the database of each size, as it was when it was loaded.

    :raises OpsError: when another run is under way, or a database cannot be made.
    """
    made_from = _digest(paths)
    sizes = {name_of(size): size for size in SIZES}

    def fill(name: str, url: URL) -> None:
        size = sizes[name]
        database.load_country(paths, progress, url)
        with (
            progress.step(f"Loading {size.proposals:,} proposals"),
            psycopg.connect(database.libpq(url), autocommit=True) as connection,
        ):
            loading.fill(connection, size)

    with database.kept(paths, dict.fromkeys(sizes, made_from), fill) as urls:
        for url in urls.values():
            with psycopg.connect(database.libpq(url), autocommit=True) as connection:
                loading.restore(connection)
        yield {sizes[name]: url for name, url in urls.items()}


def _digest(paths: Paths) -> str:
    here = Path(__file__).parent
    ours = [here / f"{name}.py" for name in _MADE_BY]
    return stamps.digest([*ours, *sorted((paths.root / "migrations" / "versions").glob("0*"))])
