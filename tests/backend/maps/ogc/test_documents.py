"""The documents of OGC API - Features, Part 1 (17-069r4), each test named for its requirement."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV30SpecValidator

from backend.app import create_app
from tests.backend.maps.ogc.reading import COLLECTIONS, href
from tests.support import databases

LAYERS = ["sido", "sigungu", "emd", "institutions", "proposals", "placements"]
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


def test_the_landing_page_links_to_everything_else(client: FlaskClient) -> None:
    """/req/core/root-success."""
    landing = client.get("/ogc").json
    assert {"service-desc", "service-doc", "conformance", "data"} <= {
        link["rel"] for link in landing["links"]
    }
    for link in landing["links"]:
        answer = client.get(link["href"])
        assert answer.status_code == 200, link
        assert answer.headers["Content-Type"].split(";")[0] == link["type"].split(";")[0]


def test_the_landing_page_is_there_with_a_slash_too(client: FlaskClient) -> None:
    """/req/core/root-op."""
    assert client.get("/ogc/").status_code == 200


def test_the_classes_that_are_kept_are_declared(client: FlaskClient) -> None:
    """/req/core/conformance-success."""
    classes = client.get("/ogc/conformance").json["conformsTo"]
    assert [name.rsplit("/", 1)[1] for name in classes] == ["core", "oas30", "geojson"]


def test_the_description_is_valid_openapi_3_0(client: FlaskClient) -> None:
    """/req/oas30/oas-definition-1 and -2."""
    answer = client.get("/ogc/api")
    assert answer.headers["Content-Type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert list(OpenAPIV30SpecValidator(answer.json).iter_errors()) == []


@pytest.mark.parametrize("layer", LAYERS)
def test_the_description_has_the_parameters_of_every_layer(client: FlaskClient, layer: str) -> None:
    """/req/core/fc-limit-definition, fc-bbox-definition, fc-time-definition."""
    paths = client.get("/ogc/api").json["paths"]
    described = paths[f"/collections/{layer}/items"]["get"]["parameters"]
    by_name: dict[str, Any] = {one["name"]: one for one in described}
    assert by_name["limit"]["schema"] == {
        "type": "integer", "minimum": 1, "maximum": 1000, "default": 100,
    }  # fmt: skip
    assert by_name["bbox"]["schema"] == {
        "type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"},
    }  # fmt: skip
    assert by_name["datetime"]["schema"] == {"type": "string"}
    assert {(one["style"], one["explode"], one["required"]) for one in described} == {
        ("form", False, False)
    }


def test_the_layers_are_listed_with_their_links(client: FlaskClient) -> None:
    """/req/core/fc-md-items and fc-md-items-links."""
    listed = client.get(COLLECTIONS).json["collections"]
    assert [one["id"] for one in listed] == LAYERS
    for layer in listed:
        items = next(link for link in layer["links"] if link["rel"] == "items")
        assert items["type"] == "application/geo+json"
        assert client.get(items["href"] + "?limit=1").mimetype == "application/geo+json"


def test_a_layer_alone_is_what_the_list_says(client: FlaskClient) -> None:
    """/req/core/sfc-md-success."""
    for listed in client.get(COLLECTIONS).json["collections"]:
        assert client.get(f"{COLLECTIONS}/{listed['id']}").json == listed


def test_a_layer_says_where_and_since_when(client: FlaskClient) -> None:
    """/req/core/fc-md-extent and crs84."""
    layer = client.get(f"{COLLECTIONS}/sigungu").json
    assert layer["crs"] == [CRS84]
    west, south, east, north = layer["extent"]["spatial"]["bbox"][0]
    assert (round(west), round(south), round(east), round(north)) == (125, 33, 132, 39)
    # The date of the boundaries, from midnight in Seoul.
    assert layer["extent"]["temporal"]["interval"] == [["2025-11-29T15:00:00Z", None]]


def test_a_layer_of_boundaries_says_whom_they_are_owed_to(client: FlaskClient) -> None:
    assert "NGII" in client.get(f"{COLLECTIONS}/emd").json["attribution"]


def test_titles_follow_the_reader(client: FlaskClient) -> None:
    assert client.get(f"{COLLECTIONS}/sigungu").json["title"] == "시군구"
    english = client.get(f"{COLLECTIONS}/sigungu", headers={"Accept-Language": "en"})
    assert english.json["title"] == "Cities, counties and districts (sigungu)"
    assert "Accept-Language" in english.vary


@pytest.mark.parametrize("path", ["", "/conformance", "/api", "/collections", "/collections/sido"])
def test_an_unknown_parameter_is_refused_everywhere(client: FlaskClient, path: str) -> None:
    """/req/core/query-param-unknown."""
    answer = client.get(f"/ogc{path}?color=blue")
    assert (answer.status_code, answer.json["code"]) == (400, "parameter_unknown")
    assert list(answer.json["errors"]) == ["query.color"]


@pytest.mark.parametrize("path", ["", "/conformance", "/api", "/collections", "/collections/sido"])
def test_json_may_be_asked_for_and_nothing_else(client: FlaskClient, path: str) -> None:
    """/req/core/query-param-invalid."""
    assert client.get(f"/ogc{path}?f=json").status_code == 200
    refused = client.get(f"/ogc{path}?f=html")
    assert (refused.status_code, refused.json["code"]) == (400, "parameter_invalid")


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("*/*", 200),
        ("text/html,application/xhtml+xml,*/*;q=0.8", 200),
        ("application/json", 200),
        ("application/geo+json, application/json", 200),
        ("text/html", 406),
        ("application/gml+xml", 406),
    ],
)
def test_there_is_only_json(client: FlaskClient, accept: str, status: int) -> None:
    answer = client.get(f"{COLLECTIONS}/sido/items?limit=1", headers={"Accept": accept})
    assert answer.status_code == status
    if status == 406:
        assert answer.json["code"] == "not_acceptable"


def test_a_layer_that_is_none_is_not_found(client: FlaskClient) -> None:
    answer = client.get(f"{COLLECTIONS}/gu")
    assert (answer.status_code, answer.json["code"]) == (404, "collection_not_found")


def test_every_link_is_absolute(client: FlaskClient) -> None:
    address = href(client.get("/ogc", base_url="http://map.example:8080").json, "data")
    assert address == "http://map.example:8080/ogc/collections"


def test_the_word_of_a_stranger_about_our_address_counts_for_nothing(client: FlaskClient) -> None:
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    answer = client.get("/ogc", headers=forged)
    assert {urlsplit(link["href"]).netloc for link in answer.json["links"]} == {"localhost"}


def test_the_word_of_a_proxy_that_is_trusted_counts(template: str) -> None:
    app = create_app(
        {
            **databases.TEST_SETTINGS,
            "SQLALCHEMY_DATABASE_URI": databases.url_of(template),
            "TRUSTED_PROXIES": 1,
        }
    )
    told = {
        "X-Forwarded-Host": "evil.example, map.example",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Prefix": "/dongne",
    }
    landing = app.test_client().get("/ogc", headers=told).json
    assert href(landing, "data") == "https://map.example/dongne/ogc/collections"
