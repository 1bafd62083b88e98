"""GDAL as a stranger: it knows the standard and nothing of ours, and reads the layers whole."""

import json
import subprocess
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from shutil import which
from urllib.request import urlopen

import pyogrio
import pytest
from flask import Flask
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from geo.regions.models import RegionRow
from tests.support import databases
from tests.support.maps import make_published_round
from tests.support.rings import faults
from tests.support.server import running_server

pytestmark = [pytest.mark.heavy, pytest.mark.xdist_group("gdal")]

LAYERS = {"sido", "sigungu", "emd", "institutions", "proposals", "placements"}
ATTRIBUTES = ["code", "name", "full_name", "local_government_code", "provenance"]


@pytest.fixture(scope="module")
def database_url(template: str, app: Flask) -> Iterator[str]:
    """A database with the country and a published round.

    That leaves jobs behind, whose names are known once there is an application.
    """
    with databases.copy_of(template) as url:
        engine = create_engine(url)
        with Session(engine) as session:
            make_published_round(session)
        engine.dispose()
        yield url


@pytest.fixture(scope="module")
def layers(database_url: str) -> Iterator[str]:
    """The address of the layers on a real server."""
    with running_server(database_url) as base:
        yield f"{base}/ogc"


def run(*command: str) -> str:
    """Return what a program of GDAL says; it must not fail, warn or be missing."""
    assert which(command[0]) is not None, "missing: apt-get install gdal-bin (`make check` does it)"
    done = subprocess.run(  # noqa: S603 (Debian's programs before our own server)
        command, capture_output=True, text=True, check=False, timeout=300
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


def checksum(rows: list[tuple[str, ...]]) -> str:
    """Return a digest of attributes, in the order of their codes."""
    return sha256(json.dumps(sorted(rows), ensure_ascii=False).encode()).hexdigest()


def expected_checksum(database_url: str) -> str:
    """Return the digest of what the table of regions says of the sigungu."""
    engine = create_engine(database_url)
    with engine.connect() as connection:
        columns = [getattr(RegionRow, name) for name in ATTRIBUTES]
        rows = connection.execute(select(*columns).where(RegionRow.level == 2)).all()
    engine.dispose()
    return checksum([tuple(row) for row in rows])


def test_ogrinfo_lists_the_layers(layers: str) -> None:
    listed = run("ogrinfo", "-ro", f"OAPIF:{layers}")
    assert {line.split()[1] for line in listed.splitlines() if line[:1].isdigit()} == LAYERS
    assert "sigungu (title: 시군구) (Multi Polygon)" in listed
    assert "proposals (title: 주민 제안) (Point)" in listed


def test_ogrinfo_summarizes_every_layer(layers: str) -> None:
    told = run("ogrinfo", "-ro", "-al", "-so", f"OAPIF:{layers}")
    counts = [line for line in told.splitlines() if line.startswith("Feature Count: ")]
    assert counts == [f"Feature Count: {count}" for count in (17, 252, 5064, 3, 2, 2)]
    assert "local_government_code: String" in told
    assert "data_date: Date" in told


def test_ogrinfo_reads_all_sigungu(layers: str) -> None:
    told = run("ogrinfo", "-ro", "-al", "-geom=SUMMARY", f"OAPIF:{layers}", "sigungu")
    assert told.count("OGRFeature(sigungu)") == 252
    assert told.count("MULTIPOLYGON") == 252


def test_a_condition_is_left_to_the_server(layers: str) -> None:
    told = run("ogrinfo", "-ro", "-q", f"OAPIF:{layers}", "sigungu", "-where", "code = '11140'")
    assert told.count("OGRFeature(sigungu)") == 1
    assert "서울특별시 중구" in told


@pytest.mark.parametrize("page_size", ["10", "1000"])
def test_ogr2ogr_converts_a_layer_to_geopackage(
    layers: str, database_url: str, tmp_path: Path, page_size: str
) -> None:
    target = tmp_path / "sigungu.gpkg"
    options = ("-oo", f"PAGE_SIZE={page_size}")
    run("ogr2ogr", "-f", "GPKG", str(target), f"OAPIF:{layers}", "sigungu", *options)
    meta, _, shapes, columns = pyogrio.raw.read(target, columns=ATTRIBUTES)
    by_name = dict(zip(meta["fields"], columns, strict=True))
    rows = [tuple(row) for row in zip(*(by_name[name] for name in ATTRIBUTES), strict=True)]
    assert (len(shapes), meta["crs"], meta["geometry_type"]) == (252, "EPSG:4326", "MultiPolygon")
    assert checksum(rows) == expected_checksum(database_url)


def test_a_geojson_export_keeps_to_rfc_7946(layers: str, tmp_path: Path) -> None:
    target = tmp_path / "sido.geojson"
    options = ("-f", "GeoJSON", "-lco", "RFC7946=YES", "-lco", "COORDINATE_PRECISION=6")
    run("ogr2ogr", *options, str(target), f"OAPIF:{layers}", "sido")
    exported = json.loads(target.read_text(encoding="utf-8"))
    with urlopen(f"{layers}/collections/sido/items") as answer:  # noqa: S310 (loopback)
        served = json.load(answer)
    assert len(served["features"]) == 17
    for feature in [*served["features"], *exported["features"]]:
        assert faults(feature) == [], feature["properties"]["code"]
    assert [one["properties"]["code"] for one in exported["features"]] == [
        one["properties"]["code"] for one in served["features"]
    ]
