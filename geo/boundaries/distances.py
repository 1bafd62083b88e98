"""Owns exact distances between many pairs of shapes, large ones too, in reasonable time."""

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import Floats, Shapes

LARGE = 100_000
"""Product of the numbers of vertices from which cutting into pieces beats comparing all edges."""

PIECE_VERTICES = 48
BATCH = 24
"""Pairs of pieces compared at a time."""

Positions = NDArray[np.int64]


def pair_distances(shapes: Shapes, low: Positions, high: Positions) -> Floats:
    """Return the distances between pairs of shapes of a coverage, none of which holds another.

    :param shapes: polygons (n,) on a plane.
    :param low: positions of the one of each pair (m,).
    :param high: positions of the other (m,).
    :returns: distances (m,) in the units of the coordinates, 0 where they meet.
    """
    vertices = shapely.get_num_coordinates(shapes).astype(np.int64)
    large = vertices[low] * vertices[high] > LARGE
    found = np.zeros(len(low), dtype=np.float64)
    found[~large] = shapely.distance(shapes[low[~large]], shapes[high[~large]])
    pieces = {int(at): _Pieces(shapes[at]) for at in np.unique((low[large], high[large]))}
    found[large] = [
        _distance(pieces[one], pieces[other])
        for one, other in zip(low[large].tolist(), high[large].tolist(), strict=True)
    ]
    return found


class _Pieces:
    """The outline of a shape in short lines, and their boxes."""

    def __init__(self, shape: shapely.Geometry) -> None:
        rings = shapely.get_rings(shapely.get_parts(shape))
        lines = [
            points[start : start + PIECE_VERTICES + 1]
            for points in map(shapely.get_coordinates, rings)
            for start in range(0, len(points) - 1, PIECE_VERTICES)
        ]
        owners = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
        self.lines = shapely.linestrings(np.concatenate(lines), indices=owners)
        self.west, self.south, self.east, self.north = shapely.bounds(self.lines).T


def _distance(one: _Pieces, other: _Pieces) -> float:
    """Compare pairs of pieces, those whose boxes are nearest first, until no box can be nearer."""
    across = np.maximum(one.west[:, None] - other.east, other.west - one.east[:, None])
    along = np.maximum(one.south[:, None] - other.north, other.south - one.north[:, None])
    apart = np.hypot(np.maximum(across, 0.0), np.maximum(along, 0.0)).ravel()
    best = _nearest(one, other, _smallest(apart, BATCH))
    nearer = np.flatnonzero(apart < best)
    nearer = nearer[np.argsort(apart[nearer], kind="stable")]
    for start in range(0, len(nearer), BATCH):
        if apart[nearer[start]] >= best:
            break
        best = min(best, _nearest(one, other, nearer[start : start + BATCH]))
    return best


def _nearest(one: _Pieces, other: _Pieces, pairs: Positions) -> float:
    rows, columns = np.divmod(pairs, len(other.lines))
    return float(shapely.distance(one.lines[rows], other.lines[columns]).min())


def _smallest(values: Floats, count: int) -> Positions:
    if len(values) <= count:
        return np.arange(len(values), dtype=np.int64)
    return np.argpartition(values, count)[:count].astype(np.int64)
