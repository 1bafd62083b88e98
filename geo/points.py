"""Owns vector tiles (MVT 2.1) of points: clusters of a grid with exact counts, then single points.

What the points are and which of them may be seen is the caller's select; here is only geometry.
"""

from math import atan, degrees, pi, sinh
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    Subquery,
    Text,
    case,
    cast,
    false,
    func,
    literal,
    null,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, BIT, aggregate_order_by

from geo.orm import SRID_WGS84, Executor
from geo.tiles import OutsidePyramid
from geo.tiling import EXTENT

CLOSEST_ZOOM = 14
"""The zoom of single points, from which clients draw all closer ones (overzoom)."""

CELLS = 8
"""Grid cells along a tile's side: 64 pixels of a tile that is 512 pixels wide."""

MOST_SINGLE = 1000
"""Single points in one tile of the closest zoom; what is beyond stays in clusters."""

FIELDS = {
    "id": "Id of the point, for a single one",
    "point_count": "How many points this is, exactly; 1 for a single one",
    "splits_at": "Zoom at which the cluster falls apart; none when all stand on one spot",
    "on_spot": "How many single points share this spot, told by the newest; 0 for the others",
    "truncated": "The tile holds too many points to give these one by one",
}

MERCATOR_LAT = degrees(atan(sinh(pi)))
"""Where the square of Web Mercator ends; what lies beyond is drawn on its edge."""

FINEST = EXTENT << CLOSEST_ZOOM
"""Units along the world's side at the closest zoom, half a metre each: a spot is one of them."""

SLACK_DEGREES = 1e-6
"""Margin of the box that finds candidates; the grid decides, so rounding loses nothing."""


def check_address(z: int, x: int, y: int) -> None:
    """Refuse a tile that no layer of points has.

    :raises OutsidePyramid: when the zoom or the grid of the zoom ends before it.
    """
    if not 0 <= z <= CLOSEST_ZOOM or not (0 <= x < 2**z and 0 <= y < 2**z):
        msg = f"{z}/{x}/{y}"
        raise OutsidePyramid(msg)


def point_tile(  # noqa: PLR0917 (z, x, y is one address)
    conn: Executor, layer: str, points: Select[Any], z: int, x: int, y: int
) -> bytes | None:
    """Return one tile of points, or None when none lies in it.

    Each point belongs to one cell of a grid over the world and so to one tile: the counts of all
    tiles of a zoom add up to the number of points. A feature is one cell's points at their mean,
    or a single point with its facts; a cluster says where it falls apart, and of single points on
    one spot the newest says how many they are. Equal rows give equal bytes, whatever the plan.

    :param layer: name of the layer inside the tile.
    :param points: a select of `id`, `geom` (POINT, WGS 84) and facts (texts or numbers), the
        geometry being a column with an index.
    :param z: zoom, 0 to `CLOSEST_ZOOM`.
    :param x: column from the west.
    :param y: row from the north.
    :raises OutsidePyramid: when there is no such tile.
    """
    check_address(z, x, y)
    features = _features(points, z, x, y).subquery("t")
    statement = select(
        func.ST_AsMVT(
            features.table_valued(),
            cast(layer, Text),
            EXTENT,
            "geom",
            aggregate_order_by(literal("feature_id"), features.c.feature_id),
        )
    )
    return bytes(conn.execute(statement).scalar_one() or b"") or None


def _features(points: Select[Any], z: int, x: int, y: int) -> Select[Any]:
    groups = _groups(points, z, x, y).subquery("groups")
    count, rank, cell = groups.c.point_count, groups.c.rank, groups.c.cell
    # Facts are looked up for single points only: to gather everybody's would take most of the time.
    facts = points.subquery("facts")
    number = func.row_number().over(order_by=[rank, cell]) if z == CLOSEST_ZOOM else cell + 1
    gathered_late = (count > 1) if z == CLOSEST_ZOOM else false()
    return (
        select(
            number.label("feature_id"),
            cast(facts.c.id, Text).label("id"),
            count,
            _splits_at(groups, z).label("splits_at"),
            _on_spot(groups, z).label("on_spot"),
            case((gathered_late, true())).label("truncated"),
            *(column for column in facts.c if column.name not in ("id", "geom")),
            func.ST_MakePoint(
                # Whole units, summed as integers: the mean does not hang on the order of rows.
                groups.c.sum_x // count - x * EXTENT,
                groups.c.sum_y // count - y * EXTENT,
            ).label("geom"),
        )
        .select_from(groups)
        .outerjoin(facts, (count == 1) & (facts.c.id == groups.c.first_id))
    )


