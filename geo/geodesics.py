"""Owns distances on the ellipsoid from a point to shapes, as PostGIS's `geography` measures them.

PostGIS takes edges for arcs of great circles on the sphere of degrees, finds the nearest position
on them there, and measures the way to it on the ellipsoid (WGS 84). So does this.
"""

from math import asin, atan, atan2, cos, degrees, hypot, radians, sin

import numpy as np
import shapely
from pyproj import Geod

from geo.crs import Floats, Shapes

_WGS84 = Geod(ellps="WGS84")
_ORIGIN = shapely.Point(0, 0)


def distances_m(lon: float, lat: float, shapes: Shapes) -> list[float]:
    """Return how far each shape is from a point, in metres, for shapes within some kilometres.

    :param lon: longitude in degrees, WGS 84.
    :param lat: latitude in degrees, WGS 84.
    :param shapes: polygons (n,) in degrees, WGS 84.
    """
    sin_lat, cos_lat = sin(radians(lat)), cos(radians(lat))

    def flatten(degrees_xy: Floats) -> Floats:
        # Gnomonic about the point: arcs of great circles become straight, and what is nearest
        # on the sphere is nearest on the plane.
        phi, turn = np.radians(degrees_xy[:, 1]), np.radians(degrees_xy[:, 0] - lon)
        sin_phi, cos_phi, cos_turn = np.sin(phi), np.cos(phi), np.cos(turn)
        depth = sin_lat * sin_phi + cos_lat * cos_phi * cos_turn
        x = cos_phi * np.sin(turn) / depth
        y = (cos_lat * sin_phi - sin_lat * cos_phi * cos_turn) / depth
        return np.column_stack((x, y))

    lines = shapely.shortest_line(_ORIGIN, shapely.transform(shapes, flatten))
    found = []
    for x, y in shapely.get_coordinates(lines)[1::2].tolist():
        radius = hypot(x, y)
        if radius == 0:
            found.append(0.0)
            continue
        angle = atan(radius)
        to_lat = asin(cos(angle) * sin_lat + y * sin(angle) * cos_lat / radius)
        turned = atan2(x * sin(angle), radius * cos_lat * cos(angle) - y * sin_lat * sin(angle))
        _, _, metres = _WGS84.inv(lon, lat, lon + degrees(turned), degrees(to_lat))
        found.append(metres)
    return found
