"""Owns answering `find_owner` from memory where memory cannot err; the rest is the database's.

Nearly every point needs no statement this way. Doubtful is whatever a millimetre could decide: who
owns a point on a border, what lies just within reach, which digit a distance rounds to.
"""

from collections.abc import Sequence
from math import cos, isfinite, radians

import shapely

from geo.crs import METRES_PER_DEGREE, Shapes, in_korea
from geo.geodesics import distances_m
from geo.orm import Executor
from geo.regions.gazetteer import Gazetteer, gazetteer_of
from geo.regions.locate import BORDER_M, Near, Owner
from geo.regions.pieces import UNSURE_DEGREES, Pieces

REACH = 1.01
"""So much further than asked is looked, as in `locate`: edges on the globe bulge a little."""

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
        point = shapely.Point(lon, lat)
        # An ellipse in metres: as wide as the distance to be told of, and taller.
        reach = BORDER_M * REACH / METRES_PER_DEGREE / cos(radians(lat))
        numbers = self._pieces.tree.query(point, predicate="dwithin", distance=reach)
        shapes = self._pieces.shapes[numbers]
        ids = self._pieces.region_ids[numbers].tolist()
        away = shapely.distance(shapes, point).tolist()
        here = {region_id for region_id, degrees in zip(ids, away, strict=True) if not degrees}
        touched = {
            region_id
            for region_id, degrees in zip(ids, away, strict=True)
            if degrees < UNSURE_DEGREES
        }
        if len(here) != 1 or here != touched:
            return None
        (owner_id,) = here
        others = [at for at, region_id in enumerate(ids) if region_id != owner_id]
        border = self._measure(lon, lat, [ids[at] for at in others], shapes[others])
        if border is None:
            return None
        return Owner(self._gazetteer, Near(owner_id, 0.0), tuple(border))

    def _measure(
        self, lon: float, lat: float, region_ids: Sequence[int], shapes: Shapes
    ) -> list[Near] | None:
        """Return the neighbours near the point, nearest first, or None for a doubtful distance."""
        nearest: dict[int, float] = {}
        measured = distances_m(lon, lat, shapes) if region_ids else []
        for region_id, metres in zip(region_ids, measured, strict=True):
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
