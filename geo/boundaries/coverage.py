"""Owns the rule that every point of land has one owner: clean, absorb leftovers, join, simplify."""

from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import Shapes


class BrokenCoverage(ValueError):
    """Polygons that still overlap or do not share their edges."""


def polygonal(shape: shapely.Geometry) -> shapely.Geometry:
    """Return the valid polygonal part of a shape, without points, lines and empty parts."""
    valid = shape if shapely.is_valid(shape) else shapely.make_valid(shape)
    if valid.geom_type == "Polygon":
        return valid
    parts = shapely.get_parts(shapely.get_parts(valid))
    areas = [part for part in parts if part.geom_type == "Polygon" and part.area > 0]
    return areas[0] if len(areas) == 1 else shapely.multipolygons(areas)


def own_all(
    owners: Sequence[shapely.Geometry],
    leftovers: Sequence[shapely.Geometry],
    allowed: Sequence[Iterable[int]],
) -> Shapes:
    """Return the owners' shapes as a coverage in which the leftovers have an owner too.

    Owners and leftovers are cleaned into one coverage, so that all share exact edges; then each
    leftover joins the allowed owner with which it shares the longest border, in waves, since a
    leftover may touch only other leftovers; one that touches none joins the nearest.

    :param owners: shapes that may slightly overlap, WGS 84.
    :param leftovers: land without an owner, in single polygons.
    :param allowed: for each leftover the positions of the owners it may join.
    :raises BrokenCoverage: when the result is no valid coverage.
    """
    count = len(owners)
    cleaned = shapely.coverage_clean([*owners, *leftovers])
    heirs = _heirs(cleaned, count, [frozenset(positions) for positions in allowed])
    members: list[list[int]] = [[position] for position in range(count)]
    for leftover, owner in heirs.items():
        members[owner].append(leftover)
    joined = np.array([polygonal(join(cleaned[group])) for group in members], dtype=object)
    if not shapely.coverage_is_valid(joined):
        msg = "the neighbourhoods overlap or do not share their edges"
        raise BrokenCoverage(msg)
    return joined


def join(shapes: Shapes) -> shapely.Geometry:
    """Return the union of members of a valid coverage (their shared edges vanish exactly)."""
    if len(shapes) == 1:
        return shapes[0]
    return shapely.coverage_union_all(shapes)


def simplify(shapes: Shapes, tolerance: float) -> Shapes:
    """Simplify a coverage so that neighbours keep sharing their edges.

    :param shapes: a valid coverage.
    :param tolerance: square root of the area a corner may lose, in the units of the coordinates.
    """
    simplified: Shapes = shapely.coverage_simplify(shapes, tolerance)
    return simplified


def shared_borders(shapes: Shapes) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return which members of a coverage touch along a line, and how long.

    :param shapes: a valid coverage of n members.
    :returns: pairs of positions (m, 2), each with the smaller first, and the length of their common
        border (m,) in the units of the coordinates.
    """
    segments, owners = _segments(shapes)
    low_first = (segments[:, 0] < segments[:, 2]) | (
        (segments[:, 0] == segments[:, 2]) & (segments[:, 1] < segments[:, 3])
    )
    segments = np.where(low_first[:, None], segments, segments[:, [2, 3, 0, 1]])
    order = np.lexsort((owners, *segments.T[::-1]))
    segments, owners = segments[order], owners[order]
    twins = np.flatnonzero(np.all(segments[1:] == segments[:-1], axis=1))
    twins = twins[owners[twins] != owners[twins + 1]]
    lengths = np.hypot(
        segments[twins, 2] - segments[twins, 0], segments[twins, 3] - segments[twins, 1]
    )
    pairs, positions = np.unique(
        np.column_stack((owners[twins], owners[twins + 1])), axis=0, return_inverse=True
    )
    totals = np.bincount(positions.ravel(), weights=lengths, minlength=len(pairs))
    return pairs.astype(np.int64), totals.astype(np.float64)


def _segments(shapes: Shapes) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    polygons, owner_of_polygon = shapely.get_parts(shapes, return_index=True)
    rings, polygon_of_ring = shapely.get_rings(polygons, return_index=True)
    points, ring_of_point = shapely.get_coordinates(rings, return_index=True)
    same_ring = ring_of_point[1:] == ring_of_point[:-1]
    segments = np.hstack((points[:-1], points[1:]))[same_ring]
    owners = owner_of_polygon[polygon_of_ring[ring_of_point[:-1][same_ring]]]
    return segments, owners.astype(np.int64)


def _heirs(cleaned: Shapes, count: int, allowed: Sequence[frozenset[int]]) -> dict[int, int]:
    """Return for each leftover (position in `cleaned`, from `count` on) the owner it joins."""
    pairs, lengths = shared_borders(cleaned)
    neighbours: dict[int, list[tuple[int, float]]] = {}
    for (first, second), length in zip(pairs.tolist(), lengths.tolist(), strict=True):
        neighbours.setdefault(first, []).append((second, length))
        neighbours.setdefault(second, []).append((first, length))
    heirs: dict[int, int] = {}
    waiting = [p for p in range(count, len(cleaned)) if not cleaned[p].is_empty]
    while waiting:
        wave: dict[int, int] = {}
        for leftover in waiting:
            borders: dict[int, float] = {}
            for other, length in neighbours.get(leftover, ()):
                owner = other if other < count else heirs.get(other)
                if owner is not None and owner in allowed[leftover - count]:
                    borders[owner] = borders.get(owner, 0.0) + length
            if borders:
                # the smaller position wins a tie, so that a second run decides alike
                wave[leftover] = min(borders, key=lambda owner: (-borders[owner], owner))
        heirs |= wave
        if not wave:
            break
        waiting = [leftover for leftover in waiting if leftover not in wave]
    for leftover in waiting:
        candidates = sorted(allowed[leftover - count])
        distances = shapely.distance(cleaned[candidates], cleaned[leftover])
        heirs[leftover] = candidates[int(distances.argmin())]
    return heirs
