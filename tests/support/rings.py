"""Owns a check of GeoJSON against RFC 7946 that shares no code with what is checked."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

DECIMALS = 6


def faults(feature: dict[str, Any]) -> list[str]:
    """Return what RFC 7946 has against a feature, a line each."""
    found = [f"lacks {name}" for name in ("type", "geometry", "properties") if name not in feature]
    if "crs" in feature:
        found.append("has a crs (section 4)")
    geometry = feature.get("geometry") or {}
    for longitude, latitude in positions(geometry.get("coordinates", [])):
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            found.append(f"no place on earth: {longitude}, {latitude}")
        if round(longitude, DECIMALS) != longitude or round(latitude, DECIMALS) != latitude:
            found.append(f"too many decimals: {longitude}, {latitude}")
    coordinates = geometry.get("coordinates")
    polygons = {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(geometry["type"], [])
    for polygon in polygons or []:
        for number, ring in enumerate(polygon):
            wrong = _ring_faults(ring, is_shell=number == 0)
            found += [f"ring {number} {fault}" for fault in wrong]
    return found


def positions(coordinates: Any) -> Iterator[tuple[float, float]]:
    """Yield the positions of a geometry, however deep they lie."""
    if coordinates and isinstance(coordinates[0], int | float):
        longitude, latitude = coordinates
        yield longitude, latitude
        return
    for below in coordinates:
        yield from positions(below)


def _ring_faults(ring: list[list[float]], *, is_shell: bool) -> list[str]:
    """Return what section 3.1.6 has against a ring."""
    if len(ring) < 4:
        return ["has fewer than four positions"]
    if ring[0] != ring[-1]:
        return ["is not closed"]
    x0, y0 = ring[0]
    doubled_area = sum(
        (a[0] - x0) * (b[1] - y0) - (b[0] - x0) * (a[1] - y0) for a, b in pairwise(ring)
    )
    if doubled_area == 0:
        return ["is flat"]
    if (doubled_area > 0) != is_shell:
        return ["runs the wrong way round"]
    return []
