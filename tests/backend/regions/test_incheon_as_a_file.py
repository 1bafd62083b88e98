"""The change of Incheon on 2026-07-01 comes as a file and is loaded, checked and compared.

제물포구 takes the mainland of 중구 and all of 동구, 영종구 the islands of 중구, 검단구 the north of
서구. The codes of the three new gu and of their neighbourhoods are SAMPLE codes.
"""

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from flask import Flask
from sqlalchemy import Connection, text

from geo.crs import project
from geo.orm import SRID_WGS84
from tests.support.boundaries import Drawn

CENTRAL_BELT = 5186
JUNG, DONG, SEO = "28110", "28140", "28260"
JEMULPO, YEONGJONG, GEOMDAN = "28121", "28151", "28271"
ISLANDS = {f"281101{number}" for number in range(45, 53)}
NORTH = {f"282601{number:02}" for number in (1, 13, 14, 15, 17, 18, 19, 20, 21)}
GOVERNMENTS = f"""\
code,kind,name,sigungu_codes
28,upper,인천광역시,
{JEMULPO},basic,제물포구,{JEMULPO}
{YEONGJONG},basic,영종구,{YEONGJONG}
{SEO},basic,서구,{SEO}
{GEOMDAN},basic,검단구,{GEOMDAN}
"""


def gu_after(code: str) -> str:
    """Return the gu that a neighbourhood lies in after the change."""
    if code in NORTH:
        return GEOMDAN
    if code.startswith(SEO):
        return SEO
    return YEONGJONG if code in ISLANDS else JEMULPO


def codes_after(drawn: Iterable[Drawn]) -> dict[str, str]:
    """Return the new code of each neighbourhood, its own where its gu stays."""
    counts: dict[str, int] = {}
    found = {}
    for each in drawn:
        gu = gu_after(each.code)
        counts[gu] = counts.get(gu, 100) + 1
        found[each.code] = each.code if each.code.startswith(gu) else f"{gu}{counts[gu]}"
    return found


@pytest.fixture
def shapefile(tmp_path: Path, three_gu: list[Drawn]) -> Path:
    """The changed neighbourhoods as offices hand them out: Shapefile, EPSG:5186, CP949."""
    codes = codes_after(three_gu)
    columns = [
        np.array([codes[each.code] for each in three_gu], dtype=object),
        np.array([each.full_name.split()[-1] for each in three_gu], dtype=object),
    ]
    shapes = np.array([each.shape for each in three_gu], dtype=object)
    path = tmp_path / "LSMD_ADM_SECT_UMD_28.shp"
    pyogrio.raw.write(
        path,
        shapely.to_wkb(project(shapes, SRID_WGS84, CENTRAL_BELT)),
        columns,
        ["EMD_CD", "EMD_KOR_NM"],
        geometry_type="Polygon",
        crs=f"EPSG:{CENTRAL_BELT}",
        encoding="CP949",
    )
    return path


def test_the_change_of_incheon_is_loaded_checked_and_compared(
    app: Flask,
    connection: Connection,
    in_force: int,
    three_gu: list[Drawn],
    shapefile: Path,
    tmp_path: Path,
) -> None:
    table = tmp_path / "governments.csv"
    table.write_text(GOVERNMENTS, "utf-8")
    runner = app.test_cli_runner()

    options = ["--from", str(shapefile), "--governments", str(table), "--data-date", "2026-07-01"]
    loaded = runner.invoke(args=["regions", "load", *options])
    assert loaded.exit_code == 0, loaded.output
    draft = str(connection.scalar(text("SELECT max(id) FROM region_generation")))

    checked = runner.invoke(args=["regions", "validate", draft, "--json"])
    assert checked.exit_code == 0, checked.output
    report = json.loads(checked.output)
    found = {finding["kind"]: finding for finding in report["findings"]}
    assert report["compared_with"] == in_force
    assert {finding["severity"] for finding in report["findings"]} == {"warning"}
    assert found["sigungu_vanished"]["items"] == ["28110 인천광역시 중구", "28140 인천광역시 동구"]
    assert found["sigungu_appeared"]["items"] == [
        f"{JEMULPO} 인천광역시 제물포구",
        f"{YEONGJONG} 인천광역시 영종구",
        f"{GEOMDAN} 인천광역시 검단구",
    ]
    assert found["sigungu_area_changed"]["items"][0].startswith("28260 인천광역시 서구")

    compared = runner.invoke(args=["regions", "compare", draft, "--json"])
    sido, sigungu, emd = json.loads(compared.output)["levels"]
    assert [kind for kind, changes in sido.items() if kind != "level" and changes] == []
    assert [change["code"] for change in sigungu["added"]] == [JEMULPO, YEONGJONG, GEOMDAN]
    assert [change["code"] for change in sigungu["removed"]] == [JUNG, DONG]
    assert [change["code"] for change in sigungu["reshaped"]] == [SEO]
    changed = {old: new for old, new in codes_after(three_gu).items() if old != new}
    assert {change["before_code"]: change["after_code"] for change in emd["recoded"]} == changed
    assert all(change["moved"] for change in emd["recoded"])
    assert [kind for kind, changes in emd.items() if kind != "level" and changes] == ["recoded"]
