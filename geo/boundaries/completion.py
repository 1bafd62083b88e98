"""Owns what is computed of loaded regions: English names, spellings, neighbours, tiles.

It is read off the rows, not the layer, so that boundaries from every source, and those that were
loaded before there was such a thing, are completed alike.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import shapely
from sqlalchemy import Connection, Row, text

from geo.boundaries.bulk import copy_rows
from geo.boundaries.names import SIDO
from geo.boundaries.neighbours import measure_pairs
from geo.crs import project
from geo.orm import SRID_KOREA, SRID_WGS84, Executor
from geo.regions.neighbours import REACH_M
from geo.regions.spellings import Named, Spellings, spell
from geo.romanization import romanize_name
from geo.stored_tiles import store_tiles

Say = Callable[[str], None]

REGIONS = text("""
    SELECT id, level, code, name, name_en, parent_id FROM region
    WHERE generation_id = :generation ORDER BY id
""")

SHAPES = text("""
    SELECT id, ST_AsBinary(geom) AS geom FROM region
    WHERE generation_id = :generation AND level = :level ORDER BY id
""")

INCOMPLETE = text("""
    SELECT id FROM region_generation g
    WHERE EXISTS (SELECT FROM region r WHERE r.generation_id = g.id)
      AND NOT EXISTS (SELECT FROM region_spelling s WHERE s.generation_id = g.id)
    ORDER BY id
""")

WITHOUT_TILES = text("""
    SELECT id FROM region_generation g
    WHERE EXISTS (SELECT FROM region_overview o WHERE o.generation_id = g.id)
      AND NOT EXISTS (SELECT FROM region_tile t WHERE t.generation_id = g.id)
    ORDER BY id
""")


def complete_generations(conn: Executor, say: Say) -> None:
    """Complete the generations that were loaded before there were spellings, or tiles.

    :param say: told about each step.
    """
    for generation_id in conn.execute(INCOMPLETE).scalars().all():
        complete_generation(conn, generation_id, say)
    for generation_id in conn.execute(WITHOUT_TILES).scalars().all():
        draw_tiles(conn, generation_id, say)


def complete_generation(conn: Executor, generation_id: int, say: Say) -> None:
    """Give the regions of a generation their English names, spellings and neighbours.

    An English name that the source gave stays. Commits nothing.

    :param generation_id: a generation whose regions are loaded, and which has none of these yet.
    :param say: told about each step.
    """
    connection = conn if isinstance(conn, Connection) else conn.connection()
    say("spelling the names of regions")
    _write_names(connection, generation_id)
    say("measuring how far regions are from each other")
    for level, reach_m in REACH_M.items():
        _write_neighbours(connection, generation_id, level, reach_m)
    for table in ("region", "region_spelling", "region_neighbour"):
        connection.execute(text(f"ANALYZE {table}"))


def draw_tiles(conn: Executor, generation_id: int, say: Say) -> None:
    """Draw the tiles of a generation's low zooms; commits nothing.

    :param generation_id: a generation whose overviews are loaded, and which has no tiles yet.
    :param say: told about the step.
    """
    say("drawing the tiles of low zooms")
    store_tiles(conn, generation_id)
    conn.execute(text("ANALYZE region_tile"))


def english_name(code: str, name: str) -> str:
    """Return the English name of a region: a sido's official one, any other by the rule."""
    official = SIDO.get(code[:2])
    if official and name == official[0]:
        return official[1]
    return romanize_name(name)


def _write_names(connection: Connection, generation_id: int) -> None:
    rows = connection.execute(REGIONS, {"generation": generation_id}).all()
    chains = _chains(rows)
    named = [(row.id, chains[row.id][-1].name_en, full_english(chains[row.id])) for row in rows]
    connection.execute(
        text("""
            UPDATE region SET name_en = given.name_en, full_name_en = given.full_name_en
            FROM unnest(CAST(:ids AS int[]), CAST(:names AS text[]), CAST(:full_names AS text[]))
                AS given (id, name_en, full_name_en)
            WHERE region.id = given.id
        """),
        dict(zip(("ids", "names", "full_names"), map(list, zip(*named, strict=True)), strict=True)),
    )
    columns = tuple(Spellings.__dataclass_fields__)
    spelled = ((row, spell(chains[row.id])) for row in rows)
    copy_rows(
        connection,
        "region_spelling",
        ("region_id", "generation_id", "level", "code", *columns),
        ("int4", "int4", "int2", *["text"] * (1 + len(columns))),
        (
            (row.id, generation_id, row.level, row.code, *(getattr(found, c) for c in columns))
            for row, found in spelled
        ),
    )


def _chains(
    rows: Sequence[Row[tuple[int, int, str, str, str | None, int | None]]],
) -> dict[int, list[Named]]:
    """Return for each region what stands above it, the sido first, and itself."""
    chains: dict[int, list[Named]] = {}
    for row in rows:
        own = Named(row.code, row.name, row.name_en or english_name(row.code, row.name))
        chains[row.id] = [*(chains[row.parent_id] if row.parent_id else ()), own]
    return chains


def full_english(chain: Sequence[Named]) -> str:
    """Return the full English name, the narrowest first: ``Taepyeongno 1-ga, Jung-gu, Seoul``."""
    return ", ".join(dict.fromkeys(named.name_en for named in reversed(chain)))


def _write_neighbours(
    connection: Connection, generation_id: int, level: int, reach_m: float
) -> None:
    given = {"generation": generation_id, "level": level}
    rows = connection.execute(SHAPES, given).all()
    if not rows:
        return
    shapes = shapely.from_wkb(np.array([bytes(row.geom) for row in rows], dtype=object))
    ids = np.array([row.id for row in rows], dtype=np.int64)
    pairs = measure_pairs(project(shapes, SRID_WGS84, SRID_KOREA), reach_m)
    copied: Iterator[tuple[int, int, float, float]] = zip(
        ids[pairs.low].tolist(),
        ids[pairs.high].tolist(),
        pairs.distance_m.tolist(),
        pairs.border_m.tolist(),
        strict=True,
    )
    columns = ("low_id", "high_id", "distance_m", "border_m")
    copy_rows(connection, "region_neighbour", columns, ("int4", "int4", "float8", "float8"), copied)
