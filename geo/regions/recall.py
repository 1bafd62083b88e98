"""Owns answering `find_owner` from memory where memory cannot err; the rest is the database's.

Nearly every point needs no statement this way. Doubtful is whatever a millimetre could decide: who
owns a point on a border, what lies just within reach, which digit a distance rounds to.
"""

from math import cos, isfinite, radians

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import METRES_PER_DEGREE, in_korea
from geo.geodesics import distances_m
from geo.orm import Executor
from geo.regions.gazetteer import Gazetteer, gazetteer_of
from geo.regions.locate import BORDER_M, Near, Owner
from geo.regions.pieces import UNSURE_DEGREES, Pieces

UNSURE_M = 0.001
"""Fifty times what our distances and PostGIS's were ever seen to differ."""


class Recall:
    """Knows who owns the points of one generation, most of them.

    :ivar generation_id: the generation; what is known of it never changes.
    """

    def __init__(self, pieces: Pieces, gazetteer: Gazetteer) -> None:
        self._pieces = pieces
        self._gazetteer = gazetteer
        self.generation_id = gazetteer.generation.id
        shapely.prepare(pieces.shapes)

    def find_owner(self, lon: float, lat: float) -> Owner | None:
        """Return what `locate.find_owner` returns for the point, or None when that has to be asked.

        :param lon: longitude in degrees, WGS 84.
        :param lat: latitude in degrees, WGS 84.
        """
        if not (isfinite(lon) and isfinite(lat) and in_korea(lon, lat)):
            return None
        # The box of `locate`: it holds all that lies within the distance, and a little more.
        height = BORDER_M / METRES_PER_DEGREE * 1.01
        width = height / cos(radians(lat))
        box = shapely.box(lon - width, lat - height, lon + width, lat + height)
        numbers = self._pieces.tree.query(box, predicate="intersects")
        owner_id = self._find_sure_owner(lon, lat, numbers)
        if owner_id is None:
            return None
        others = numbers[self._pieces.region_ids[numbers] != owner_id]
        border = self._measure(lon, lat, others) if len(others) else []
        if border is None:
            return None
        return Owner(self._gazetteer, Near(owner_id, 0.0), tuple(border))

    def _find_sure_owner(self, lon: float, lat: float, numbers: NDArray[np.intp]) -> int | None:
        """Return who covers the point and has nobody beside him within a few millimetres."""
        shapes = self._pieces.shapes[numbers]
        near = shapely.dwithin(shapes, shapely.Point(lon, lat), UNSURE_DEGREES)
        ids = set(self._pieces.region_ids[numbers[near]].tolist())
        if len(ids) != 1 or not shapely.intersects_xy(shapes, lon, lat).any():
            return None
        return int(ids.pop())

    def _measure(self, lon: float, lat: float, numbers: NDArray[np.intp]) -> list[Near] | None:
        """Return the neighbours near the point, nearest first, or None for a doubtful distance."""
        nearest: dict[int, float] = {}
        measured = distances_m(lon, lat, self._pieces.shapes[numbers])
        ids = self._pieces.region_ids[numbers].tolist()
        for region_id, metres in zip(ids, measured, strict=True):
            nearest[region_id] = min(metres, nearest.get(region_id, metres))
        ranked = sorted(
            (metres, region_id)
            for region_id, metres in nearest.items()
            if metres < BORDER_M + UNSURE_M
        )
        last = 0.0
        for metres, _ in ranked:
            # Equal to the last digit is no doubt: two that meet in one corner are so.
            if _is_doubtful(metres) or 0 < metres - last < UNSURE_M:
                return None
            last = metres
        return [Near(region_id, metres) for metres, region_id in ranked]


def read_recall(conn: Executor, generation_id: int) -> Recall:
    """Read what is needed of a generation: 0.3 s and 40 MB.

    :param generation_id: a generation that is loaded.
    """
    return Recall(Pieces.read(conn, generation_id), gazetteer_of(conn, generation_id))


def _is_doubtful(metres: float) -> bool:
    """Tell whether a millimetre more or less would change what is said of a distance."""
    to_next_digit = abs(metres * 10 % 1 - 0.5) / 10
    return to_next_digit < UNSURE_M or abs(metres - BORDER_M) < UNSURE_M
