"""Owns measuring how far regions of one level are from each other, and how long they touch."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from geo.boundaries.coverage import shared_borders
from geo.boundaries.distances import Positions, pair_distances
from geo.crs import Floats, Shapes

FEWEST = 3
"""A region with fewer others in reach is measured to the nearest ones, however far: islands."""


@dataclass(frozen=True)
class Pairs:
    """Pairs of regions by position (m,), `low` before `high`: metres between and in common."""

    low: Positions
    high: Positions
    distance_m: Floats
    border_m: Floats


def measure_pairs(shapes: Shapes, reach_m: float) -> Pairs:
    """Measure all pairs of regions that lie within reach, and the nearest ones of the lonely.

    :param shapes: a valid coverage of n regions on EPSG:5179.
    :param reach_m: largest distance between two shapes, in metres.
    """
    low, high = _boxes_in_reach(shapes, reach_m)
    borders = _borders(shapes)
    border_m, distance_m = _measure(shapes, borders, low, high)
    within = distance_m <= reach_m
    reached = np.bincount(np.concatenate((low[within], high[within])), minlength=len(shapes))
    lonely = np.flatnonzero(reached < FEWEST).tolist()
    pairs = {*zip(low[within].tolist(), high[within].tolist(), strict=True)}
    added = {pair for one in lonely for pair in _nearest(shapes, one)} - pairs
    more = np.array(sorted(added), dtype=np.int64).reshape(-1, 2)
    more_border_m, more_distance_m = _measure(shapes, borders, more[:, 0], more[:, 1])
    return Pairs(
        np.concatenate((low[within], more[:, 0])),
        np.concatenate((high[within], more[:, 1])),
        np.concatenate((distance_m[within], more_distance_m)),
        np.concatenate((border_m[within], more_border_m)),
    )


def _boxes_in_reach(shapes: Shapes, reach_m: float) -> tuple[Positions, Positions]:
    west, south, east, north = shapely.bounds(shapes).T
    boxes = shapely.box(west - reach_m, south - reach_m, east + reach_m, north + reach_m)
    first, second = shapely.STRtree(shapes).query(boxes)
    once = first < second
    return first[once].astype(np.int64), second[once].astype(np.int64)


def _borders(shapes: Shapes) -> dict[tuple[int, int], float]:
    pairs, lengths = shared_borders(shapes)
    low, high = pairs.T.tolist()
    return dict(zip(zip(low, high, strict=True), lengths.tolist(), strict=True))


def _measure(
    shapes: Shapes, borders: Mapping[tuple[int, int], float], low: Positions, high: Positions
) -> tuple[Floats, Floats]:
    """Return the common borders and the distances of pairs; what shares an edge is not apart."""
    asked = zip(low.tolist(), high.tolist(), strict=True)
    border_m = np.array([borders.get(pair, 0.0) for pair in asked], dtype=np.float64)
    distance_m = np.zeros(len(low), dtype=np.float64)
    apart = border_m == 0
    distance_m[apart] = pair_distances(shapes, low[apart], high[apart])
    return border_m, distance_m


def _nearest(shapes: Shapes, one: int) -> list[tuple[int, int]]:
    """Return the pairs of a region with those nearest to it."""
    boxes = shapely.box(*shapely.bounds(shapes).T)
    at_least = shapely.distance(boxes, boxes[one])
    at_least[one] = np.inf
    count = min(FEWEST, len(shapes) - 1)
    likely = np.argsort(at_least, kind="stable")[:count]
    if not count:
        return []
    at_most = shapely.distance(shapes[likely], shapes[one]).max()
    candidates = np.flatnonzero(at_least <= at_most)
    order = np.argsort(shapely.distance(shapes[candidates], shapes[one]), kind="stable")
    return [(min(one, at), max(one, at)) for at in candidates[order][:count].tolist()]
