"""Memory says of a point what the database says, or that the database has to be asked."""

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from geo.boundaries.layer import Layer
from geo.regions import Owner, Recall, active_generation, find_owner, read_recall
from tests.support.points import Points, Shapes, neighbourhood_shapes, points_on_land, vertices_of

FEW = 400
MANY = 10_000
"""Points of each kind, in `make test` and in `make check`."""


@pytest.fixture(scope="session")
def shapes(country: Layer) -> Shapes:
    return neighbourhood_shapes(country)


@pytest.fixture
def recall(connection: Connection) -> Recall:
    return read_recall(connection, active_generation(connection).id)


def told(owner: Owner | None) -> object:
    """Return what an answer says of an owner."""
    if owner is None:
        return None
    border = [(near.region_id, round(near.distance_m, 1)) for near in owner.border]
    return owner.region.region_id, owner.match, owner.distance_m, border


def count_answered(connection: Connection, recall: Recall, xy: Points) -> int:
    """Compare both ways for every point that memory answers; return how many those are."""
    answered = 0
    for lon, lat in xy.tolist():
        owner = recall.find_owner(lon, lat)
        if owner is not None:
            answered += 1
            assert told(owner) == told(find_owner(connection, lon, lat))
    return answered


def beside(xy: Points, metres: float) -> Points:
    """Return points shifted to the north-east by about so many metres along each axis."""
    return xy + metres / 100_000


def test_points_on_land_are_nearly_all_answered_and_alike(
    connection: Connection, recall: Recall, shapes: Shapes
) -> None:
    answered = count_answered(connection, recall, points_on_land(shapes, FEW, seed=11))
    assert answered > 0.9 * FEW


@pytest.mark.parametrize("metres", [0.001, 0.5, 60.0, 99.0, 101.0])
def test_beside_a_border_the_neighbours_and_their_distances_are_alike(
    connection: Connection, recall: Recall, shapes: Shapes, metres: float
) -> None:
    xy = beside(vertices_of(shapes, FEW // 4, seed=12), metres)
    assert count_answered(connection, recall, xy) > 0


@pytest.mark.heavy
def test_very_many_points_are_answered_alike(
    connection: Connection, recall: Recall, shapes: Shapes
) -> None:
    vertices = vertices_of(shapes, MANY, seed=13)
    shifts = np.random.default_rng(14).uniform(-0.002, 0.002, vertices.shape)
    xy = np.concatenate((points_on_land(shapes, MANY, seed=15), vertices + shifts))
    assert count_answered(connection, recall, xy) > MANY


def test_a_point_on_a_border_is_left_to_the_database(recall: Recall, shapes: Shapes) -> None:
    xy = vertices_of(shapes, FEW, seed=16)
    tree = shapely.STRtree(shapes)
    numbers, _ = tree.query(shapely.points(xy), predicate="dwithin", distance=1e-9)
    shared = xy[np.bincount(numbers, minlength=FEW) > 1]
    assert len(shared) > FEW / 10
    assert not any(recall.find_owner(lon, lat) for lon, lat in shared.tolist())


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lon=st.floats(124.6, 131.9), lat=st.floats(33.0, 38.7))
def test_at_sea_memory_is_silent_or_right(
    connection: Connection, recall: Recall, lon: float, lat: float
) -> None:
    owner = recall.find_owner(lon, lat)
    assert owner is None or told(owner) == told(find_owner(connection, lon, lat))


@pytest.mark.parametrize(
    "position", [(float("nan"), 37.5), (37.5, 127.0), (181.0, 37.5), (139.7, 35.7), (0.0, 90.0)]
)
def test_what_is_no_position_here_is_left_to_the_database(
    recall: Recall, position: tuple[float, float]
) -> None:
    assert recall.find_owner(*position) is None
