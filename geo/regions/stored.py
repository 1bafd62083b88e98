"""Owns reading generations as they are stored, in force or not, with their regions and shapes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import func, select, text

from geo.crs import Shapes
from geo.orm import Executor
from geo.regions.facts import Region, select_regions
from geo.regions.models import RegionRow

GENERATIONS = """
    SELECT g.id, g.label, g.state, g.data_date, g.loaded_at, g.validated_at, g.activated_at,
           g.retired_at, g.sources,
           count(r.id) FILTER (WHERE r.level = 1) AS sido,
           count(r.id) FILTER (WHERE r.level = 2) AS sigungu,
           count(r.id) FILTER (WHERE r.level = 3) AS emd,
           (SELECT count(*) FROM local_government l WHERE l.generation_id = g.id)
               AS local_governments
    FROM region_generation g LEFT JOIN region r ON r.generation_id = g.id
    {where} GROUP BY g.id ORDER BY g.id
"""


class GenerationNotFound(LookupError):
    """No generation has the id."""


@dataclass(frozen=True, slots=True)
class StoredGeneration:
    """A generation in whatever state, and how many regions and governments it holds."""

    id: int
    label: str
    state: str
    data_date: date
    loaded_at: datetime
    validated_at: datetime | None
    activated_at: datetime | None
    retired_at: datetime | None
    sources: list[dict[str, str]]
    sido: int
    sigungu: int
    emd: int
    local_governments: int


@dataclass(frozen=True, slots=True)
class StoredLevel:
    """The regions of one level in code order, and their shapes as they are stored.

    `wkb` holds the same bytes for the same shape, so that most of two generations need no geometry
    to be compared.
    """

    regions: tuple[Region, ...]
    wkb: NDArray[Any]

    @property
    def positions(self) -> dict[str, int]:
        """Return where each code stands."""
        return {region.code: position for position, region in enumerate(self.regions)}

    def shapes(self, positions: Any = slice(None)) -> Shapes:
        """Return shapes in WGS 84.

        :param positions: which ones; all by default.
        """
        found: Shapes = shapely.from_wkb(self.wkb[positions])
        return found


def list_generations(conn: Executor) -> list[StoredGeneration]:
    """Return every generation, the oldest first."""
    rows = conn.execute(text(GENERATIONS.format(where="")))
    return [StoredGeneration(*row) for row in rows]


def get_generation(conn: Executor, generation_id: int) -> StoredGeneration:
    """Return a generation in whatever state.

    :raises GenerationNotFound: when there is none of this id.
    """
    statement = text(GENERATIONS.format(where="WHERE g.id = :id"))
    row = conn.execute(statement, {"id": generation_id}).one_or_none()
    if row is None:
        msg = f"there is no generation {generation_id}"
        raise GenerationNotFound(msg)
    return StoredGeneration(*row)


def read_level(conn: Executor, generation_id: int, level: int) -> StoredLevel:
    """Return the regions of one level of a generation with their shapes.

    :param generation_id: a generation in whatever state.
    :param level: 1 sido, 2 sigungu, 3 emd.
    """
    of_level = (RegionRow.generation_id == generation_id, RegionRow.level == level)
    regions = conn.execute(select_regions().where(*of_level).order_by(RegionRow.code))
    shapes = conn.execute(
        select(func.ST_AsBinary(RegionRow.geom, "NDR")).where(*of_level).order_by(RegionRow.code)
    )
    return StoredLevel(
        tuple(Region(*row) for row in regions),
        np.array([bytes(wkb) for (wkb,) in shapes], dtype=object),
    )
