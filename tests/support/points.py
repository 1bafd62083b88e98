"""Points that are asked about: on land, and where neighbourhoods meet."""

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.boundaries.layer import Layer

Points = NDArray[np.float64]

Shapes = NDArray[np.object_]


def neighbourhood_shapes(country: Layer) -> Shapes:
    """Return the shapes of all neighbourhoods."""
    chosen = [number for number, region in enumerate(country.regions) if region.level == 3]
    shapes: Shapes = country.shapes[chosen]
    return shapes


def vertices_of(shapes: Shapes, count: int, seed: int) -> Points:
    """Return so many vertices of outlines."""
    vertices = np.unique(shapely.get_coordinates(shapes), axis=0)
    return np.random.default_rng(seed).choice(vertices, count, replace=False)


def points_on_land(shapes: Shapes, count: int, seed: int) -> Points:
    """Return points spread evenly over the neighbourhoods, so that small ones get their share."""
    random = np.random.default_rng(seed)
    found: list[Points] = []
    while sum(map(len, found)) < count:
        boxes = shapely.bounds(random.choice(shapes, count))
        xy = random.uniform(boxes[:, :2], boxes[:, 2:])
        numbers, _ = shapely.STRtree(shapes).query(shapely.points(xy), predicate="within")
        found.append(xy[np.unique(numbers)])
    return np.concatenate(found)[:count]
