"""Owns finding the owners of many points in memory, by the same rule as the database."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import Floats, Shapes

NOBODY = -1


class Locator:
    """Answers which of many regions covers a point; for imports and back-fills of thousands."""

    def __init__(self, codes: Sequence[str], shapes: Shapes) -> None:
        """Index the regions of one level.

        :param codes: codes in ascending order (n,), so that the first owner is the smallest code.
        :param shapes: their shapes (n,), WGS 84.
        """
        self.codes = list(codes)
        if self.codes != sorted(self.codes):
            msg = "codes must ascend"
            raise ValueError(msg)
        self._tree = shapely.STRtree(shapes)

    def owners(self, lons: Floats, lats: Floats) -> NDArray[np.int64]:
        """Return the position of each point's owner, `NOBODY` where there is none.

        :param lons: longitudes (m,) in degrees, WGS 84.
        :param lats: latitudes (m,).
        :returns: positions in `codes` (m,).
        """
        points = shapely.points(np.column_stack((lons, lats)))
        numbers, positions = self._tree.query(points, predicate="covered_by")
        owners = np.full(len(points), len(self.codes), dtype=np.int64)
        np.minimum.at(owners, numbers, positions)
        owners[owners == len(self.codes)] = NOBODY
        return owners
