"""Regions over HTTP: the answers, and what is said to bad requests."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, text

from backend.regions.schemas import LocatedSchema
from geo.regions import locate

ENGLISH = {"Accept-Language": "en"}
BASE = "/api/v1"


def get(client: FlaskClient, path: str, **query: object) -> Any:
    return client.get(f"{BASE}{path}", query_string=query)


def test_a_point_is_located(client: FlaskClient) -> None:
    answer = get(client, "/regions/locate", lon=126.9779, lat=37.5663)
    assert answer.status_code == 200
    assert answer.json["emd"]["full_name"] == "서울특별시 중구 태평로1가"
    assert answer.json["emd"]["legal_dong_code"] == "1114010300"
    assert answer.json["local_government"]["code"] == "11140"
    assert answer.json["match"] == "inside"
    assert answer.json["border"][0].keys() == {
        "code",
        "full_name",
        "local_government_code",
        "distance_m",
    }
    assert answer.json["data_date"] == "2025-11-30"
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_city_governs_and_not_its_gu(client: FlaskClient) -> None:
    answer = get(client, "/regions/locate", lon=127.1136, lat=36.8151)
    assert answer.json["local_government"]["full_name"] == "충청남도 천안시"
    assert answer.json["sigungu"]["name"] == "천안시 서북구"


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (37.5663, 126.9779, "coordinates_swapped"),
        (127.0, 95.0, "coordinates_invalid"),
        (124.6, 35.5, "point_outside_korea"),
        (139.7, 35.7, "point_outside_korea"),
    ],
)
def test_a_point_that_is_nowhere_gets_a_reason(
    client: FlaskClient, lon: float, lat: float, code: str
) -> None:
    answer = get(client, "/regions/locate", lon=lon, lat=lat)
    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert answer.mimetype == "application/problem+json"


def test_swapped_axes_are_shown_the_right_way_round(client: FlaskClient) -> None:
    path = f"{BASE}/regions/locate?lon=37.5663&lat=126.9779"
    assert "put 126.9779 into lon" in client.get(path, headers=ENGLISH).json["detail"]
    assert "경도(126.9779)" in client.get(path).json["detail"]


@pytest.mark.parametrize(
    "query",
    [
        {"lon": 127.0},
        {"lon": "east", "lat": 37.0},
        {"lon": "nan", "lat": 37.0},
        {"lon": 127.0, "lat": 37.0, "srid": 4326},
    ],
)
def test_bad_parameters_are_named(client: FlaskClient, query: dict[str, object]) -> None:
    answer = get(client, "/regions/locate", **query)
    assert answer.status_code == 422
    assert all(path.startswith("query.") for path in answer.json["errors"])


def test_the_answer_about_a_point_is_what_its_schema_says(
    client: FlaskClient, connection: Connection
) -> None:
    for lon, lat in ((126.9779, 37.5663), (129.1870, 35.1480), (127.1136, 36.8151)):
        written = get(client, "/regions/locate", lon=lon, lat=lat).json
        assert written == LocatedSchema().dump(locate(connection, lon, lat))


def test_many_points_keep_their_order(client: FlaskClient) -> None:
    points = [[129.1870, 35.1480], [124.6, 35.5], [126.9779, 37.5663]]
    answer = client.post(f"{BASE}/regions/locate", json={"points": points})
    assert answer.status_code == 200
    pier, sea, city_hall = answer.json["items"]
    assert (pier["full_name"], pier["match"]) == ("부산광역시 해운대구 중동", "nearest")
    assert pier["distance_m"] > 0
    assert sea is None
    assert city_hall == {
        "code": "11140103",
        "full_name": "서울특별시 중구 태평로1가",
        "local_government_code": "11140",
        "match": "inside",
        "distance_m": 0.0,
    }
    assert answer.json["generation"]["data_date"] == "2025-11-30"


def test_ten_thousand_points_are_taken_and_no_more(client: FlaskClient) -> None:
    points = [[126.9779, 37.5663]] * 10_000
    answer = client.post(f"{BASE}/regions/locate", json={"points": points})
    assert {item["code"] for item in answer.json["items"]} == {"11140103"}
    assert len(answer.json["items"]) == 10_000
    more = client.post(f"{BASE}/regions/locate", json={"points": [*points, [127.0, 37.0]]})
    assert (more.status_code, list(more.json["errors"])) == (422, ["json.points"])


@pytest.mark.parametrize(
    ("points", "field", "code"),
    [
        ([], "json.points", "fields_invalid"),
        ([[127.0, 37.0], [127.0]], "json.points.1", "fields_invalid"),
        ([[True, 37.0]], "json.points.0", "fields_invalid"),
        ([[127.0, 37.0], [37.5, 127.0]], "json.points.1", "coordinates_swapped"),
        ([[127.0, 95.0]], "json.points.0", "coordinates_invalid"),
        ("127,37", "json.points", "fields_invalid"),
    ],
)
def test_the_point_at_fault_is_named(
    client: FlaskClient, points: object, field: str, code: str
) -> None:
    answer = client.post(f"{BASE}/regions/locate", json={"points": points})
    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert list(answer.json["errors"]) == [field]


def test_names_are_found(client: FlaskClient) -> None:
    answer = get(client, "/regions/search", q="서울 중구 태평로", limit=1)
    assert [item["name"] for item in answer.json["items"]] == ["태평로1가"]
    assert answer.json["generation"]["data_date"] == "2025-11-30"


@pytest.mark.parametrize("query", [{}, {"q": " "}, {"q": "중구", "limit": 51}, {"q": "x" * 61}])
def test_a_search_has_bounds(client: FlaskClient, query: dict[str, object]) -> None:
    assert get(client, "/regions/search", **query).status_code == 422


def test_the_walk_down_the_hierarchy(client: FlaskClient) -> None:
    sido = get(client, "/regions").json["items"]
    assert len(sido) == 17
    assert {item["level"] for item in sido} == {"sido"}
    assert len(get(client, "/regions/11/children").json["items"]) == 25
    assert get(client, "/regions/11140103/children").json["items"] == []


@pytest.mark.parametrize("code", ["11140103", "1114010300"])
def test_a_region_is_shown_with_its_parents(client: FlaskClient, code: str) -> None:
    found = get(client, f"/regions/{code}").json
    assert found["region"]["name"] == "태평로1가"
    assert found["region"]["provenance"] in ("exact", "clipped")
    assert [parent["name"] for parent in found["parents"]] == ["서울특별시", "중구"]
    assert found["local_government"]["kind"] == "basic"


@pytest.mark.parametrize("code", ["47720", "nowhere", "99999999999", "%EA%B0%80"])
def test_an_unknown_region_is_not_found(client: FlaskClient, code: str) -> None:
    for path in (f"/regions/{code}", f"/regions/{code}/children"):
        answer = get(client, path)
        assert (answer.status_code, answer.json["code"]) == (404, "region_not_found")


def test_all_local_governments(client: FlaskClient) -> None:
    items = get(client, "/local-governments").json["items"]
    assert len(items) == 243
    assert sum(item["kind"] == "basic" for item in items) == 226


def test_a_local_government_with_its_sigungu(client: FlaskClient) -> None:
    found = get(client, "/local-governments/44130").json
    assert found["local_government"]["upper_code"] == "44"
    assert [item["code"] for item in found["sigungu"]] == ["44131", "44133"]
    answer = get(client, "/local-governments/44131")
    assert (answer.status_code, answer.json["code"]) == (404, "local_government_not_found")


@pytest.mark.parametrize(
    "path", ["/regions", "/regions/11", "/regions/locate?lon=127&lat=37", "/local-governments"]
)
def test_without_boundaries_the_answer_says_so(
    client: FlaskClient, connection: Connection, path: str
) -> None:
    connection.execute(text("UPDATE region_generation SET state = 'retired'"))
    answer = client.get(f"{BASE}{path}")
    assert (answer.status_code, answer.json["code"]) == (503, "boundaries_not_loaded")
