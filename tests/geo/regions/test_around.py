"""The neighbourhoods around points."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from geo.regions import list_emd_around, locate

CITY_HALL = (126.9779, 37.5663)
SUYU = (127.0074, 37.6383)
AT_SEA = (125.0, 35.0)


def test_each_point_gets_its_own(connection: Connection) -> None:
    around = list_emd_around(connection, [SUYU, AT_SEA, CITY_HALL], radius_m=100.0)
    assert around[:2] == [frozenset({"11305103"}), frozenset()]
    assert len(around[2]) == 4
    assert "11140103" in around[2]


def test_no_points_need_no_answer(connection: Connection) -> None:
    assert list_emd_around(connection, [], radius_m=100.0) == []


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lon=st.floats(126.8, 127.1), lat=st.floats(37.45, 37.65), radius_m=st.floats(1.0, 1_000.0))
def test_they_are_the_owner_and_the_neighbours_within_reach(
    connection: Connection, lon: float, lat: float, radius_m: float
) -> None:
    found = locate(connection, lon, lat, coast_m=0.0, border_m=radius_m)
    assert found is not None
    expected = {found.emd.code} | {other.region.code for other in found.border}
    assert list_emd_around(connection, [(lon, lat)], radius_m=radius_m) == [expected]
