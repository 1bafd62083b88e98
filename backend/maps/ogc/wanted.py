"""Owns what is asked of a layer and what it gives: filters, pages, features; knows no table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from sqlalchemy import ColumnElement, func, or_

from geo.areas import Bbox
from geo.orm import SRID_WGS84, Executor

DEFAULT_LIMIT = 100
MOST_FEATURES = 1000


class Period(NamedTuple):
    """A time, from its first to its last moment, both within; None is open."""

    start: datetime | None
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which features of a layer are asked for.

    :param limit: at most so many.
    :param after: cursor of the page before, None for the first.
    :param boxes: features in any of them; without one, wherever they are.
    :param filters: further conditions by the parameters' names; what is None does not matter.
    """

    limit: int = DEFAULT_LIMIT
    after: str | None = None
    boxes: Sequence[Bbox] = ()
    period: Period | None = None
    filters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature: its id, its geometry as GeoJSON text, and the facts that its attributes say."""

    id: str
    geometry: str
    facts: Any


@dataclass(frozen=True, slots=True)
class FeaturePage:
    """Some features, in an order that stays, and where the next page starts (None at the end).

    :param matched: how many there are on all pages, None where counting would cost.
    """

    features: Sequence[Feature]
    next_cursor: str | None
    matched: int | None = None


@dataclass(frozen=True, slots=True)
class Extent:
    """Where and since when a layer has features; `since` is None where time plays no part."""

    bbox: Bbox
    since: datetime | None


class Source(Protocol):
    """Where the features of a layer come from."""

    def read_page(self, conn: Executor, wanted: Wanted) -> FeaturePage:
        """Return one page of the features that are asked for.

        :raises InvalidCursor: when `wanted.after` was not made by this layer.
        """

    def find(self, conn: Executor, feature_id: str) -> Feature | None:
        """Return a feature by its id, or None; any text may be asked for."""

    def measure(self, conn: Executor) -> Extent:
        """Return where and since when there are features."""


def touches(geom: Any, boxes: Sequence[Bbox]) -> ColumnElement[bool]:
    """Return the condition that a geometry has a point in one of some boxes, edges included."""
    return or_(*(func.ST_Intersects(geom, _envelope(box)) for box in boxes))


def _envelope(box: Bbox) -> ColumnElement[Any]:
    """Return a box as a geometry: a point or a line where it has no area.

    A polygon without area meets nothing once PostGIS has prepared it for a second row.
    """
    corners = (func.ST_MakePoint(box.west, box.south), func.ST_MakePoint(box.east, box.north))
    diagonal = func.ST_MakeLine(*corners)
    envelope: ColumnElement[Any] = func.ST_Envelope(func.ST_SetSRID(diagonal, SRID_WGS84))
    return envelope
