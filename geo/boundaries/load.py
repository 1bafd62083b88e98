"""Owns writing a layer into the database by COPY, as a draft generation; it judges nothing."""

from collections.abc import Callable
from datetime import datetime

import shapely
from sqlalchemy import Connection, insert, text

from geo.boundaries.bulk import copy_rows
from geo.boundaries.completion import complete_generation, draw_tiles
from geo.boundaries.layer import Layer
from geo.boundaries.localgov import GovernmentTable
from geo.crs import Shapes
from geo.orm import SRID_WEB, SRID_WGS84, Executor, lift_time_limits
from geo.regions.models import GenerationRow

IDS_PER_GENERATION = 100_000
"""A generation's regions get the ids `generation * 100,000 + 1 ...` in (level, code) order: whoever
loads the same layer first gets the same ids, and ids order regions of a level by their code."""

PIECE_VERTICES = 128

Say = Callable[[str], None]


def load_layer(
    conn: Executor, layer: Layer, governments: GovernmentTable, now: datetime, say: Say
) -> int:
    """Write a layer as a draft generation and return its id; the caller's transaction decides.

    :param layer: regions, shapes and overviews.
    :param governments: the governments of its sigungu.
    :param now: the time of loading, UTC.
    :param say: told about each step.
    """
    connection = conn if isinstance(conn, Connection) else conn.connection()
    # Copying takes its time, and ANALYZE waits for whoever else counts the same table.
    lift_time_limits(connection)
    generation_id = _insert_generation(connection, layer, now)
    say(f"copying {len(layer.regions)} regions")
    _copy_governments(connection, generation_id, layer, governments)
    ids = _copy_regions(connection, generation_id, layer, governments)
    _copy_overviews(connection, generation_id, layer, ids)
    say("cutting neighbourhoods into pieces")
    connection.execute(
        text("""
            INSERT INTO region_piece (region_id, generation_id, level, geom)
            SELECT r.id, r.generation_id, r.level, ST_Subdivide(r.geom, :vertices)
            FROM region r WHERE r.generation_id = :generation AND r.level = 3
        """),
        {"generation": generation_id, "vertices": PIECE_VERTICES},
    )
    complete_generation(connection, generation_id, say)
    for table in ("local_government", "region_piece", "region_overview"):
        connection.execute(text(f"ANALYZE {table}"))
    draw_tiles(connection, generation_id, say)
    return generation_id


def _insert_generation(connection: Connection, layer: Layer, now: datetime) -> int:
    statement = insert(GenerationRow).returning(GenerationRow.id)
    generation_id: int = connection.execute(
        statement,
        {
            "label": layer.label,
            "state": "draft",
            "layer_key": layer.key,
            "sources": [dict(source) for source in layer.sources],
            "data_date": layer.data_date,
            "loaded_at": now,
        },
    ).scalar_one()
    return generation_id


def _copy_governments(
    connection: Connection, generation_id: int, layer: Layer, governments: GovernmentTable
) -> None:
    full_names = {region.code: region.full_name for region in layer.regions if region.level == 1}
    rows = []
    for government in sorted(governments, key=lambda government: len(government.code)):
        above = government.upper_code
        full_name = f"{full_names[above]} {government.name}" if above else government.name
        rows.append(
            (generation_id, government.code, government.kind, government.name, full_name, above)
        )
    columns = ("generation_id", "code", "kind", "name", "full_name", "upper_code")
    copy_rows(connection, "local_government", columns, ("int4", *["text"] * 5), rows)


def _copy_regions(
    connection: Connection, generation_id: int, layer: Layer, governments: GovernmentTable
) -> dict[str, int]:
    first = generation_id * IDS_PER_GENERATION + 1
    ids = {region.code: first + offset for offset, region in enumerate(layer.regions)}
    labels = shapely.points([(region.label_lon, region.label_lat) for region in layer.regions])
    rows = (
        (
            ids[region.code],
            generation_id,
            region.level,
            region.code,
            region.name,
            region.name_en,
            region.full_name,
            ids[region.parent_code] if region.parent_code else None,
            governments.of_region(region.code).code,
            region.provenance,
            region.area_km2,
            label,
            geom,
        )
        for region, label, geom in zip(
            layer.regions,
            ewkb(labels, SRID_WGS84),
            ewkb(multipolygons(layer.shapes), SRID_WGS84),
            strict=True,
        )
    )
    columns = (
        *("id", "generation_id", "level", "code", "name", "name_en", "full_name", "parent_id"),
        *("local_government_code", "provenance", "area_km2", "label_point", "geom"),
    )
    types = (
        *("int4", "int4", "int2", "text", "text", "text", "text", "int4"),
        *("text", "text", "float8", "bytea", "bytea"),
    )
    copy_rows(connection, "region", columns, types, rows)
    return ids


def _copy_overviews(
    connection: Connection, generation_id: int, layer: Layer, ids: dict[str, int]
) -> None:
    rows = (
        (ids[code], band.min_zoom, band.max_zoom, generation_id, band.level, geom)
        for overview in layer.overviews
        for band in (overview.band,)
        for code, geom in zip(
            overview.codes, ewkb(multipolygons(overview.shapes), SRID_WEB), strict=True
        )
    )
    columns = ("region_id", "min_zoom", "max_zoom", "generation_id", "level", "geom")
    copy_rows(
        connection,
        "region_overview",
        columns,
        ("int4", "int2", "int2", "int4", "int2", "bytea"),
        rows,
    )


def multipolygons(shapes: Shapes) -> Shapes:
    """Return shapes with every polygon made a multipolygon of one."""
    parts, owners = shapely.get_parts(shapes, return_index=True)
    together: Shapes = shapely.multipolygons(parts, indices=owners)
    return together


def ewkb(shapes: Shapes, srid: int) -> list[bytes]:
    """Return shapes as PostGIS reads them in a binary COPY."""
    return list(shapely.to_wkb(shapely.set_srid(shapes, srid), include_srid=True, byte_order=1))
