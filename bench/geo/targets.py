"""Owns the names of what is measured and the targets set for it."""

from collections.abc import Mapping

from bench.serving.figures import Outcome, Series, Target, best, judge

OURS = "ours"
TRIVIAL = "ours, /healthz"
TIPG_LEAN = "tipg, leanest form"
TIPG_PLAIN = "tipg, as documented"
MAPIT = "MapIt, three levels"
MAPIT_EMD = "MapIt, emd alone"
FLOOR_OWNER = "pgbench, the owner alone"
FLOOR_LOOKUP = "pgbench, our statement"
TRIVIAL_BESIDE = "ours, /healthz beside the tiles"
BULK = "ours, over HTTP"
BULK_BARE = "the bare statement"
WARM = "ours, z12 again"
NOT_MODIFIED = "ours, z12 with If-None-Match"
TIPG_AGAIN = "tipg, z12 again"


def uncached(server: str, zoom: int) -> str:
    """Return the name of the tiles of a zoom that nobody asked for before."""
    return f"{server}, z{zoom} uncached"


def drawn(server: str, zoom: int) -> str:
    """Return the name of the tiles of a zoom that are stored nowhere."""
    return f"{server}, z{zoom} drawn"


TARGETS = (
    Target("lookup / tipg's leanest form", OURS, TIPG_LEAN, 3),
    Target("lookup / MapIt", OURS, MAPIT, 15),
    Target("10,000 points over HTTP / bare SQL", BULK, BULK_BARE, 2.5, at_least=False),
    Target("tile z8 uncached / tipg", uncached("ours", 8), uncached("tipg", 8), 2),
    Target("tile z12 uncached / tipg", uncached("ours", 12), uncached("tipg", 12), 5),
)
KNOWN_TILE = (
    Target("warm tile / trivial route", WARM, TRIVIAL_BESIDE, 0.6),
    Target("tile by its ETag (304) / trivial route", NOT_MODIFIED, TRIVIAL_BESIDE, 0.6),
)
"""Either of them is enough."""

INFORMATION = (
    Target("lookup / tipg as documented", OURS, TIPG_PLAIN, 0),
    Target("lookup / MapIt's emd alone", OURS, MAPIT_EMD, 0),
    Target("lookup / pgbench, our statement", OURS, FLOOR_LOOKUP, 0),
    Target("lookup / trivial route", OURS, TRIVIAL, 0),
    Target("tile z10 uncached / tipg", uncached("ours", 10), uncached("tipg", 10), 0),
    *(
        Target(f"tile z{zoom} drawn / tipg", drawn("ours", zoom), drawn("tipg", zoom), 0)
        for zoom in (8, 10, 12)
    ),
)
"""Ratios to know, with no bound set."""


def outcomes(measured: Mapping[str, Series]) -> list[Outcome]:
    """Return what came of every target, and the ratios that are for information."""
    return [judge(each, measured) for each in (*TARGETS, *KNOWN_TILE, *INFORMATION)]


def all_met(measured: Mapping[str, Series]) -> bool:
    """Tell whether every target was measured and met."""
    known = best([judge(each, measured) for each in KNOWN_TILE])
    return known.is_met and all(judge(each, measured).is_met for each in TARGETS)
