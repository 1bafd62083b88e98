"""Owns measuring how much ground the shapes of two generations have in common."""

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import Floats, Shapes, areas_km2

Positions = NDArray[np.int64]


def common_km2(left: Shapes, right: Shapes) -> Floats:
    """Return what each pair of shapes has in common, in square kilometres.

    Shapes meet in degrees and only the outcome is projected: some valid shapes are no longer valid
    once their vertices are moved to the plane.

    :param left: valid shapes (n,), WGS 84.
    :param right: as many others.
    """
    return areas_km2(shapely.intersection(left, right))


def touching(left: Shapes, right: Shapes) -> tuple[Positions, Positions]:
    """Return the positions of all pairs of shapes that meet, in order.

    :param left: valid shapes (n,), WGS 84.
    :param right: valid shapes (m,).
    """
    lefts, rights = shapely.STRtree(right).query(left, predicate="intersects")
    order = np.lexsort((rights, lefts))
    return lefts[order].astype(np.int64), rights[order].astype(np.int64)
