"""Owns vector tiles (MVT 2.1) of regions, drawn from the overviews of one generation."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from geo.orm import Executor
from geo.tiling import EMD, EXTENT, LEVEL_NAMES, SIDO, SIGUNGU, zoom_range

BUFFER = 64
"""Units drawn beyond the tile's edge, so that outlines meet without a seam."""

FIELDS = {
    "code": "Region code, the legal-dong code cut to its level",
    "name": "Korean name",
    "provenance": "Where the shape came from: exact, clipped or estimated",
}

NAME_FIELDS = {"name": "Korean name, on a point inside the region"}

DRAWN = """
    WITH drawn AS MATERIALIZED (
        SELECT r.id, r.code, r.name, r.provenance,
               ST_AsMVTGeom(o.geom, ST_TileEnvelope(q.z, q.x, q.y), :extent, :buffer, true) AS geom,
               ST_Transform(r.label_point, 3857) AS label
        FROM region_overview o JOIN region r ON r.id = o.region_id
        WHERE o.generation_id = :generation AND o.level = :level
          AND q.z BETWEEN o.min_zoom AND o.max_zoom
          AND o.geom && ST_TileEnvelope(q.z, q.x, q.y, margin => CAST(:margin AS float8))
    )
    SELECT COALESCE((
        SELECT ST_AsMVT(t.*, CAST(:layer AS text), :extent, 'geom', 'id' ORDER BY t.id)
        FROM (SELECT id, code, name, provenance, geom FROM drawn WHERE geom IS NOT NULL) AS t
    ), CAST('' AS bytea)) || COALESCE((
        SELECT ST_AsMVT(n.*, CAST(:names AS text), :extent, 'geom', 'id' ORDER BY n.id)
        FROM (
            SELECT d.id, d.name, ST_AsMVTGeom(d.label, e.tile, :extent, 0, true) AS geom
            FROM drawn d, (SELECT ST_TileEnvelope(q.z, q.x, q.y) AS tile) AS e
            WHERE ST_X(d.label) >= ST_XMin(e.tile) AND ST_X(d.label) < ST_XMax(e.tile)
              AND ST_Y(d.label) > ST_YMin(e.tile) AND ST_Y(d.label) <= ST_YMax(e.tile)
        ) AS n WHERE n.geom IS NOT NULL
    ), CAST('' AS bytea)) AS tile
"""
"""A query of the tile of `q`, a row with z, x and y that is in scope, with what `drawing` gives.

Areas and, in a layer of their own, the points of their names: an area is cut by tiles, its name
stands once. Ordered inside the aggregates: the same tile has the same bytes under every plan."""

TILE = text(f"""
    SELECT made.tile
    FROM region_generation g,
         (SELECT CAST(:z AS int) AS z, CAST(:x AS int) AS x, CAST(:y AS int) AS y) AS q,
         LATERAL ({DRAWN}) AS made
    WHERE g.id = :generation AND g.activated_at IS NOT NULL
""")  # noqa: S608 (our own constant)
"""No row for a generation that was never in force: what nobody may see is not kept for a year."""


class OutsidePyramid(LookupError):
    """No such tile: the layer, its zooms or the grid of the zoom end before it."""


@dataclass(frozen=True, slots=True)
class TileLayer:
    """One layer of region tiles and the zooms at which it is served."""

    name: str
    level: int
    min_zoom: int
    max_zoom: int

    @property
    def names(self) -> str:
        """Return the name of the layer in its tiles that holds the points of the names."""
        return f"{self.name}_names"


def layers() -> tuple[TileLayer, ...]:
    """Return the layers there are, coarse before fine."""
    return tuple(
        TileLayer(LEVEL_NAMES[level], level, *zoom_range(level)) for level in (SIDO, SIGUNGU, EMD)
    )


def get_layer(name: str) -> TileLayer:
    """Return a layer by its name.

    :raises OutsidePyramid: when there is none of that name.
    """
    for layer in layers():
        if layer.name == name:
            return layer
    raise OutsidePyramid(name)


def check_address(layer: str, z: int, x: int, y: int) -> TileLayer:
    """Return the layer of a tile's address.

    :raises OutsidePyramid: when the layer has no such tile.
    """
    served = get_layer(layer)
    if not served.min_zoom <= z <= served.max_zoom or not (0 <= x < 2**z and 0 <= y < 2**z):
        msg = f"{layer}/{z}/{x}/{y}"
        raise OutsidePyramid(msg)
    return served


def drawing(layer: TileLayer, generation_id: int) -> dict[str, Any]:
    """Return what `DRAWN` has to be given for a layer of a generation."""
    return {
        "layer": layer.name,
        "names": layer.names,
        "level": layer.level,
        "generation": generation_id,
        "extent": EXTENT,
        "buffer": BUFFER,
        "margin": BUFFER / EXTENT,
    }


def draw_tile(  # noqa: PLR0917 (z, x, y is one address)
    conn: Executor, layer: str, generation_id: int, z: int, x: int, y: int
) -> bytes | None:
    """Return one tile, or None when nothing lies in it; it never changes for a generation.

    Each feature has the region's integer id and the attributes of `FIELDS`; a second layer has a
    point with `NAME_FIELDS` in the one tile of a zoom that the region's label lies in.

    :param layer: sido, sigungu or emd.
    :param generation_id: a generation that is or was in force.
    :param z: zoom.
    :param x: column from the west.
    :param y: row from the north.
    :raises OutsidePyramid: when the layer has no such tile, or the generation was never in force.
    """
    served = check_address(layer, z, x, y)
    given = drawing(served, generation_id) | {"z": z, "x": x, "y": y}
    found = conn.execute(TILE, given).one_or_none()
    if found is None:
        msg = f"generation {generation_id}"
        raise OutsidePyramid(msg)
    return bytes(found.tile or b"") or None
