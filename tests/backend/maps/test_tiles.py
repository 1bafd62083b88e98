"""Tiles over HTTP: what they hold, how they are cached, and where the pyramid ends."""

import gzip
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import mapbox_vector_tile
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, event, text

from backend.config import READ_BIND
from backend.db import db
from backend.maps.tile_cache import TileCache
from backend.maps.tiles import EXTENSION

SEOUL_Z6 = "6/54/24"
OPEN_SEA_Z6 = "6/56/26"
READERS = 20
PATIENCE_S = 30


@pytest.fixture
def generation(connection: Connection) -> int:
    """Id of the boundaries in force."""
    found = connection.execute(text("SELECT id FROM region_generation WHERE state = 'active'"))
    return int(found.scalar_one())


def test_the_description_leads_to_the_tiles(client: FlaskClient, generation: int) -> None:
    description = client.get("/tiles/sigungu.json").json
    (template,) = description["tiles"]
    assert template == f"http://localhost/tiles/sigungu/{generation}/{{z}}/{{x}}/{{y}}"
    z, x, y = SEOUL_Z6.split("/")
    assert client.get(template.format(z=z, x=x, y=y)).status_code == 200
    assert "NGII" in description["attribution"]


@pytest.mark.parametrize(("layer", "zooms"), [("sido", 0), ("sigungu", 5), ("emd", 9)])
def test_the_description_follows_the_rules_of_tilejson(
    client: FlaskClient, generation: int, layer: str, zooms: int
) -> None:
    """Hold a description against TileJSON 3.0.0, section 3."""
    description = client.get(f"/tiles/{layer}.json", base_url="https://map.example:8443").json
    assert re.fullmatch(r"3\.0\.\d+", description["tilejson"])
    assert all(
        re.fullmatch(r"https://map\.example:8443/[^{]+/\{z\}/\{x\}/\{y\}", template)
        for template in description["tiles"]
    )
    assert 0 <= description["minzoom"] == zooms <= description["maxzoom"] <= 30
    west, south, east, north = description["bounds"]
    assert -180 <= west < east <= 180
    assert -90 <= south < north <= 90
    lon, lat, zoom = description["center"]
    assert (west < lon < east, south < lat < north) == (True, True)
    assert description["minzoom"] <= zoom <= description["maxzoom"]
    assert description["scheme"] == "xyz"
    assert description["version"] == f"1.{generation}.0"
    assert [shown["id"] for shown in description["vector_layers"]] == [layer, f"{layer}_names"]
    for shown in description["vector_layers"]:
        assert (shown["minzoom"], shown["maxzoom"]) == (
            description["minzoom"],
            description["maxzoom"],
        )
        assert all(isinstance(text, str) for text in shown["fields"].values())


def test_the_bounds_of_the_description_hold_every_region(
    client: FlaskClient, connection: Connection, generation: int
) -> None:
    bounds = client.get("/tiles/emd.json").json["bounds"]
    outside = text("""
        SELECT count(*) FROM region
        WHERE NOT ST_Covers(ST_MakeEnvelope(:west, :south, :east, :north, 4326), geom)
    """)
    box = dict(zip(("west", "south", "east", "north"), bounds, strict=True))
    assert connection.execute(outside, box).scalar_one() == 0


def test_a_tile_holds_regions_with_their_codes_and_ids(
    client: FlaskClient, generation: int
) -> None:
    answer = client.get(f"/tiles/sigungu/{generation}/{SEOUL_Z6}")
    assert answer.mimetype == "application/vnd.mapbox-vector-tile"
    features = mapbox_vector_tile.decode(answer.data)["sigungu"]["features"]
    junggu = next(one for one in features if one["properties"]["code"] == "11140")
    assert junggu["properties"]["name"] == "중구"
    statistics = client.get("/api/v1/maps/statistics").json["values"]
    assert junggu["id"] == next(one["id"] for one in statistics if one["code"] == "11140")


def test_a_tile_is_kept_for_a_year_and_never_asked_for_twice(
    client: FlaskClient, generation: int
) -> None:
    path = f"/tiles/sigungu/{generation}/{SEOUL_Z6}"
    first = client.get(path)
    assert first.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


def test_a_packed_tile_is_another_representation(client: FlaskClient, generation: int) -> None:
    path = f"/tiles/sigungu/{generation}/{SEOUL_Z6}"
    plain = client.get(path)
    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in packed.vary
    again = client.get(
        path, headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}
    )
    assert again.status_code == 304


