"""Owns the tiles of a generation that are drawn once, when it is loaded: those of the low zooms.

Few tiles, each with much of the country in it: they cost the most to draw and are asked for by
everybody. What is not stored is drawn; both give the same bytes.
"""

from sqlalchemy import text

from geo.orm import Executor
from geo.tiles import DRAWN, check_address, draw_tile, drawing, layers

STORED_TO_ZOOM = 12
"""Some 6,000 tiles, 10 MB, 5 s; each further zoom has four times as many, each of less work."""

STORED = text("""
    SELECT t.body
    FROM region_generation g
    JOIN region_tile t ON t.generation_id = g.id
    WHERE g.id = :generation AND g.activated_at IS NOT NULL
      AND t.level = :level AND t.zoom = :z AND t.x = :x AND t.y = :y
""")

STORE = text(f"""
    INSERT INTO region_tile (generation_id, level, zoom, x, y, body)
    SELECT :generation, :level, q.z, q.x, q.y, made.tile
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
            conn.execute(STORE, drawing(layer, generation_id) | {"z": zoom})


def region_tile(  # noqa: PLR0917 (z, x, y is one address)
    conn: Executor, layer: str, generation_id: int, z: int, x: int, y: int
) -> bytes | None:
    """Return a tile as it is stored, or drawn; takes and raises what `draw_tile` does."""
    served = check_address(layer, z, x, y)
    if z <= STORED_TO_ZOOM:
        given = {"generation": generation_id, "level": served.level, "z": z, "x": x, "y": y}
        found = conn.execute(STORED, given).scalar()
        if found is not None:
            return bytes(found)
    return draw_tile(conn, layer, generation_id, z, x, y)
