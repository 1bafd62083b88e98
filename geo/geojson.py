"""Owns GeoJSON as RFC 7946 wants it: (lon, lat), counter-clockwise shells, six decimals."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping

DECIMALS = 6
"""About 0.1 m in Korea; RFC 7946 section 11.2 advises against more."""

Json = dict[str, Any]


def geometry(shape: shapely.Geometry) -> Json:
    """Return a WGS 84 shape as a GeoJSON geometry.

    Parts and holes that vanish at six decimals are left out; shells run counter-clockwise and
    holes clockwise (RFC 7946, section 3.1.6).

    :param shape: Shapely geometry in (lon, lat).
    """
    rounded = shapely.transform(shape, lambda xy: np.round(xy, DECIMALS))
    if rounded.geom_type in {"Polygon", "MultiPolygon"}:
        rounded = _tidy(rounded)
    return _plain(mapping(rounded))


def point(lon: float, lat: float) -> Json:
    """Return a position as a GeoJSON point."""
    return {"type": "Point", "coordinates": [round(lon, DECIMALS), round(lat, DECIMALS)]}


def feature(geojson: Json | None, properties: Mapping[str, Any], id_: int | str | None) -> Json:
    """Return a GeoJSON feature; a feature without a place has a null geometry (section 3.2)."""
    found: Json = {"type": "Feature", "geometry": geojson, "properties": dict(properties)}
    if id_ is not None:
        found["id"] = id_
    return found


def feature_collection(features: Iterable[Json]) -> Json:
    """Return a GeoJSON feature collection."""
    return {"type": "FeatureCollection", "features": list(features)}


def _tidy(shape: shapely.Geometry) -> shapely.Geometry:
    polygons = [tidy for part in shapely.get_parts(shape) if (tidy := _tidy_polygon(part))]
    if shape.geom_type == "Polygon" and len(polygons) == 1:
        return polygons[0]
    return shapely.multipolygons(polygons)


def _tidy_polygon(polygon: shapely.Polygon) -> shapely.Polygon | None:
    shell = _tidy_ring(polygon.exterior)
    if shell is None:
        return None
    holes = [hole for ring in polygon.interiors if (hole := _tidy_ring(ring)) is not None]
    return shapely.orient_polygons(shapely.Polygon(shell, holes), exterior_cw=False)


def _tidy_ring(ring: shapely.LinearRing) -> shapely.LinearRing | None:
    xy = shapely.get_coordinates(ring)
    kept = xy[np.append(True, np.any(np.diff(xy, axis=0) != 0, axis=1))]
    if len(kept) < 4:
        return None
    tidy = shapely.linearrings(kept)
    return None if shapely.area(shapely.polygons(tidy)) == 0 else tidy


def _plain(found: Mapping[str, Any]) -> Json:
    if found["type"] == "GeometryCollection":
        return {**found, "geometries": [_plain(part) for part in found["geometries"]]}
    return {"type": found["type"], "coordinates": _lists(found["coordinates"])}


def _lists(value: Any) -> Any:
    return [_lists(item) for item in value] if isinstance(value, tuple | list) else float(value)
