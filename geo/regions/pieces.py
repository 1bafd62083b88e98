"""Owns the pieces of a generation's neighbourhoods in memory: their tree and whose each one is."""

from typing import Self

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import text

from geo.crs import Shapes
from geo.orm import Executor

UNSURE_DEGREES = 2e-8
"""About 2 mm, more than `locate` takes for touching. A point that has no region, or two, so near is
left to the database: two libraries need not round alike, and everybody has to answer the same."""

PIECES = text("""
    SELECT region_id, ST_AsBinary(geom) FROM region_piece
    WHERE level = 3 AND generation_id = :generation
""")


class Pieces:
    """What covers the country: some 12,000 small polygons, 40 MB, read in 0.2 s.

    :ivar shapes: the polygons (n,) in degrees, WGS 84.
    :ivar region_ids: whose they are (n,).
    :ivar tree: finds them by position.
    """

    def __init__(self, shapes: Shapes, region_ids: NDArray[np.int64]) -> None:
        self.shapes = shapes
        self.region_ids = region_ids
        self.tree = shapely.STRtree(shapes)

    @classmethod
    def read(cls, conn: Executor, generation_id: int) -> Self:
        """Read the pieces of a generation.

        :param generation_id: a generation that is loaded.
        """
        rows = conn.execute(PIECES, {"generation": generation_id}).all()
        shapes = np.array(shapely.from_wkb([bytes(row[1]) for row in rows]), dtype=object)
        return cls(shapes, np.array([row[0] for row in rows], dtype=np.int64))
