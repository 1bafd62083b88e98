"""Owns the features of the layers of regions: whole shapes, paged by their bytes too.

A page goes on where the one before ended, in the same generation of the boundaries: whoever reads
while another one is put in force gets one of the two, never a mixture.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select

from backend.maps.ogc.wanted import Extent, Feature, FeaturePage, Wanted, touches
from backend.maps.queries import current_generation
from backend.pagination import InvalidCursor, decode_cursor, encode_cursor
from geo.areas import Bbox
from geo.geojson import DECIMALS
from geo.orm import Executor
from geo.regions import Generation, Region
from geo.regions.facts import select_regions
from geo.regions.models import GenerationRow, RegionRow

MOST_SHAPE_BYTES = 3_000_000
"""Of shapes on one page as they are stored; as GeoJSON they are about 1.4 times as long."""

SEOUL = ZoneInfo("Asia/Seoul")

Condition = Callable[[str], ColumnElement[bool]]

FILTERS: Mapping[str, Condition] = {
    "code": lambda code: RegionRow.code == code,
    "region_code": lambda code: RegionRow.code.startswith(code, autoescape=True),
    "local_government_code": lambda code: RegionRow.local_government_code == code,
}
"""Parameter -> its condition."""


@dataclass(frozen=True, slots=True)
class RegionFacts:
    """A region and the generation of boundaries that it belongs to."""

    region: Region
    generation: Generation


@dataclass(frozen=True, slots=True)
class RegionSource:
    """The regions of one level in the generation in force.

    :param level: 1 sido, 2 sigungu, 3 emd.
    """

    level: int

    def read_page(self, conn: Executor, wanted: Wanted) -> FeaturePage:
        """Return regions in code order, as many as are asked for and fit on a page."""
        generation, code = _position(conn, wanted.after)
        if wanted.period and wanted.period.end and wanted.period.end < valid_from(generation):
            return FeaturePage((), None, 0)
        conditions = self._conditions(generation, wanted)
        page = self._sizes(conn, [*conditions, RegionRow.code > code], wanted.limit + 1)
        ids = _as_many_as_fit(page[: wanted.limit])
        features = self._features(conn, generation, RegionRow.id.in_(ids))
        cursor = None
        if len(ids) < len(page):
            cursor = encode_cursor([generation.id, features[-1].id])
        # Counting by shape would look at every shape.
        matched = None if wanted.boxes else _count(conn, conditions)
        return FeaturePage(features, cursor, matched)

    def find(self, conn: Executor, feature_id: str) -> Feature | None:
        """Return the region with a code, or None."""
        generation = current_generation(conn)
        # No code has anything but digits, and the database cannot even compare every text.
        if not (feature_id.isascii() and feature_id.isdigit()):
            return None
        level, code = RegionRow.level == self.level, RegionRow.code == feature_id
        found = self._features(
            conn, generation, RegionRow.generation_id == generation.id, level, code
        )
        return found[0] if found else None

    def measure(self, conn: Executor) -> Extent:
        """Return the box of the land, and the date of the boundaries."""
        generation = current_generation(conn)
        # The sido cover the same land as the levels below, and are few.
        box = (
            select(func.ST_Extent(RegionRow.geom).label("box"))
            .where(RegionRow.generation_id == generation.id, RegionRow.level == 1)
            .subquery()
        )
        sides = select(*(side(box.c.box) for side in _SIDES))
        return Extent(Bbox(*conn.execute(sides).one()), valid_from(generation))

    def _conditions(self, generation: Generation, wanted: Wanted) -> list[ColumnElement[bool]]:
        conditions = [RegionRow.generation_id == generation.id, RegionRow.level == self.level]
        conditions += [FILTERS[name](value) for name, value in wanted.filters.items()]
        if wanted.boxes:
            conditions.append(touches(RegionRow.geom, wanted.boxes))
        return conditions

    def _sizes(
        self, conn: Executor, conditions: Sequence[ColumnElement[bool]], limit: int
    ) -> Sequence[Any]:
        """Return ids and stored bytes in code order, without reading the shapes for it."""
        size = func.pg_column_size(RegionRow.geom).label("size")
        statement = select(RegionRow.id, size).where(*conditions)
        return conn.execute(statement.order_by(RegionRow.code).limit(limit)).all()

    def _features(
        self, conn: Executor, generation: Generation, *conditions: ColumnElement[bool]
    ) -> list[Feature]:
        statement = select_regions().add_columns(_shape()).where(*conditions)
        return [
            Feature(region.code, shape, RegionFacts(region, generation))
            for *facts, shape in conn.execute(statement.order_by(RegionRow.code))
            for region in [Region(*facts)]
        ]


_SIDES = (func.ST_XMin, func.ST_YMin, func.ST_XMax, func.ST_YMax)


def valid_from(generation: Generation) -> datetime:
    """Return the moment from which boundaries of their date hold, midnight in Seoul."""
    date = generation.data_date
    return datetime(date.year, date.month, date.day, tzinfo=SEOUL)


def _position(conn: Executor, cursor: str | None) -> tuple[Generation, str]:
    """Return the generation to read and the code after which to go on."""
    if cursor is None:
        return current_generation(conn), ""
    generation_id, code = decode_cursor(cursor, (RegionRow.generation_id, RegionRow.code))
    generation = _find_shown(conn, generation_id)
    if generation is None or not code.isdecimal():
        raise InvalidCursor(field="query.after")
    return generation, code


def _find_shown(conn: Executor, generation_id: int) -> Generation | None:
    """Return a generation that is or was in force; a draft is nobody's to see."""
    columns = [getattr(GenerationRow, name) for name in Generation.__dataclass_fields__]
    statement = select(*columns).where(
        GenerationRow.id == generation_id, GenerationRow.activated_at.is_not(None)
    )
    row = conn.execute(statement).one_or_none()
    return Generation(*row) if row else None


def _as_many_as_fit(sizes: Sequence[Any]) -> list[int]:
    """Return the ids of the first regions that fit on a page, one at the least."""
    ids: list[int] = []
    total = 0
    for row in sizes:
        total += row.size
        if ids and total > MOST_SHAPE_BYTES:
            break
        ids.append(row.id)
    return ids


def _count(conn: Executor, conditions: Sequence[ColumnElement[bool]]) -> int:
    return conn.execute(select(func.count()).select_from(RegionRow).where(*conditions)).scalar_one()


def _shape() -> ColumnElement[str]:
    """Return a shape as GeoJSON: shells counter-clockwise, holes clockwise (RFC 7946, 3.1.6).

    Digits are cut before the direction is looked at: some slivers turn round or become flat when
    their corners move. Reducing the precision drops the flat ones and keeps shapes valid. Every
    shape has parts, as a layer of a GeoPackage wants one type for all.
    """
    reduced = func.ST_Multi(func.ST_ReducePrecision(RegionRow.geom, 10.0**-DECIMALS))
    return func.ST_AsGeoJSON(func.ST_ForcePolygonCCW(reduced), DECIMALS)
