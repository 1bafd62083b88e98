"""A point and what is known of it."""

import json

import pytest
from sqlalchemy import Connection, text

from backend.config import ROOT
from geo.regions import (
    InvalidCoordinates,
    NoActiveGeneration,
    SwappedAxes,
    locate,
)
from geo.regions.locate import COAST_M


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
