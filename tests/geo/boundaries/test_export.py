"""What is exported can be opened by others and loads again with the same owners."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from sqlalchemy import Connection, text

from geo.boundaries import (
    GovernmentTable,
    NotExportable,
    OperatorFile,
    Wording,
    current_governments,
    export,
    load_file,
)
from geo.boundaries.layer import Layer
from geo.regions import GenerationNotFound, active_generation, compare, validate
from geo.tiling import RI, SIGUNGU
from tests.support.boundaries import INCHEON, LOADED_AT, governments_of

FORMATS = pytest.mark.parametrize("file_format", ["gpkg", "geojson"])


def load_again(connection: Connection, path: Path, governments: GovernmentTable) -> int:
    wording = Wording(date(2026, 7, 1))
    return load_file(
        connection, OperatorFile(path), wording, governments, now=LOADED_AT, say=lambda _said: None
    )


def owners(connection: Connection, generation_id: int, xy: np.ndarray) -> list[str | None]:
    """Return the code of each point's owner by the rule of a look-up."""
    statement = text("""
        SELECT (SELECT r.code FROM region_piece p JOIN region r ON r.id = p.region_id
                WHERE p.level = 3 AND p.generation_id = :generation
                  AND ST_Covers(p.geom, ST_SetSRID(ST_MakePoint(q.lon, q.lat), 4326))
                ORDER BY p.region_id LIMIT 1)
        FROM unnest(CAST(:lons AS float8[]), CAST(:lats AS float8[]))
             WITH ORDINALITY AS q(lon, lat, number)
        ORDER BY number
    """)
    given = {"generation": generation_id, "lons": xy[:, 0].tolist(), "lats": xy[:, 1].tolist()}
    return list(connection.scalars(statement, given))


def points_and_vertices(shapes: np.ndarray, points: int, vertices: int) -> np.ndarray:
    """Return random points in the box around shapes, and corners of their outlines."""
    draw = np.random.default_rng(20260701)
    west, south, east, north = shapely.total_bounds(shapes)
    inside = draw.uniform((west, south), (east, north), (points, 2))
    corners = shapely.get_coordinates(shapes)
    return np.vstack((inside, draw.choice(corners, vertices, replace=False)))


@FORMATS
def test_an_export_loads_again_as_it_was(
    connection: Connection, in_force: int, tmp_path: Path, file_format: str
) -> None:
    path = tmp_path / f"incheon.{file_format}"
    assert export(connection, in_force, path, file_format) == 80
    again = load_again(connection, path, governments_of(INCHEON))
    found = compare(connection, in_force, again).levels
    assert not any(getattr(level, kind) for level in found for kind in level.__slots__[1:])
    shapes = shapely.from_wkb(
        [
            bytes(wkb)
            for wkb in connection.scalars(
                text("SELECT ST_AsBinary(geom) FROM region WHERE generation_id = :id"),
                {"id": in_force},
            )
        ]
    )
    xy = points_and_vertices(shapes, 1_000, 500)
    expected = owners(connection, in_force, xy)
    assert owners(connection, again, xy) == expected
    assert None not in expected[1_000:]


@pytest.mark.heavy
@FORMATS
def test_the_country_exported_loads_again_with_the_same_owners(
    connection: Connection, country: Layer, tmp_path: Path, file_format: str
) -> None:
    path = tmp_path / f"country.{file_format}"
    before = active_generation(connection).id
    assert export(connection, before, path, file_format) == 5064
    again = load_again(connection, path, current_governments())
    xy = points_and_vertices(country.shapes, 10_000, 5_000)
    assert owners(connection, again, xy) == owners(connection, before, xy)
    report = validate(connection, again, LOADED_AT)
    assert (report.passed, report.findings) == (True, ())


def test_geojson_is_that_of_the_standard(
    connection: Connection, in_force: int, tmp_path: Path
) -> None:
    path = tmp_path / "incheon.geojson"
    export(connection, in_force, path, "geojson")
    found = json.loads(path.read_text("utf-8"))
    assert (found["type"], found["attribution"]) == ("FeatureCollection", "us")
    assert "crs" not in found
    for feature in found["features"]:
        assert feature["geometry"]["type"] == "MultiPolygon"
        for shell, *holes in feature["geometry"]["coordinates"]:
            assert shapely.LinearRing(shell).is_ccw
            assert not any(shapely.LinearRing(hole).is_ccw for hole in holes)


def test_a_geopackage_says_what_it_is_and_whom_it_is_owed_to(
    connection: Connection, in_force: int, tmp_path: Path
) -> None:
    path = tmp_path / "incheon.gpkg"
    export(connection, in_force, path, "gpkg", SIGUNGU)
    info = pyogrio.read_info(path)
    assert (info["layer_name"], info["crs"], info["features"]) == ("sigungu", "EPSG:4326", 3)
    assert info["layer_metadata"]["attribution"] == "us"


@FORMATS
def test_nothing_is_overwritten_and_nothing_empty_written(
    connection: Connection, in_force: int, tmp_path: Path, file_format: str
) -> None:
    path = tmp_path / "incheon.out"
    with pytest.raises(NotExportable, match="has no ri"):
        export(connection, in_force, path, file_format, RI)
    with pytest.raises(GenerationNotFound):
        export(connection, 10**6, path, file_format)
    assert not path.exists()
    path.write_text("mine")
    with pytest.raises(NotExportable, match="exists already"):
        export(connection, in_force, path, file_format)
    assert path.read_text() == "mine"