def _groups(points: Select[Any], z: int, x: int, y: int) -> Select[Any]:
    """Select cells of a tile with the number of their points, and single points as their own."""
    here = _in_tile(points, z, x, y).subquery("here")
    pixels_of_cell = EXTENT // CELLS
    cell = (here.c.py // pixels_of_cell) * (CELLS << z) + here.c.px // pixels_of_cell
    rank = _rank(here.c.id, z)
    ranked = select(here, cell.label("cell"), rank.label("rank")).subquery("ranked")
    return select(
        ranked.c.cell,
        ranked.c.rank,
        cast(func.count(), Integer).label("point_count"),
        cast(func.sum(ranked.c.px), BigInteger).label("sum_x"),
        cast(func.sum(ranked.c.py), BigInteger).label("sum_y"),
        _spread(ranked.c.spot_x).op("|")(_spread(ranked.c.spot_y)).label("spread"),
        func.array_agg(ranked.c.id, type_=ARRAY(ranked.c.id.type))[1].label("first_id"),
    ).group_by(ranked.c.cell, ranked.c.rank)


def _spread(spot: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the bits in which the positions of a group differ along one axis, 0 on one spot."""
    # The highest of them is right: between the least and the greatest no higher one can change.
    return func.max(spot).op("#")(func.min(spot))


def _splits_at(groups: Subquery, z: int) -> ColumnElement[Any]:
    """Return the zoom at which the grid parts a cluster, nothing when none does."""
    if z == CLOSEST_ZOOM:
        return cast(null(), Integer)
    # Each zoom's cells are told apart by one bit more.
    bits = func.length(func.ltrim(cast(cast(groups.c.spread, BIT(32)), Text), "0"))
    parted = func.least((FINEST // CELLS).bit_length() - bits, CLOSEST_ZOOM)
    return case((groups.c.spread > 0, parted))


def _on_spot(groups: Subquery, z: int) -> ColumnElement[Any]:
    """Return how many single points share the spot of one, nothing when it is alone there.

    One of them tells it, so that whoever draws the number draws it once.
    """
    if z < CLOSEST_ZOOM:
        return cast(null(), Integer)
    is_single = groups.c.rank.is_not(None)
    spot = [groups.c.sum_x, groups.c.sum_y, is_single]
    sharing = func.count().over(partition_by=spot)
    is_newest = groups.c.rank == func.min(groups.c.rank).over(partition_by=spot)
    told = case((is_newest, cast(sharing, Integer)), else_=0)
    return case((is_single & (sharing > 1), told))


def _in_tile(points: Select[Any], z: int, x: int, y: int) -> Select[Any]:
    """Select the points of one tile with their units, counted over the whole world."""
    columns = points.selected_columns
    near = points.with_only_columns(columns.id, columns.geom).where(
        columns.geom.op("&&")(_box(z, x, y))
    )
    # Behind the fence the units are computed once and not again for every use of them.
    found = near.offset(0).subquery("near")
    units = (
        select(
            found.c.id,
            _unit(_east(found.c.geom)).label("spot_x"),
            _unit(_south(found.c.geom)).label("spot_y"),
        )
        .offset(0)
        .subquery("units")
    )
    spots_of_unit = 1 << (CLOSEST_ZOOM - z)
    px, py = (spot // spots_of_unit for spot in (units.c.spot_x, units.c.spot_y))
    return select(units, px.label("px"), py.label("py")).where(
        px.between(x * EXTENT, (x + 1) * EXTENT - 1),
        py.between(y * EXTENT, (y + 1) * EXTENT - 1),
    )


def _rank(id_column: ColumnElement[Any], z: int) -> ColumnElement[Any]:
    """Return the place of a point that is given by itself, nothing for one that is gathered."""
    if z < CLOSEST_ZOOM:
        return cast(null(), Integer)
    # Ids ascend with time: the newest are given one by one.
    place = func.row_number().over(order_by=id_column.desc())
    return case((place <= MOST_SINGLE, place))


def _east(geom: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return how far east a position lies: 0 at 180 degrees west, 1 at 180 degrees east."""
    return (func.ST_X(geom) + 180.0) / 360.0


def _south(geom: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return how far south a position lies on the square of Web Mercator, 0 to 1."""
    lat = func.least(func.greatest(func.ST_Y(geom), -MERCATOR_LAT), MERCATOR_LAT)
    return 0.5 - func.asinh(func.tan(func.radians(lat))) / (2 * pi)


def _unit(share: ColumnElement[Any]) -> ColumnElement[Any]:
    unit = func.floor(share * float(FINEST))
    return cast(func.least(func.greatest(unit, 0), FINEST - 1), BigInteger)


def _box(z: int, x: int, y: int) -> ColumnElement[Any]:
    """Return the box in degrees that holds a tile, up to the poles at the edge of the square."""
    west, east = (360.0 * column / 2**z - 180.0 for column in (x, x + 1))
    north = _latitude(z, y) if y > 0 else 90.0
    south = _latitude(z, y + 1) if y + 1 < 2**z else -90.0
    return func.ST_MakeEnvelope(
        west - SLACK_DEGREES,
        south - SLACK_DEGREES,
        east + SLACK_DEGREES,
        north + SLACK_DEGREES,
        SRID_WGS84,
    )


def _latitude(z: int, row: int) -> float:
    return degrees(atan(sinh(pi * (1 - 2 * row / 2**z))))
