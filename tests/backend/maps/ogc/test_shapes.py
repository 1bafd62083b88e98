"""Shapes of the layers keep to RFC 7946: closed rings, shells and holes the right way round."""

import pytest
import shapely
from flask.testing import FlaskClient

from tests.backend.maps.ogc.reading import COLLECTIONS, features
from tests.support.rings import faults

SQUARE = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
HOLE = [[0.2, 0.2], [0.2, 0.4], [0.4, 0.4], [0.4, 0.2], [0.2, 0.2]]


@pytest.mark.parametrize(
    ("rings", "found"),
    [
        ([SQUARE, HOLE], []),
        ([SQUARE[::-1]], ["ring 0 runs the wrong way round"]),
        ([SQUARE, HOLE[::-1]], ["ring 1 runs the wrong way round"]),
        ([SQUARE[:-1]], ["ring 0 is not closed"]),
        ([[[0, 0], [1, 1], [2, 2], [0, 0]]], ["ring 0 is flat"]),
    ],
)
def test_the_check_finds_what_is_wrong(rings: list[list[list[float]]], found: list[str]) -> None:
    polygon = {"type": "Polygon", "coordinates": rings}
    assert faults({"type": "Feature", "geometry": polygon, "properties": {}}) == found


@pytest.mark.parametrize(
    "layer",
    ["sido", "emd?region_code=36", "emd?region_code=28", pytest.param("sigungu", id="sigungu")],
)
def test_shapes_keep_to_rfc_7946(client: FlaskClient, layer: str) -> None:
    name, _, query = layer.partition("?")
    found = features(client, f"{COLLECTIONS}/{name}/items?limit=1000&{query}".rstrip("&"))
    assert found
    for feature in found:
        assert faults(feature) == [], feature["id"]
        assert shapely.geometry.shape(feature["geometry"]).is_valid, feature["id"]


@pytest.mark.heavy
def test_every_neighbourhood_keeps_to_rfc_7946(client: FlaskClient) -> None:
    found = features(client, f"{COLLECTIONS}/emd/items?limit=1000")
    assert len(found) > 5000
    for feature in found:
        assert faults(feature) == [], feature["id"]
        assert shapely.geometry.shape(feature["geometry"]).is_valid, feature["id"]
