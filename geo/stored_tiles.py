"""Owns the tiles of a generation that are drawn once, when it is loaded: those of the low zooms.

Few tiles, each with much of the country in it: they cost the most to draw and are asked for by
everybody. What is not stored is drawn; both give the same bytes.
"""

from sqlalchemy import insert, text

from geo.finished_tiles import FinishedTile, finish, pack, unpack
from geo.orm import Executor, driver_of
from geo.regions.models import TileRow
from geo.tiles import DRAWN, check_address, draw_tile, drawing, layers

STORED_TO_ZOOM = 12
"""Some 6,000 tiles, 8 MB, 5 s; each further zoom has four times as many, each of less work."""

STORED = """
    SELECT t.packed
    FROM region_generation g
    JOIN region_tile t ON t.generation_id = g.id
    WHERE g.id = %s AND g.activated_at IS NOT NULL
      AND t.level = %s AND t.zoom = %s AND t.x = %s AND t.y = %s
"""

DRAW = text(f"""
    SELECT q.x, q.y, made.tile
    FROM (
        SELECT CAST(:z AS int) AS z, x, y
        FROM (
            SELECT ST_Extent(geom) AS box, pow(2, :z) AS across, ST_TileEnvelope(0, 0, 0) AS world
            FROM region_overview
            WHERE generation_id = :generation AND level = :level
              AND :z BETWEEN min_zoom AND max_zoom
        ) AS land,
        LATERAL (SELECT (ST_XMax(world) - ST_XMin(world)) / across AS side) AS tile,
        generate_series(
            CAST(floor((ST_XMin(box) - ST_XMin(world)) / side - :margin) AS int),
            CAST(floor((ST_XMax(box) - ST_XMin(world)) / side + :margin) AS int)
        ) AS x,
        generate_series(
            CAST(floor((ST_YMax(world) - ST_YMax(box)) / side - :margin) AS int),
            CAST(floor((ST_YMax(world) - ST_YMin(box)) / side + :margin) AS int)
        ) AS y
        WHERE x BETWEEN 0 AND across - 1 AND y BETWEEN 0 AND across - 1
    ) AS q,
    LATERAL ({DRAWN}) AS made
    WHERE length(made.tile) > 0
""")  # noqa: S608 (our own constant)
"""All tiles of one zoom that something lies in, a tile's buffer included."""


def store_tiles(conn: Executor, generation_id: int) -> None:
    """Draw the tiles of the low zooms of a generation; commits nothing.

    :param generation_id: a generation whose overviews are loaded, and which has no tiles yet.
    """
    for layer in layers():
        for zoom in range(layer.min_zoom, min(layer.max_zoom, STORED_TO_ZOOM) + 1):
            drawn = conn.execute(DRAW, drawing(layer, generation_id) | {"z": zoom})
            rows = [
                {
                    "generation_id": generation_id,
                    "level": layer.level,
                    "zoom": zoom,
                    "x": x,
                    "y": y,
                    "packed": pack(bytes(tile)),
                }
                for x, y, tile in drawn
            ]
            if rows:
                conn.execute(insert(TileRow), rows)


def region_tile(  # noqa: PLR0917 (z, x, y is one address)
    conn: Executor, layer: str, generation_id: int, z: int, x: int, y: int
) -> FinishedTile:
    """Return a tile as it is stored, or drawn; takes and raises what `draw_tile` does."""
    served = check_address(layer, z, x, y)
    if z <= STORED_TO_ZOOM:
        # One row by its key: to compile and wrap it takes SQLAlchemy as long as to fetch it.
        driver = driver_of(conn)
        found = driver.execute(STORED, (generation_id, served.level, z, x, y)).fetchone()
        if found is not None:
            return unpack(found[0])
    return finish(draw_tile(conn, layer, generation_id, z, x, y))
