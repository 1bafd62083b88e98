"""Owns a region's shape as one GeoJSON feature, whole or as simplified as the map draws it."""

from typing import Any

import shapely
from sqlalchemy import text

from geo import geojson
from geo.orm import Executor
from geo.regions.codes import normalize_code
from geo.regions.facts import Generation, Region, select_regions
from geo.regions.lookup import RegionNotFound
from geo.regions.models import RegionRow
from geo.tiling import BANDS

WHOLE = text("SELECT ST_AsBinary(geom) FROM region WHERE id = :region")

OVERVIEW = text("""
    SELECT ST_AsBinary(ST_Transform(geom, 4326)) FROM region_overview
    WHERE region_id = :region AND min_zoom = :min_zoom
""")


def region_feature(
    conn: Executor, code: str, generation: Generation, zoom: int | None = None
) -> geojson.Json:
    """Return a region as a GeoJSON feature (RFC 7946), with its box; it never changes for a
    generation.

    :param code: region code, or a ten-digit legal-dong code.
    :param generation: the boundaries that are meant, in force or not any more.
    :param zoom: of a map; None gives the whole shape, a number the overview drawn at that zoom or
        at the nearest one that the level is drawn at.
    :raises InvalidRegionCode: when the text is no code at all.
    :raises RegionNotFound: when the generation has no such region.
    """
    row = conn.execute(
        select_regions().where(
            RegionRow.generation_id == generation.id, RegionRow.code == normalize_code(code)
        )
    ).one_or_none()
    if row is None:
        raise RegionNotFound(code)
    region = Region(*row)
    shape = _shape(conn, region, zoom)
    found = geojson.feature(geojson.geometry(shape), _properties(region, generation), region.id)
    found["bbox"] = [round(float(edge), geojson.DECIMALS) for edge in shapely.bounds(shape)]
    return found


def _shape(conn: Executor, region: Region, zoom: int | None) -> shapely.Geometry:
    given: dict[str, Any] = {"region": region.id}
    if zoom is None:
        return shapely.from_wkb(bytes(conn.execute(WHOLE, given).scalar_one()))
    bands = [band for band in BANDS if band.level == region.level]
    nearest = min(bands, key=lambda band: max(band.min_zoom - zoom, zoom - band.max_zoom, 0))
    given["min_zoom"] = nearest.min_zoom
    return shapely.from_wkb(bytes(conn.execute(OVERVIEW, given).scalar_one()))


def _properties(region: Region, generation: Generation) -> dict[str, Any]:
    return {
        "code": region.code,
        "legal_dong_code": region.legal_dong_code,
        "level": region.level_name,
        "name": region.name,
        "name_en": region.name_en,
        "full_name": region.full_name,
        "full_name_en": region.full_name_en,
        "local_government_code": region.local_government_code,
        "provenance": region.provenance,
        "area_km2": round(region.area_km2, 6),
        "generation_id": generation.id,
        "data_date": generation.data_date.isoformat(),
    }
