"""Owns finding the owners of thousands of points in memory, with the database as the last word.

For imports and back-fills: some six times as fast as `locate_many`, after a second of reading.
"""

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import Floats
from geo.orm import Executor
from geo.regions.facts import active_generation
from geo.regions.locate import COAST_M
from geo.regions.locate_many import locate_many
from geo.regions.pieces import UNSURE_DEGREES, Pieces

NOBODY = -1


class Locator:
    """Answers which neighbourhood owns a point, as of one generation."""

    def __init__(self, conn: Executor) -> None:
        """Read the pieces of the generation in force.

        :param conn: asked again for points on a border.
        :raises NoActiveGeneration: when no boundaries are loaded.
        """
        self._conn = conn
        self.generation_id = active_generation(conn).id
        self._pieces = Pieces.read(conn, self.generation_id)

    def owners(self, lons: Floats, lats: Floats, *, coast_m: float = COAST_M) -> NDArray[np.int64]:
        """Return the region id of each point's owner, `NOBODY` at sea and abroad.

        :param lons: longitudes (m,) in degrees, WGS 84.
        :param lats: latitudes (m,).
        :param coast_m: how far off the coast the nearest region still counts, in metres.
        """
        points = shapely.points(np.column_stack((lons, lats)))
        numbers, found = self._pieces.tree.query(
            points, predicate="dwithin", distance=UNSURE_DEGREES
        )
        near = self._pieces.region_ids[found]
        lowest = np.full(len(points), np.iinfo(np.int64).max)
        owners = np.full(len(points), NOBODY, dtype=np.int64)
        np.minimum.at(lowest, numbers, near)
        np.maximum.at(owners, numbers, near)
        unsure = np.flatnonzero(lowest != owners)
        asked = locate_many(
            self._conn, lons[unsure].tolist(), lats[unsure].tolist(), coast_m=coast_m
        )
        owners[unsure] = [owned.region_id if owned else NOBODY for owned in asked.owners]
        return owners
