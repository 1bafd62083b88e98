"""Every point has one owner, whichever way it is asked."""

import json
import random

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from backend.config import ROOT
from geo.boundaries.layer import Layer
from geo.regions import (
    InvalidCoordinates,
    NoActiveGeneration,
    SwappedAxes,
    active_generation,
    locate,
)
from geo.regions.locate import COAST_M
from geo.regions.memory import NOBODY, Locator

VERTICES = 2_000
POINTS = 10_000


@pytest.fixture(scope="session")
def locator(country: Layer) -> Locator:
    """The neighbourhoods of the country in memory."""
    chosen = [number for number, region in enumerate(country.regions) if region.level == 3]
    return Locator([country.regions[number].code for number in chosen], country.shapes[chosen])


def owners_in_sql(connection: Connection, xy: np.ndarray) -> list[str | None]:
    statement = text("""
        SELECT (SELECT r.code FROM region_piece p JOIN region r ON r.id = p.region_id
                WHERE p.level = 3 AND p.generation_id = :generation
                  AND ST_Covers(p.geom, ST_SetSRID(ST_MakePoint(q.lon, q.lat), 4326))
                ORDER BY p.region_id LIMIT 1)
        FROM unnest(CAST(:lons AS float8[]), CAST(:lats AS float8[])) WITH ORDINALITY
             AS q (lon, lat, i)
        ORDER BY q.i
    """)
    given_points = {"lons": xy[:, 0].tolist(), "lats": xy[:, 1].tolist()}
    generation = {"generation": active_generation(connection).id}
    return list(connection.execute(statement, given_points | generation).scalars())


def owners_in_memory(locator: Locator, xy: np.ndarray) -> list[str | None]:
    found = locator.owners(xy[:, 0], xy[:, 1])
    return [None if position == NOBODY else locator.codes[position] for position in found]


def test_city_hall(connection: Connection) -> None:
    found = locate(connection, 126.9779, 37.5663)
    assert found is not None
    assert found.emd.full_name == "서울특별시 중구 태평로1가"
    assert found.emd.legal_dong_code == "1114010300"
    assert (found.sigungu.code, found.sido.code) == ("11140", "11")
    assert (found.match, found.distance_m) == ("inside", 0.0)
    assert found.data_date.isoformat() == "2025-11-30"


def test_the_city_and_not_its_gu_governs(connection: Connection) -> None:
    found = locate(connection, 127.1136, 36.8151)
    assert found is not None
    assert found.sigungu.full_name == "충청남도 천안시 서북구"
    assert (found.local_government.code, found.local_government.name) == ("44130", "천안시")


def test_a_neighbour_within_reach_is_named(connection: Connection) -> None:
    found = locate(connection, 126.9779, 37.5663)
    assert found is not None
    assert [near.region.name for near in found.border] == ["을지로1가", "정동", "태평로2가"]
    assert all(0 < near.distance_m <= 100 for near in found.border)
    alone = locate(connection, 126.9779, 37.5663, border_m=0)
    assert alone is not None
    assert alone.border == ()


def test_off_the_coast_the_nearest_region_answers_up_to_its_cap(connection: Connection) -> None:
    pier = (129.1870, 35.1480)
    found = locate(connection, *pier)
    assert found is not None
    assert found.match == "nearest"
    assert 0 < found.distance_m <= COAST_M
    assert locate(connection, *pier, coast_m=found.distance_m - 1) is None


@pytest.mark.parametrize(
    ("lon", "lat"), [(124.6, 35.5), (139.7, 35.7), (-0.1, 51.5), (125.7, 39.0)]
)
def test_the_sea_and_abroad_have_no_owner(connection: Connection, lon: float, lat: float) -> None:
    assert locate(connection, lon, lat) is None


def test_bad_positions_are_told_apart(connection: Connection) -> None:
    with pytest.raises(SwappedAxes):
        locate(connection, 37.5663, 126.9779)
    with pytest.raises(InvalidCoordinates):
        locate(connection, float("nan"), 37.0)


def test_without_boundaries_nobody_answers(connection: Connection) -> None:
    connection.execute(text("UPDATE region_generation SET state = 'retired'"))
    with pytest.raises(NoActiveGeneration):
        locate(connection, 126.9779, 37.5663)


def test_the_demo_proposals_lie_where_they_say(connection: Connection) -> None:
    path = ROOT / "backend" / "demo" / "data" / "demo_proposals.json"
    for proposal in json.loads(path.read_text(encoding="utf-8")):
        found = locate(connection, proposal["lon"], proposal["lat"])
        assert found is not None
        assert found.emd.code == proposal["legal_dong_code"][:8], proposal["neighbourhood"]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lon=st.floats(124.6, 131.9), lat=st.floats(33.0, 38.7))
def test_any_point_has_at_most_one_owner_by_every_path(
    connection: Connection, locator: Locator, country: Layer, lon: float, lat: float
) -> None:
    xy = np.array([(lon, lat)])
    (owner,) = owners_in_memory(locator, xy)
    assert owners_in_sql(connection, xy) == [owner]
    found = locate(connection, lon, lat, coast_m=0, border_m=0)
    assert (found.emd.code if found else None) == owner


def test_random_points_have_one_owner_by_every_path(
    connection: Connection, locator: Locator, country: Layer
) -> None:
    random_state = np.random.default_rng(20251130)
    xy = random_state.uniform((124.6, 33.0), (131.9, 38.7), (POINTS, 2))
    owners = owners_in_memory(locator, xy)
    assert sum(owner is not None for owner in owners) > POINTS / 10
    assert owners_in_sql(connection, xy) == owners
    emd = [
        shape
        for region, shape in zip(country.regions, country.shapes, strict=True)
        if region.level == 3
    ]
    numbers, _ = shapely.STRtree(emd).query(shapely.points(xy), predicate="within")
    assert len(numbers) == len(set(numbers.tolist()))


def test_border_vertices_have_one_owner_by_every_path(
    connection: Connection, locator: Locator, country: Layer
) -> None:
    emd = [
        shape
        for region, shape in zip(country.regions, country.shapes, strict=True)
        if region.level == 3
    ]
    vertices = np.unique(shapely.get_coordinates(emd), axis=0)
    chosen = random.Random(7).sample(range(len(vertices)), VERTICES)  # noqa: S311 (a sample)
    xy = vertices[chosen]
    owners = owners_in_memory(locator, xy)
    assert None not in owners
    assert owners_in_sql(connection, xy) == owners


def test_of_two_owners_the_smaller_code_wins() -> None:
    halves = np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    locator = Locator(["11", "26"], halves)
    found = locator.owners(np.array([1.0, 1.5, 3.0]), np.array([0.5, 0.5, 0.5]))
    assert found.tolist() == [0, 1, NOBODY]
    with pytest.raises(ValueError, match="ascend"):
        Locator(["26", "11"], halves)
