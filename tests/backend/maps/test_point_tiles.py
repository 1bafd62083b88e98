"""Proposals and placements as tiles: exact counts of what everybody may see, and nothing else."""

import math
from itertools import product
from typing import Any
from urllib.parse import urlsplit

import mapbox_vector_tile
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.maps.point_layers import LAYERS
from backend.rounds.models import MatchingRun
from geo.disclosure import public_point
from geo.points import CLOSEST_ZOOM, FIELDS
from tests.conftest import NOW
from tests.support.maps import PublishedRound
from tests.support.people import CITY_HALL
from tests.support.proposals import make_draft, make_submitted

SEOUL_Z5 = "5/27/12"
NOBODY_Z5 = "5/0/0"


def features(client: FlaskClient, layer: str, tile: str, query: str = "") -> list[dict[str, Any]]:
    """Return the features of a tile, none for an empty one."""
    answer = client.get(f"/tiles/{layer}/{tile}?{query}")
    if answer.status_code == 204:
        return []
    assert answer.status_code == 200, answer.text
    decoded = mapbox_vector_tile.decode(answer.data, default_options={"y_coord_down": True})
    found: list[dict[str, Any]] = decoded[layer]["features"]
    return found


def count(client: FlaskClient, layer: str, query: str = "", z: int = 1) -> int:
    """Return how many points all tiles of a zoom have together."""
    return sum(
        feature["properties"]["point_count"]
        for x, y in product(range(2**z), repeat=2)
        for feature in features(client, layer, f"{z}/{x}/{y}", query)
    )


def tile_at(lon: float, lat: float) -> str:
    """Return the address of the closest tile over a position."""
    x = int((lon + 180) / 360 * 2**CLOSEST_ZOOM)
    y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**CLOSEST_ZOOM)
    return f"{CLOSEST_ZOOM}/{x}/{y}"


@pytest.mark.parametrize("z", [0, 1, 3])
@pytest.mark.parametrize("layer", ["placements", "proposals"])
def test_every_point_is_counted_once_abroad_too(
    client: FlaskClient, published: PublishedRound, layer: str, z: int
) -> None:
    listed = client.get(f"/api/v1/maps/{layer}").json["features"]
    assert count(client, layer, z=z) == len(listed) == 2


@pytest.mark.parametrize(
    ("layer", "query", "expected"),
    [
        ("proposals", "category=traffic", 1),
        ("proposals", "status=adopted", 1),
        ("proposals", "status=adopted&category=traffic", 0),
        ("placements", "category=safety", 2),
        ("placements", "category=traffic", 0),
        ("placements", "round=2000-1", 0),
    ],
)
def test_points_are_filtered(
    client: FlaskClient, published: PublishedRound, layer: str, query: str, expected: int
) -> None:
    assert count(client, layer, query) == expected


def test_points_of_one_round(client: FlaskClient, published: PublishedRound) -> None:
    assert count(client, "placements", f"round={published.round.code}") == 2


def test_drafts_are_nobodys_business(client: FlaskClient, session: Session) -> None:
    make_draft(session)
    assert count(client, "proposals") == 0


def test_a_superseded_plan_shows_nothing(
    client: FlaskClient, session: Session, published: PublishedRound
) -> None:
    session.execute(update(MatchingRun).values(superseded_at=NOW))
    session.commit()
    assert count(client, "placements") == 0


def test_a_single_proposal_tells_what_is_public_and_nothing_more(
    client: FlaskClient, session: Session
) -> None:
    proposal = make_submitted(session)
    (feature,) = features(client, "proposals", tile_at(*public_point(*CITY_HALL)))
    assert feature["properties"] == {
        "id": str(proposal.id),
        "point_count": 1,
        "category": proposal.category,
        "status": "submitted",
        "title": proposal.title,
    }


def test_a_single_proposal_stands_at_its_public_point(
    client: FlaskClient, session: Session
) -> None:
    make_submitted(session)
    lon, lat = public_point(*CITY_HALL)
    (feature,) = features(client, "proposals", tile_at(lon, lat))
    x, y = feature["geometry"]["coordinates"]
    column, row = map(int, tile_at(lon, lat).split("/")[1:])
    shown_lon = (column + x / 4096) / 2**CLOSEST_ZOOM * 360 - 180
    shown_lat = math.degrees(
        math.atan(math.sinh(math.pi * (1 - 2 * (row + y / 4096) / 2**CLOSEST_ZOOM)))
    )
    assert (shown_lon, shown_lat) == pytest.approx((lon, lat), abs=1e-5)


