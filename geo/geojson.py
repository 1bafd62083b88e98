"""Owns GeoJSON as RFC 7946 wants it: (lon, lat), counter-clockwise shells, six decimals."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping

from geo.crs import Floats

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
    shell = _tidy_ring(polygon.exterior, counter_clockwise=True)
    if shell is None:
        return None
    holes = [_tidy_ring(ring, counter_clockwise=False) for ring in polygon.interiors]
    return shapely.Polygon(shell, [hole for hole in holes if hole is not None])


def _tidy_ring(ring: shapely.LinearRing, *, counter_clockwise: bool) -> Floats | None:
    """Return a ring without repeated positions and in the direction asked for, unless it is flat.

    The direction is that of the signed area: rounding makes spikes, on which looking at the
    topmost corner alone goes wrong.
    """
    xy = shapely.get_coordinates(ring)
    kept: Floats = xy[np.append(True, np.any(np.diff(xy, axis=0) != 0, axis=1))]
    x, y = (kept - kept[0]).T
    doubled_area = float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))
    if len(kept) < 4 or doubled_area == 0:
        return None
    return kept if (doubled_area > 0) == counter_clockwise else kept[::-1]


def _plain(found: Mapping[str, Any]) -> Json:
    if found["type"] == "GeometryCollection":
        return {**found, "geometries": [_plain(part) for part in found["geometries"]]}
    return {"type": found["type"], "coordinates": _lists(found["coordinates"])}


def _lists(value: Any) -> Any:
    return [_lists(item) for item in value] if isinstance(value, tuple | list) else float(value)
