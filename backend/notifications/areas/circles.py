"""Owns the circles that people follow, and the boxes around them; knows no table."""

import math
from dataclasses import dataclass
from typing import Self

from geo.crs import METRES_PER_DEGREE
from geo.disclosure import public_point

LEAST_RADIUS_M = 100
MOST_RADIUS_M = 5_000

SLACK = 1.01
"""A degree is not as long everywhere; a box that is a little too large misses nothing."""


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle on the ground.

    :param lon: longitude of the centre in degrees, WGS 84.
    :param lat: latitude of the centre in degrees, WGS 84.
    """

    lon: float
    lat: float
    radius_m: int

    @classmethod
    def around(cls, lon: float, lat: float, radius_m: int) -> Self:
        """Return a circle around the middle of the grid cell that holds a point."""
        return cls(*public_point(lon, lat), radius_m)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Return a box around the circle: west, south, east, north in degrees."""
        north = SLACK * self.radius_m / METRES_PER_DEGREE
        east = north / math.cos(math.radians(self.lat))
        return self.lon - east, self.lat - north, self.lon + east, self.lat + north