def test_a_single_placement_has_the_names_of_its_product(
    client: FlaskClient, published: PublishedRound
) -> None:
    (feature,) = features(client, "placements", tile_at(*CITY_HALL))
    assert feature["properties"] == {
        "id": str(published.near_placement.id),
        "point_count": 1,
        "category": "safety",
        "round": published.round.code,
        "product_name_ko": published.product.name_ko,
        "product_name_en": published.product.name_en,
    }


@pytest.mark.parametrize("layer", list(LAYERS))
def test_attributes_are_those_of_the_description(
    client: FlaskClient, published: PublishedRound, layer: str
) -> None:
    (described,) = client.get(f"/tiles/{layer}.json").json["vector_layers"]
    place = CITY_HALL if layer == "placements" else public_point(*CITY_HALL)
    single = features(client, layer, tile_at(*place))[0]["properties"]
    of_many = {"truncated", "splits_at", "on_spot"}
    assert set(single) - of_many == set(described["fields"]) - of_many
    assert set(FIELDS) < set(described["fields"])


def test_a_tile_is_live_and_revalidated(client: FlaskClient, session: Session) -> None:
    make_submitted(session)
    path = f"/tiles/proposals/{SEOUL_Z5}"
    first = client.get(path)
    assert first.headers["Cache-Control"] == "public, max-age=30"
    etag = first.headers["ETag"]
    again = client.get(path, headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    make_submitted(session)
    changed = client.get(path, headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != etag


def test_an_empty_tile_is_no_content(client: FlaskClient, published: PublishedRound) -> None:
    answer = client.get(f"/tiles/proposals/{NOBODY_Z5}")
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["Cache-Control"] == "public, max-age=30"


@pytest.mark.parametrize(
    "tile",
    ["proposals/15/0/0", "proposals/5/32/0", "proposals/5/0/100000000000", "offers/5/27/12"],
)
def test_outside_the_pyramid_there_is_nothing(client: FlaskClient, tile: str) -> None:
    answer = client.get(f"/tiles/{tile}")
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("proposals/{tile}?round=2026-1", "query.round"),
        ("placements/{tile}?status=adopted", "query.status"),
        ("proposals/{tile}?status=draft", "query.status"),
        ("proposals/{tile}?color=blue", "query.color"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused(
    client: FlaskClient, query: str, field: str
) -> None:
    answer = client.get("/tiles/" + query.format(tile=SEOUL_Z5))
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]


@pytest.mark.parametrize("layer", list(LAYERS))
def test_the_description_keeps_the_rules_of_tilejson_3(client: FlaskClient, layer: str) -> None:
    described = client.get(f"/tiles/{layer}.json").json
    assert described["tilejson"] == "3.0.0"
    (address,) = described["tiles"]
    assert (urlsplit(address).scheme, urlsplit(address).netloc) == ("http", "localhost")
    assert all(part in address for part in ("{z}", "{x}", "{y}"))
    assert 0 <= described["minzoom"] <= described["maxzoom"] <= 30
    west, south, east, north = described["bounds"]
    lon, lat, zoom = described["center"]
    assert west <= lon <= east
    assert south <= lat <= north
    assert described["minzoom"] <= zoom <= described["maxzoom"]
    assert (described["scheme"], described["version"]) == ("xyz", "1.1.0")
    for inside in described["vector_layers"]:
        assert isinstance(inside["id"], str)
        assert all(isinstance(text, str) for text in inside["fields"].values())


def test_the_tiles_that_the_description_names_are_there(
    client: FlaskClient, published: PublishedRound
) -> None:
    (address,) = client.get("/tiles/placements.json").json["tiles"]
    tile = urlsplit(address).path.replace("%7B", "{").format(z=5, x=27, y=12)
    assert client.get(tile).status_code == 200


def test_point_tiles_are_not_kept_in_memory(app: Flask, client: FlaskClient) -> None:
    client.get(f"/tiles/proposals/{SEOUL_Z5}")
    assert app.extensions["dongne_point_tiles_in_the_making"].size_bytes == 0
