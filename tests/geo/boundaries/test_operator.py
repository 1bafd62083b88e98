"""An operator's file becomes a layer, or every fault of it is named."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pyogrio
import pytest
import shapely

from geo.boundaries.layer import Edition, Layer
from geo.boundaries.localgov import GovernmentTable, TableMismatch, read_governments
from geo.boundaries.operator import operator_layer
from geo.boundaries.rows import BadRows
from geo.boundaries.sources.declared_crs import UnknownReference
from geo.boundaries.sources.operator import OperatorFile, UnreadableFile, read_operator_file
from geo.crs import project

EDITION = Edition("key", "test", date(2026, 7, 1), [])
SEOUL = "code,kind,name,sigungu_codes\n11,upper,서울특별시,\n"
JONGNO = SEOUL + "11110,basic,종로구,11110\n"
WEST = shapely.box(126.97, 37.58, 126.98, 37.59)
EAST = shapely.box(126.98, 37.58, 126.99, 37.59)
ROWS = [("11110101", "청운동", WEST), ("11110102", "신교동", EAST)]

Rows = list[tuple[str, str, shapely.Geometry | None]]


def write(
    path: Path, rows: Rows, srid: int = 4326, encoding: str | None = None, **options: object
) -> Path:
    codes, names, shapes = (np.array(column, dtype=object) for column in zip(*rows, strict=True))
    pyogrio.raw.write(
        path,
        shapely.to_wkb(project(shapes, 4326, srid)),
        [codes, names],
        ["EMD_CD", "EMD_KOR_NM"],
        geometry_type="Unknown" if path.suffix != ".shp" else "Polygon",
        crs=f"EPSG:{srid}",
        encoding=encoding,
        **options,
    )
    return path


def read(path: Path, governments: GovernmentTable | None = None, **how: object) -> Layer:
    published = read_operator_file(OperatorFile(path, **how))
    table = governments or read_governments(JONGNO)
    return operator_layer(published, table, {}, EDITION, lambda _message: None)


def names_of(layer: Layer) -> list[str]:
    return [region.full_name for region in layer.regions if region.level == 3]


@pytest.mark.parametrize(
    ("name", "srid"), [("a.gpkg", 5179), ("a.geojson", 4326), ("a.shp", 5186), ("a.gpkg", 5186)]
)
def test_every_format_and_reference_system_gives_the_same_layer(
    tmp_path: Path, name: str, srid: int
) -> None:
    layer = read(write(tmp_path / name, ROWS, srid))
    assert names_of(layer) == ["서울특별시 종로구 청운동", "서울특별시 종로구 신교동"]
    assert [region.code for region in layer.regions] == ["11", "11110", "11110101", "11110102"]
    assert {region.provenance for region in layer.regions} == {"exact"}
    assert shapely.equals_exact(
        layer.shapes[2:], np.array([WEST, EAST]), 1e-8, normalize=True
    ).all()


@pytest.mark.parametrize("declared", [None, "UTF-8", "CP949"])
def test_names_in_cp949_are_read_whatever_the_cpg_says(
    tmp_path: Path, declared: str | None
) -> None:
    path = write(tmp_path / "a.shp", ROWS, 5186, "CP949")
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if declared:
        path.with_suffix(".cpg").write_text(declared)
    assert names_of(read(path))[0] == "서울특별시 종로구 청운동"


def test_a_zipped_shapefile_is_read(tmp_path: Path) -> None:
    shp = write(tmp_path / "a.shp", ROWS, 5186, "CP949")
    with ZipFile(tmp_path / "동.zip", "w") as archive:
        for part in (".shp", ".shx", ".dbf", ".prj"):
            archive.write(shp.with_suffix(part), f"a{part}")
    assert len(names_of(read(tmp_path / "동.zip"))) == 2


def test_ten_digit_codes_are_cut(tmp_path: Path) -> None:
    rows: Rows = [(f"{code}00", name, shape) for code, name, shape in ROWS]
    assert read(write(tmp_path / "a.gpkg", rows)).regions[2].code == "11110101"


def test_an_unknown_reference_system_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownReference, match="convert it first"):
        read(write(tmp_path / "a.gpkg", ROWS, 3857))
    with pytest.raises(UnknownReference, match="declares EPSG:5179, not EPSG:5186"):
        read(write(tmp_path / "b.gpkg", ROWS, 5179), srid=5186)


def test_an_undeclared_reference_system_is_given_by_the_operator(tmp_path: Path) -> None:
    path = write(tmp_path / "a.shp", ROWS, 5186)
    path.with_suffix(".prj").unlink()
    with pytest.raises(UnknownReference, match="--srid"):
        read(path)
    assert len(names_of(read(path, srid=5186))) == 2


def test_missing_fields_and_layers_are_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", ROWS, layer="one")
    write(path, ROWS, layer="two")
    with pytest.raises(UnreadableFile, match="one, two"):
        read(path)
    with pytest.raises(UnreadableFile, match="EMD_CD, EMD_KOR_NM"):
        read(path, layer="one", code_field="nothing")
    assert len(names_of(read(path, layer="two", name_field="emd_kor_nm"))) == 2
    with pytest.raises(UnreadableFile, match="no such file"):
        read(tmp_path / "b.gpkg")


def test_every_bad_row_is_named(tmp_path: Path) -> None:
    far = shapely.box(139.7, 35.6, 139.8, 35.7)
    swapped = shapely.box(37.58, 126.97, 37.59, 126.98)
    rows: Rows = [
        *ROWS,
        ("11110101", "청운동", shapely.box(127, 37, 127.01, 37.01)),
        ("11110", "종로구", WEST),
        ("11110103", "궁정동", None),
        ("11110104", "효자동", shapely.LineString([(127, 37), (127.1, 37)])),
        ("11110105", "창성동", far),
        ("11110106", "통의동", swapped),
        ("11110107", "", WEST),
    ]
    with pytest.raises(BadRows) as caught:
        read(write(tmp_path / "a.gpkg", rows))
    said = "\n".join(caught.value.problems)
    assert len(caught.value.problems) == 7
    for part in (
        "rows 1, 3 (11110101)",
        "row 4 (11110)",
        "row 5 (11110103): it has no shape",
        "row 6 (11110104): the shape is a LineString",
        "row 7 (11110105): the shape lies",
        "row 8 (11110106): the shape has latitude",
        "row 9 (11110107): it has no name",
    ):
        assert part in said  # fmt: skip


def test_a_broken_shape_is_repaired_and_a_sliver_gets_an_owner(tmp_path: Path) -> None:
    tie = shapely.Polygon([(127, 37), (127.01, 37.01), (127.01, 37), (127, 37.01)])
    lower = shapely.box(126.98, 37.58, 126.99, 37.585)
    upper = shapely.box(126.98, 37.5851, 126.99, 37.59)
    end = shapely.box(126.99, 37.58, 127.0, 37.59)
    rows: Rows = [
        ("11110101", "청운동", WEST),
        ("11110102", "신교동", lower),
        ("11110103", "궁정동", upper),
        ("11110104", "효자동", end),
        ("11110105", "창성동", tie),
    ]
    layer = read(write(tmp_path / "a.gpkg", rows))
    assert [warning.split(":")[0] for warning in layer.warnings] == ["row 5 (11110105)"]
    assert shapely.coverage_is_valid(layer.shapes[2:])
    assert shapely.union_all(layer.shapes[2:]).covers(shapely.Point(126.985, 37.58505))


def test_small_overlaps_are_settled_and_large_ones_refused(tmp_path: Path) -> None:
    rows: Rows = [ROWS[0], ("11110102", "신교동", shapely.box(126.9799, 37.58, 126.99, 37.59))]
    layer = read(write(tmp_path / "a.gpkg", rows))
    assert "overlap by" in layer.warnings[0]
    assert shapely.coverage_is_valid(layer.shapes[2:])
    rows = [ROWS[0], ("11110102", "신교동", shapely.box(126.975, 37.58, 126.99, 37.59))]
    with pytest.raises(BadRows, match=r"row 1 .* and row 2 .* overlap"):
        read(write(tmp_path / "b.gpkg", rows))


def test_sigungu_without_a_government_are_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", ROWS)
    with pytest.raises(TableMismatch, match="without a government 11110; without a shape 11140"):
        read(path, read_governments(SEOUL + "11140,basic,중구,11140\n"))


def test_a_gu_of_a_city_needs_a_name(tmp_path: Path) -> None:
    table = read_governments(
        "code,kind,name,sigungu_codes\n44,upper,충청남도,\n44130,basic,천안시,44131 44133\n"
    )
    rows: Rows = [("44131101", "대흥동", WEST), ("44133101", "와촌동", EAST)]
    path = write(tmp_path / "a.gpkg", rows)
    with pytest.raises(BadRows, match="sigungu 44131 has no name"):
        read(path, table)
    published = read_operator_file(OperatorFile(path))
    named = {"44131": "천안시 동남구", "44133": "천안시 서북구"}
    layer = operator_layer(published, table, named, EDITION, lambda _message: None)
    assert names_of(layer)[0] == "충청남도 천안시 동남구 대흥동"
    full = replace(published.rows[0], full_name="충청남도 천안시동남구 대흥동")
    glued = replace(published, rows=[full, published.rows[1]])
    again = operator_layer(glued, table, named, EDITION, lambda _message: None)
    assert names_of(again) == names_of(layer)
