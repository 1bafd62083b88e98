"""Owns shapes for neighbourhoods that no source draws: shares of what is known around them."""

from collections.abc import Mapping

import shapely

from geo.boundaries.coverage import polygonal

THIN_DEGREES = 0.0005
"""Half the width (some 50 m) under which unclaimed land is a sliver between two outlines rather
than a neighbourhood's ground."""

REACH_DEGREES = 0.01
"""About 1 km: a point this close to unclaimed ground is taken to stand on it."""

Points = Mapping[str, shapely.Point]


def share_unclaimed(unclaimed: shapely.Geometry, points: Points) -> dict[str, shapely.Geometry]:
    """Divide unclaimed ground among the undrawn neighbourhoods that stand on it.

    Each connected piece of real width goes to the points on it, by nearness (Voronoi cells); a
    piece with no point is left to the neighbours.

    :param unclaimed: land of one sigungu that no outline claims, WGS 84.
    :param points: undrawn neighbourhoods by code.
    """
    core = shapely.buffer(unclaimed, -THIN_DEGREES)
    wide = shapely.intersection(shapely.buffer(core, THIN_DEGREES * 1.05), unclaimed)
    pieces = [piece for piece in shapely.get_parts(polygonal(wide)) if not piece.is_empty]
    standing: dict[int, dict[str, shapely.Point]] = {}
    if not pieces:
        return {}
    for code, point in points.items():
        distances = shapely.distance(pieces, point)
        nearest = int(distances.argmin())
        if distances[nearest] <= REACH_DEGREES:
            standing.setdefault(nearest, {})[code] = point
    shared: dict[str, shapely.Geometry] = {}
    for piece, there in standing.items():
        shared |= divide(pieces[piece], there)
    return shared


def divide(ground: shapely.Geometry, points: Points) -> dict[str, shapely.Geometry]:
    """Divide ground among points: each gets what is nearest to it. A point may get nothing.

    :param ground: polygon or multipolygon, WGS 84.
    :param points: who shares it, by code; at least one.
    """
    if len(points) == 1:
        return dict.fromkeys(points, ground)
    codes = sorted(points)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(
            shapely.multipoints([points[code] for code in codes]), extend_to=ground
        )
    )
    tree = shapely.STRtree(cells)
    shares = {}
    for code in codes:
        cell = tree.query(points[code], predicate="intersects")
        if len(cell):
            share = polygonal(shapely.intersection(ground, cells[int(cell[0])]))
            if not share.is_empty:
                shares[code] = share
    return shares


def carve(
    drawn: Mapping[str, shapely.Geometry], seats: Points, guests: Points
) -> dict[str, shapely.Geometry]:
    """Cut undrawn neighbourhoods out of the drawn ones they stand in.

    New-town dong are carved from a myeon that keeps its name, or from a dong that was divided; the
    host keeps what is nearer to its own seat.

    :param drawn: shapes of one sigungu by code.
    :param seats: a point for each drawn neighbourhood.
    :param guests: undrawn neighbourhoods by code.
    :returns: the new shapes of hosts and guests; what is not in it is unchanged.
    """
    codes = sorted(drawn)
    if not codes:
        return {}
    shapes = [drawn[code] for code in codes]
    visits: dict[str, dict[str, shapely.Point]] = {}
    for code, point in guests.items():
        host = codes[int(shapely.distance(shapes, point).argmin())]
        visits.setdefault(host, {})[code] = point
    changed: dict[str, shapely.Geometry] = {}
    for host, there in visits.items():
        seat = seats[host]
        if not shapely.intersects(drawn[host], seat):
            seat = shapely.point_on_surface(drawn[host])
        changed |= divide(drawn[host], {**there, host: seat})
    return changed
