"""Owns what is to be known about a layer of tiles before the first one is asked for."""

from dataclasses import dataclass
from math import floor

from sqlalchemy import func, select

from backend.maps.queries import current_generation, read_attribution
from geo.areas import Bbox
from geo.orm import Executor
from geo.regions import Generation
from geo.regions.models import RegionRow
from geo.tiles import TileLayer
from geo.tiling import SIDO


@dataclass(frozen=True, slots=True)
class TileSet:
    """A layer of tiles of one generation.

    :param bounds: what its regions lie within.
    :param attribution: whom its shapes are owed to.
    :param host_url: where this host is, with a slash at the end.
    """

    layer: TileLayer
    generation: Generation
    bounds: Bbox
    attribution: str
    host_url: str


def read_tile_set(conn: Executor, layer: TileLayer, host_url: str) -> TileSet:
    """Return what strangers need to know about a layer to show its tiles.

    :raises BoundariesNotLoaded: when there are no boundaries.
    """
    generation = current_generation(conn)
    return TileSet(
        layer,
        generation,
        read_bounds(conn, generation),
        read_attribution(conn, generation),
        host_url,
    )


def read_bounds(conn: Executor, generation: Generation) -> Bbox:
    """Return the box that all regions of a generation lie within, to 6 decimals outwards."""
    extent = func.ST_Extent(RegionRow.geom)
    statement = select(
        func.ST_XMin(extent), func.ST_YMin(extent), func.ST_XMax(extent), func.ST_YMax(extent)
    ).where(RegionRow.generation_id == generation.id, RegionRow.level == SIDO)
    west, south, east, north = conn.execute(statement).one()
    return Bbox(_down(west), _down(south), -_down(-east), -_down(-north))


def _down(degrees: float) -> float:
    return floor(degrees * 1e6) / 1e6
