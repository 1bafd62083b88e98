"""Every point has exactly one owner, and the same one by every path."""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sqlalchemy import Connection, bindparam, text

from geo.boundaries import current_governments, load_layer
from geo.boundaries.layer import Layer
from geo.regions import activate, active_generation, locate, locate_many
from geo.regions.gazetteer import gazetteer_of
from geo.regions.memory import NOBODY, Locator
from geo.regions.validation import validate
from tests.support.points import Points, neighbourhood_shapes, points_on_land, vertices_of

FEW = (2_000, 10_000)
"""Border vertices and points on land in `make test`."""
MANY = (20_000, 100_000)
"""The same in `make check`."""

SINGLES = 300
"""Of them so many are asked one by one, half vertices and half land."""


@pytest.fixture(scope="session")
def neighbourhoods(country: Layer) -> NDArray[np.object_]:
    """The shapes of all neighbourhoods."""
    return neighbourhood_shapes(country)


def ids_in_bulk(connection: Connection, xy: Points) -> list[int]:
    found = locate_many(connection, xy[:, 0].tolist(), xy[:, 1].tolist(), coast_m=0)
    return [owned.region_id if owned else NOBODY for owned in found.owners]


def ids_in_memory(connection: Connection, xy: Points) -> list[int]:
    owners: list[int] = Locator(connection).owners(xy[:, 0], xy[:, 1], coast_m=0).tolist()
    return owners


def ids_one_by_one(connection: Connection, xy: Sequence[tuple[float, float]]) -> list[int]:
    found = [locate(connection, lon, lat, coast_m=0, border_m=0) for lon, lat in xy]
    return [location.emd.id if location else NOBODY for location in found]


def codes_of(connection: Connection, ids: Sequence[int]) -> list[str]:
    regions = gazetteer_of(connection, active_generation(connection).id).regions
    return [regions[id_].code for id_ in ids]


def check_one_owner(
    connection: Connection, shapes: NDArray[np.object_], counts: tuple[int, int]
) -> None:
    xy = np.concatenate(
        (vertices_of(shapes, counts[0], seed=7), points_on_land(shapes, counts[1], seed=20251130))
    )
    owners = ids_in_bulk(connection, xy)
    assert NOBODY not in owners
    assert ids_in_memory(connection, xy) == owners
    chosen = [*range(SINGLES // 2), *range(counts[0], counts[0] + SINGLES // 2)]
    assert ids_one_by_one(connection, xy[chosen]) == [owners[number] for number in chosen]


def test_vertices_and_land_have_one_owner_by_every_path(
    connection: Connection, neighbourhoods: NDArray[np.object_]
) -> None:
    check_one_owner(connection, neighbourhoods, FEW)


@pytest.mark.heavy
def test_very_many_vertices_and_points_have_one_owner_by_every_path(
    connection: Connection, neighbourhoods: NDArray[np.object_]
) -> None:
    check_one_owner(connection, neighbourhoods, MANY)


def test_middles_of_borders_have_one_owner_by_every_path(
    connection: Connection, neighbourhoods: NDArray[np.object_]
) -> None:
    shapes = neighbourhoods[::50]
    vertices, rings = shapely.get_coordinates(
        shapely.get_rings(shapely.get_parts(shapes)), return_index=True
    )
    same = rings[1:] == rings[:-1]
    middles = ((vertices[1:] + vertices[:-1]) / 2)[same][::7]
    owners = ids_in_bulk(connection, middles)
    assert NOBODY not in owners
    assert ids_in_memory(connection, middles) == owners
    assert ids_one_by_one(connection, middles[:SINGLES]) == owners[:SINGLES]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lon=st.floats(124.6, 131.9), lat=st.floats(33.0, 38.7), coast_m=st.sampled_from([0, 3000]))
def test_any_point_at_all_is_answered_alike(
    connection: Connection, lon: float, lat: float, coast_m: float
) -> None:
    alone = locate(connection, lon, lat, coast_m=coast_m)
    (owned,) = locate_many(connection, [lon], [lat], coast_m=coast_m).owners
    assert (owned is None) == (alone is None)
    if owned and alone:
        found = (owned.region_id, owned.match, owned.distance_m)
        assert found == (alone.emd.id, alone.match, alone.distance_m)


def test_no_point_of_land_lies_within_two_neighbourhoods(
    neighbourhoods: NDArray[np.object_],
) -> None:
    xy = points_on_land(neighbourhoods, FEW[1], seed=3)
    tree = shapely.STRtree(neighbourhoods)
    numbers, _ = tree.query(shapely.points(xy), predicate="within")
    assert len(numbers) == len(set(numbers.tolist())) == len(xy)


def test_on_a_border_the_smaller_code_owns(
    connection: Connection, neighbourhoods: NDArray[np.object_], country: Layer
) -> None:
    codes = np.array([region.code for region in country.regions if region.level == 3])
    xy = vertices_of(neighbourhoods, 200, seed=1)
    numbers, at = shapely.STRtree(neighbourhoods).query(shapely.points(xy), predicate="intersects")
    smallest = [min(codes[at[numbers == number]]) for number in range(len(xy))]
    assert codes_of(connection, ids_in_bulk(connection, xy)) == smallest


def test_loaded_again_the_same_layer_gives_the_same_owners(
    connection: Connection, neighbourhoods: NDArray[np.object_], country: Layer
) -> None:
    now = datetime(2026, 11, 25, tzinfo=UTC)
    xy = np.concatenate(
        (vertices_of(neighbourhoods, 500, seed=5), points_on_land(neighbourhoods, 500, seed=5))
    )
    before = codes_of(connection, ids_in_bulk(connection, xy))
    again = load_layer(connection, country, current_governments(), now, lambda _: None)
    assert validate(connection, again, now).passed
    activate(connection, again, now)
    ids = ids_in_bulk(connection, xy)
    loaded = text("SELECT count(*) FROM region WHERE id IN :ids AND generation_id <> :again")
    elsewhere = connection.execute(
        loaded.bindparams(bindparam("ids", expanding=True)), {"ids": ids, "again": again}
    )
    assert elsewhere.scalar() == 0
    assert codes_of(connection, ids) == before


def test_at_sea_memory_and_database_find_the_same_coast(connection: Connection) -> None:
    xy = np.array([(129.1870, 35.1480), (124.6, 35.5), (139.7, 35.7), (126.9779, 37.5663)])
    in_bulk = locate_many(connection, xy[:, 0].tolist(), xy[:, 1].tolist())
    owners = [owned.region_id if owned else NOBODY for owned in in_bulk.owners]
    assert [owner == NOBODY for owner in owners] == [False, True, True, False]
    assert Locator(connection).owners(xy[:, 0], xy[:, 1]).tolist() == owners


def test_positions_that_are_none_have_no_owner(connection: Connection) -> None:
    found = locate_many(connection, [float("nan"), float("inf"), 0.0], [37.5, 37.5, 90.0])
    assert list(found.owners) == [None, None, None]
    assert list(locate_many(connection, [], []).owners) == []