def test_an_empty_tile_is_no_content_and_cached_as_well(
    client: FlaskClient, generation: int
) -> None:
    answer = client.get(f"/tiles/sigungu/{generation}/{OPEN_SEA_Z6}")
    assert (answer.status_code, answer.data) == (204, b"")
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "tile",
    [
        "sigungu/{generation}/4/13/6",
        "sigungu/{generation}/13/6985/3172",
        "sigungu/{generation}/6/64/24",
        "sigungu/{generation}/6/54/100000000000",
        "sigungu/{generation}/6/-1/24",
        "sigungu/999/6/54/24",
        "sigungu/99999999999999999999/6/54/24",
        "gu/{generation}/6/54/24",
    ],
)
def test_outside_the_pyramid_there_is_nothing(
    client: FlaskClient, generation: int, tile: str
) -> None:
    answer = client.get("/tiles/" + tile.format(generation=generation))
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"


def test_a_layer_that_is_none_has_no_description(client: FlaskClient) -> None:
    answer = client.get("/tiles/gu.json")
    assert (answer.status_code, answer.json["code"]) == (404, "tile_not_found")


def test_tiles_and_descriptions_ask_for_nothing_but_the_address(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/tiles/")]
    assert {method for rule in rules for method in rule.methods or ()} == {
        "GET",
        "HEAD",
        "OPTIONS",
    }


@pytest.fixture
def no_cache(app: Flask) -> Iterator[TileCache]:
    """A cache that nothing is in yet."""
    before, empty = app.extensions[EXTENSION], TileCache(1_000_000)
    app.extensions[EXTENSION] = empty
    yield empty
    app.extensions[EXTENSION] = before


def test_a_tile_that_was_asked_for_before_asks_the_database_nothing(
    client: FlaskClient,
    connection: Connection,
    generation: int,
    no_cache: TileCache,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paths = [f"/tiles/sigungu/{generation}/{address}" for address in (SEOUL_Z6, OPEN_SEA_Z6)]
    packed = {"Accept-Encoding": "gzip"}
    cold = [client.get(path, headers=packed) for path in paths]
    statements: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda *given: statements.append(given[2]))
    monkeypatch.setattr(gzip, "compress", None)
    warm = [client.get(path, headers=packed) for path in paths]
    known = client.get(paths[0], headers={**packed, "If-None-Match": cold[0].headers["ETag"]})
    assert statements == []
    assert [(one.status_code, one.data) for one in warm] == [
        (one.status_code, one.data) for one in cold
    ]
    assert known.status_code == 304


def test_what_is_outside_the_pyramid_is_not_kept(
    client: FlaskClient, connection: Connection, generation: int, no_cache: TileCache
) -> None:
    withdraw = "UPDATE region_generation SET activated_at = {} WHERE id = :id"
    connection.execute(text(withdraw.format("NULL")), {"id": generation})
    path = f"/tiles/sigungu/{generation}/{SEOUL_Z6}"
    assert client.get(path).status_code == 404
    connection.execute(text(withdraw.format("now()")), {"id": generation})
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("known", "status"),
    [
        ('"other", {etag}', 304),
        ('W/"other", W/{etag}', 304),
        ("*", 304),
        ('"other"', 200),
        ("{etag}-gzip", 200),
    ],
)
def test_a_reader_may_know_several_tiles(
    client: FlaskClient, generation: int, known: str, status: int
) -> None:
    path = f"/tiles/sigungu/{generation}/{SEOUL_Z6}"
    etag = client.get(path).headers["ETag"]
    answer = client.get(path, headers={"If-None-Match": known.format(etag=etag)})
    assert answer.status_code == status
    assert answer.headers["ETag"] == etag
    assert "immutable" in answer.headers["Cache-Control"]


def test_the_head_of_a_tile_says_how_long_it_is(client: FlaskClient, generation: int) -> None:
    path = f"/tiles/sigungu/{generation}/{SEOUL_Z6}"
    whole, head = client.get(path), client.head(path)
    assert (head.status_code, head.data) == (200, b"")
    for name in ("ETag", "Content-Length", "Content-Type", "Cache-Control", "Vary"):
        assert head.headers[name] == whole.headers[name]


def test_twenty_readers_of_a_new_tile_take_one_connection(committed_app: Flask) -> None:
    with committed_app.app_context():
        engine = db.engines[READ_BIND]
    with engine.connect() as connection:
        generation = connection.execute(text("SELECT max(id) FROM region_generation")).scalar_one()
    taken: list[object] = []
    event.listen(engine, "checkout", lambda *given: taken.append(given))
    together = Barrier(READERS)

    def read(_: int) -> bytes:
        together.wait(PATIENCE_S)
        return committed_app.test_client().get(f"/tiles/sigungu/{generation}/{SEOUL_Z6}").data

    with ThreadPoolExecutor(READERS) as readers:
        tiles = list(readers.map(read, range(READERS)))
    assert (len(set(tiles)), len(taken)) == (1, 1)
    assert "sigungu" in mapbox_vector_tile.decode(tiles[0])
