"""A region in full over HTTP: what lies around it, and its shape."""

import json
from itertools import pairwise
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, text

BASE = "/api/v1"


def get(client: FlaskClient, path: str, **query: object) -> Any:
    return client.get(f"{BASE}{path}", query_string=query)


def test_a_region_is_shown_with_what_lies_around_it(client: FlaskClient) -> None:
    found = get(client, "/regions/11140").json
    assert len(found["children"]) == 74
    around = found["neighbours"]
    assert around["touches_nobody"] is False
    assert around["nearest"] == []
    assert {item["name"] for item in around["touching"]} == {
        "종로구", "용산구", "성동구", "동대문구", "마포구", "서대문구",
    }  # fmt: skip
    assert all(item["border_m"] > 0 == item["distance_m"] for item in around["touching"])
    assert [band["within_m"] for band in around["bands"]] == [10_000, 25_000, 50_000]
    assert found["region"]["full_name_en"] == "Jung-gu, Seoul"


def test_an_island_says_so_and_names_the_nearest(client: FlaskClient) -> None:
    around = get(client, "/regions/47940").json["neighbours"]
    assert around["touches_nobody"] is True
    assert [item["name"] for item in around["nearest"]] == ["울진군", "삼척시", "동해시"]
    assert around["nearest"][0]["distance_m"] == pytest.approx(130_576, abs=1)
    assert [band["count"] for band in around["bands"]] == [0, 0, 0]


def test_bands_count_exactly_and_list_the_nearest(client: FlaskClient) -> None:
    bands = get(client, "/regions/11140103").json["neighbours"]["bands"]
    within = get(client, "/regions/11140103/neighbours", within_m=5000).json["items"]
    assert sum(band["count"] for band in bands) == len(within)
    assert max(band["count"] for band in bands) > 20
    for band in bands:
        assert len(band["items"]) == min(20, band["count"])
        distances = [item["distance_m"] for item in band["items"]]
        assert distances == sorted(distances)


def test_neighbours_within_a_distance(client: FlaskClient) -> None:
    touching = get(client, "/regions/11140103/neighbours").json["items"]
    near = get(client, "/regions/11140103/neighbours", within_m=500).json["items"]
    assert {item["code"] for item in touching} < {item["code"] for item in near}
    assert max(item["distance_m"] for item in near) <= 500


@pytest.mark.parametrize(
    ("code", "within_m"), [("11140103", 5001), ("11140", 50_001), ("11", 100_001), ("11", -1)]
)
def test_a_distance_has_a_bound(client: FlaskClient, code: str, within_m: float) -> None:
    answer = get(client, f"/regions/{code}/neighbours", within_m=within_m)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["query.within_m"]


@pytest.mark.parametrize("path", ["/neighbours", "/geojson"])
def test_an_unknown_region_has_neither_neighbours_nor_shape(client: FlaskClient, path: str) -> None:
    answer = get(client, f"/regions/47720{path}")
    assert (answer.status_code, answer.json["code"]) == (404, "region_not_found")


def test_a_shape_is_a_geojson_feature(client: FlaskClient) -> None:
    answer = get(client, "/regions/46910/geojson")
    assert answer.mimetype == "application/geo+json"
    feature = json.loads(answer.data)
    assert feature["type"] == "Feature"
    assert feature["properties"]["full_name"] == "전라남도 신안군"
    west, south, east, north = feature["bbox"]
    for polygon in feature["geometry"]["coordinates"]:
        shell = polygon[0]
        assert sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(shell)) > 0
        assert all(west <= lon <= east and south <= lat <= north for lon, lat in shell)
        assert all(round(lon, 6) == lon and round(lat, 6) == lat for lon, lat in shell)


def test_a_shape_for_a_zoom_is_simpler(client: FlaskClient) -> None:
    sizes = [
        len(get(client, "/regions/46910/geojson", **query).data)
        for query in ({"zoom": 0}, {"zoom": 9}, {})
    ]
    assert sizes == sorted(sizes)
    assert (
        get(client, "/regions/46910/geojson", zoom=5).data
        == get(client, "/regions/46910/geojson", zoom=0).data
    )


def test_the_shape_of_a_generation_never_changes(client: FlaskClient) -> None:
    url = get(client, "/regions/11140").json["geojson_url"]
    answer = client.get(url)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "immutable" not in get(client, "/regions/11140/geojson").headers["Cache-Control"]
    assert answer.data == get(client, "/regions/11140/geojson").data


def test_a_former_generation_is_shown_and_a_draft_is_not(
    client: FlaskClient, connection: Connection
) -> None:
    generation = get(client, "/regions").json["generation"]["id"]
    connection.execute(text("UPDATE region_generation SET state = 'retired'"))
    assert get(client, "/regions/11140/geojson", generation=generation).status_code == 200
    connection.execute(text("UPDATE region_generation SET state = 'draft', activated_at = NULL"))
    answer = get(client, "/regions/11140/geojson", generation=generation)
    assert (answer.status_code, answer.json["code"]) == (404, "generation_not_found")


@pytest.mark.parametrize(
    "path",
    [
        "/regions", "/regions/11140", "/regions/11140/children", "/regions/11140/neighbours",
        "/regions/11140/geojson", "/local-governments", "/local-governments/44",
    ],
)  # fmt: skip
def test_who_has_the_answer_is_told_so(client: FlaskClient, path: str) -> None:
    answer = get(client, path)
    etag = answer.headers["ETag"]
    assert not etag.startswith("W/")
    again = client.get(f"{BASE}{path}", headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")


def test_an_upper_government_lists_its_basic_ones(client: FlaskClient) -> None:
    found = get(client, "/local-governments/44").json
    assert (found["name_en"], found["region_codes"]) == ("Chungcheongnam-do", ["44"])
    assert len(found["basic"]) == 15
    assert found["upper"] is None


def test_a_basic_government_names_its_upper_one_and_its_regions(client: FlaskClient) -> None:
    found = get(client, "/local-governments/44130").json
    assert (found["name_en"], found["region_codes"]) == ("Cheonan-si", ["44131", "44133"])
    assert found["upper"]["name"] == "충청남도"
    assert found["basic"] == []


def test_a_single_tier_government_stands_alone(client: FlaskClient) -> None:
    found = get(client, "/local-governments/36").json
    assert (found["name_en"], found["region_codes"]) == ("Sejong", ["36"])
    assert (found["upper"], found["basic"]) == (None, [])
