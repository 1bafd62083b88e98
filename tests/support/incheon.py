"""Owns the change of Incheon on 2026-07-01, drawn from the neighbourhoods of the country's layer.

제물포구 takes the mainland of 중구 and all of 동구, 영종구 the islands of 중구, 검단구 what lies
north of the Ara canal in 서구. The codes of the three new gu and of their neighbourhoods are SAMPLE
codes; the canal is taken as a straight line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import shapely
from sqlalchemy import create_engine, text

from geo.boundaries import load_layer
from geo.boundaries.coverage import join, simplify
from geo.boundaries.layer import Layer, Overview, RegionRecord
from geo.boundaries.localgov import GovernmentTable, LocalGovernment, current_governments
from geo.crs import Shapes, areas_km2, to_web
from geo.regions.validation import validate

CHANGED_ON = date(2026, 7, 1)
LOADED_AT = datetime(2026, 6, 20, tzinfo=UTC)
JUNG, DONG, SEO = "28110", "28140", "28260"
JEMULPO, YEONGJONG, GEOMDAN = "28121", "28151", "28271"
"""Sample codes of the three new gu."""
NAMES = {JEMULPO: "제물포구", YEONGJONG: "영종구", GEOMDAN: "검단구"}

ISLANDS = tuple(f"281101{number}" for number in range(45, 53))
"""중산동, 운남동, 운서동, 운북동, 을왕동, 남북동, 덕교동 and 무의동 of 중구."""
NORTH = ("28260101", *(f"282601{number}" for number in (13, 14, 15, 17, 18, 19, 20, 21)))
"""백석동, 마전동, 당하동, 원당동, 대곡동, 금곡동, 오류동, 왕길동 and 불로동 of 서구."""
SICHEON = "28260102"
"""시천동, which the canal divides."""
SICHEON_NORTH = f"{GEOMDAN}110"
CANAL_LAT = 37.5705


def change_incheon(country: Layer, *, split_sicheon: bool = False) -> tuple[Layer, GovernmentTable]:
    """Return the country's layer and governments as they are after the change.

    :param split_sicheon: divide 시천동 between 서구 and 검단구, as the canal does; otherwise it is
        left to 서구, so that no neighbourhood is divided.
    """
    codes = renamed_codes(country)
    old = {region.code: region for region in country.regions}
    shape_of = dict(zip((r.code for r in country.regions), country.shapes, strict=True))
    emd = {codes.get(code, code): (code, shape_of[code]) for code in old if len(code) == 8}
    if split_sicheon:
        _divide_sicheon(emd)
    records, shapes = _neighbourhoods(old, emd)
    gu_records, gu_shapes = _gu(old, shape_of, records, shapes)
    sido = [region for region in country.regions if region.level == 1]
    layer = replace(
        country,
        key=f"{country.key}-incheon{'-canal' if split_sicheon else ''}",
        label="2026-07 Incheon (sample codes)",
        data_date=CHANGED_ON,
        sources=[{"name": "incheon-2026-07", "attribution": "drawn from the current layer"}],
        regions=[*sido, *gu_records, *records],
        shapes=np.concatenate((country.shapes[: len(sido)], gu_shapes, shapes)),
        overviews=[
            _overview(overview, codes, gu_records, gu_shapes, split=split_sicheon)
            for overview in country.overviews
        ],
    )
    return layer, changed_governments()


def renamed_codes(country: Layer) -> dict[str, str]:
    """Return the new code of every neighbourhood that changes its gu."""
    emd = [region.code for region in country.regions if region.level == 3]
    moves = {
        JEMULPO: [c for c in emd if c.startswith((JUNG, DONG)) and c not in ISLANDS],
        YEONGJONG: list(ISLANDS),
        GEOMDAN: list(NORTH),
    }
    return {
        old: f"{gu}{number}"
        for gu, members in moves.items()
        for number, old in enumerate(members, start=101)
    }


def changed_governments() -> GovernmentTable:
    """Return the table of governments after the change: three more gu and two fewer."""
    kept = [
        government for government in current_governments() if government.code not in (JUNG, DONG)
    ]
    new = [LocalGovernment(code, "basic", name, (code,)) for code, name in NAMES.items()]
    return GovernmentTable([*kept, *new])


def _divide_sicheon(emd: dict[str, tuple[str, shapely.Geometry]]) -> None:
    """Cut 시천동 in two, and give its neighbours the ends of the cut as corners."""
    whole = emd[SICHEON][1]
    around = [code for code, (_, shape) in emd.items() if shape.intersects(whole)]
    halves = _halves(whole)
    drawn = {code: emd[code][1] for code in around} | {SICHEON: halves[0], SICHEON_NORTH: halves[1]}
    cleaned = shapely.coverage_clean(list(drawn.values()))
    for code, shape in zip(drawn, cleaned, strict=True):
        emd[code] = (emd[code][0] if code in emd else SICHEON, shape)


def _halves(shape: shapely.Geometry, lat: float = CANAL_LAT) -> tuple[shapely.Geometry, ...]:
    west, south, east, north = shapely.bounds(shape)
    boxes = (shapely.box(west, south, east, lat), shapely.box(west, lat, east, north))
    return tuple(shapely.intersection(shape, box) for box in boxes)


def _neighbourhoods(
    old: Mapping[str, RegionRecord], emd: Mapping[str, tuple[str, shapely.Geometry]]
) -> tuple[list[RegionRecord], Shapes]:
    records = []
    ordered = sorted(emd)
    for code in ordered:
        before, shape = old[emd[code][0]], emd[code][1]
        if code != before.code:
            gu = NAMES[code[:5]]
            before = replace(before, code=code, full_name=f"인천광역시 {gu} {before.name}")
        if emd[code][0] == SICHEON:
            before = _measured(before, shape)
        records.append(before)
    return records, np.array([emd[code][1] for code in ordered], dtype=object)


def _gu(
    old: Mapping[str, RegionRecord],
    shape_of: Mapping[str, shapely.Geometry],
    records: Sequence[RegionRecord],
    shapes: Shapes,
) -> tuple[list[RegionRecord], Shapes]:
    members: dict[str, list[int]] = {}
    for position, record in enumerate(records):
        members.setdefault(record.code[:5], []).append(position)
    found, drawn = [], []
    for code in sorted(members):
        # The cut of 시천동 gives corners to the gu around it.
        shape = join(shapes[members[code]]) if code.startswith("28") else shape_of[code]
        if code in old and code != SEO:
            found.append(old[code])
            drawn.append(shape)
            continue
        name = NAMES.get(code, "서구")
        record = replace(
            old[SEO], code=code, name=name, full_name=f"인천광역시 {name}", provenance="clipped"
        )
        found.append(_measured(record, shape))
        drawn.append(shape)
    return found, np.array(drawn, dtype=object)


def _measured(record: RegionRecord, shape: shapely.Geometry) -> RegionRecord:
    ((lon, lat),) = shapely.get_coordinates(shapely.point_on_surface(shape))
    (area,) = areas_km2(np.array([shape], dtype=object))
    return replace(record, label_lon=float(lon), label_lat=float(lat), area_km2=float(area))


def _overview(
    overview: Overview,
    codes: Mapping[str, str],
    gu: Sequence[RegionRecord],
    gu_shapes: Shapes,
    *,
    split: bool,
) -> Overview:
    if overview.band.level == 1:
        return overview
    if overview.band.level == 2:
        simplified = simplify(to_web(gu_shapes), overview.band.tolerance_m)
        return Overview(overview.band, [record.code for record in gu], simplified)
    drawn = {
        codes.get(code, code): shape
        for code, shape in zip(overview.codes, overview.shapes, strict=True)
    }
    if split:
        canal = float(to_web(np.array([shapely.Point(126.69, CANAL_LAT)], dtype=object))[0].y)
        drawn[SICHEON], drawn[SICHEON_NORTH] = _halves(drawn[SICHEON], canal)
    ordered = sorted(drawn)
    shapes = np.array([drawn[code] for code in ordered], dtype=object)
    return Overview(overview.band, ordered, shapes)


def load_incheon(url: str, country: Layer, *, split_sicheon: bool = False) -> int:
    """Load the change into a database as a validated generation, commit, and return its id."""
    layer, governments = change_incheon(country, split_sicheon=split_sicheon)
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            generation_id = load_layer(connection, layer, governments, LOADED_AT, lambda _: None)
            assert validate(connection, generation_id, LOADED_AT).passed
    finally:
        engine.dispose()
    return generation_id
