"""The real layer: complete, valid, named as the code list names it."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import shapely
from sqlalchemy import Connection, func, select, text

from backend.config import ROOT
from geo.boundaries import InvalidLayer, current_governments, load_country, load_layer
from geo.boundaries.cache import read_layer, save_layer
from geo.boundaries.country import LAND_KM2, REGIONS_BY_LEVEL
from geo.boundaries.layer import Layer
from geo.boundaries.sources import dongnae, registry
from geo.boundaries.validate import check_layer, check_names
from geo.regions import NotActivatable, activate, active_generation, stats
from geo.regions.models import GenerationRow, PieceRow, RegionRow
from geo.tiling import BANDS

NOW = datetime(2026, 11, 23, tzinfo=UTC)
PACKAGES = ROOT / "var" / "boundaries" / "packages"


def level(country: Layer, number: int) -> np.ndarray:
    return np.array([region.level == number for region in country.regions])


def test_counts_by_level(country: Layer) -> None:
    assert Counter(region.level for region in country.regions) == {1: 17, 2: 252, 3: 5064}


def test_every_level_is_a_valid_coverage_of_the_same_land(country: Layer) -> None:
    for number in (1, 2, 3):
        members = level(country, number)
        assert shapely.coverage_is_valid(country.shapes[members])
        area = sum(region.area_km2 for region in country.regions if region.level == number)
        assert area == pytest.approx(100_651, abs=1)


def test_every_shape_is_valid_and_holds_its_label(country: Layer) -> None:
    labels = shapely.points([(region.label_lon, region.label_lat) for region in country.regions])
    assert shapely.is_valid(country.shapes).all()
    assert shapely.contains_properly(country.shapes, labels).all()


def test_full_names_are_those_of_the_code_list(country: Layer) -> None:
    places = dongnae.read_places(registry.fetch(registry.DONGNAE, PACKAGES, lambda _message: None))
    published = {place.code: place.published_name for place in places}
    for region in country.regions:
        if region.level == 3:
            name = published[region.code].replace("전라북도", "전북특별자치도")
            name = name.replace("세종특별자치시 세종시", "세종특별자치시")
            assert region.full_name.replace(" ", "") == name.replace(" ", "")
    assert len(published) - sum(level(country, 3)) == len(country.warnings) == 2


def test_names_build_on_their_parents(country: Layer) -> None:
    names = {region.code: region.full_name for region in country.regions}
    for region in country.regions:
        if region.parent_code and not region.code.startswith("36"):
            assert region.full_name == f"{names[region.parent_code]} {region.name}"
        assert "전라북도" not in region.full_name
        assert region.full_name == region.full_name.strip()


def test_codes_are_current(country: Layer) -> None:
    codes = {region.code for region in country.regions}
    assert {"27720", "51", "52", "41192", "36110"} <= codes
    assert not codes & {"42", "45", "47720"}


def test_few_shapes_are_estimates_and_each_says_so(country: Layer) -> None:
    found = Counter(region.provenance for region in country.regions if region.level == 3)
    assert set(found) == {"exact", "clipped", "estimated"}
    assert found["estimated"] < 100


def test_each_overview_keeps_every_region_and_the_shared_edges(country: Layer) -> None:
    assert [overview.band for overview in country.overviews] == list(BANDS)
    for overview in country.overviews:
        assert len(overview.shapes) == REGIONS_BY_LEVEL[overview.band.level]
        assert not shapely.is_empty(overview.shapes).any()
        # Rounding in the projection leaves some metres of edges apart by nanometres.
        unshared = shapely.length(shapely.coverage_invalid_edges(overview.shapes))
        assert unshared.sum() < 200


def test_a_cached_layer_comes_back_as_it_was(country: Layer, tmp_path: Path) -> None:
    few = replace(country, regions=country.regions[:17], shapes=country.shapes[:17], overviews=[])
    save_layer(few, tmp_path / "layer.npz")
    back = read_layer(tmp_path / "layer.npz")
    assert back.regions == list(few.regions)
    assert shapely.equals_identical(back.shapes, few.shapes).all()
    assert (back.key, back.data_date) == (few.key, few.data_date)


def test_a_layer_that_lacks_something_is_refused(country: Layer) -> None:
    check_layer(country, REGIONS_BY_LEVEL, LAND_KM2)
    faults = [
        replace(country, regions=country.regions[1:]),
        replace(country, regions=[*country.regions[:-1], country.regions[-2]]),
        replace(country, shapes=np.array([shapely.MultiPolygon(), *country.shapes[1:]])),
        replace(
            country, overviews=[replace(country.overviews[0], shapes=np.array([shapely.Polygon()]))]
        ),
    ]
    for fault in faults:
        with pytest.raises(InvalidLayer):
            check_layer(fault, REGIONS_BY_LEVEL, LAND_KM2)
    with pytest.raises(InvalidLayer, match="km2"):
        check_layer(country, REGIONS_BY_LEVEL, 200_000)
    with pytest.raises(InvalidLayer, match="11110"):
        check_names(country, {region.code: "어디구" for region in country.regions})


def test_the_database_holds_what_was_assembled(connection: Connection, country: Layer) -> None:
    found = stats(connection)
    assert found["invalid_shapes"] == 0
    assert found["area_km2"] == pytest.approx(100_651, abs=1)
    counts = ("sido", "sigungu", "emd", "local_governments")
    assert [found[name] for name in counts] == [17, 252, 5064, 243]
    stored = connection.scalars(select(RegionRow.code).order_by(RegionRow.id)).all()
    assert list(stored) == [region.code for region in country.regions]


def test_no_piece_is_large(connection: Connection) -> None:
    assert connection.scalar(select(func.max(func.ST_NPoints(PieceRow.geom)))) <= 132


def test_loading_again_does_nothing(connection: Connection) -> None:
    before = active_generation(connection)
    said: list[str] = []
    again = load_country(connection, ROOT / "var" / "boundaries", said.append, NOW)
    assert again == before.id
    assert len(said) == 1
    assert connection.scalar(select(func.count()).select_from(GenerationRow)) == 1


def test_a_draft_changes_nothing_until_it_is_checked_and_activated(
    connection: Connection, country: Layer
) -> None:
    before = active_generation(connection)
    small = replace(country, overviews=country.overviews[:1])
    draft = load_layer(connection, small, current_governments(), NOW, lambda _message: None)
    assert active_generation(connection) == before
    with pytest.raises(NotActivatable, match="draft"):
        activate(connection, draft, NOW)
    connection.execute(
        text("UPDATE region_generation SET state = 'validated' WHERE id = :i"), {"i": draft}
    )
    activate(connection, draft, NOW)
    assert active_generation(connection).id == draft
    activate(connection, before.id, NOW)
    assert active_generation(connection).id == before.id
    with pytest.raises(NotActivatable, match="unknown"):
        activate(connection, 10**6, NOW)


def label_of(connection: Connection) -> str:
    return active_generation(connection).label


def test_an_operators_generation_stays_in_force(connection: Connection) -> None:
    connection.execute(
        text("""
            UPDATE region_generation
            SET layer_key = 'own', label = 'own', sources = '[{"attribution": "the operator"}]'
            WHERE state = 'active'
        """)
    )
    said: list[str] = []
    load_country(connection, ROOT / "var" / "boundaries", said.append, NOW)
    assert label_of(connection) == "own"
    assert "the operator has loaded it" in said[-1]


def test_a_generation_that_was_put_in_place_of_the_packages_stays_in_force(
    connection: Connection,
) -> None:
    connection.execute(
        text("UPDATE region_generation SET state = 'retired' WHERE state = 'active'")
    )
    connection.execute(
        text("""
            INSERT INTO region_generation (label, state, layer_key, sources, data_date, loaded_at)
            SELECT 'earlier', 'active', 'earlier', sources, data_date, loaded_at
            FROM region_generation LIMIT 1
        """)
    )
    said: list[str] = []
    load_country(connection, ROOT / "var" / "boundaries", said.append, NOW)
    assert label_of(connection) == "earlier"
    assert "in place of" in said[-1]


def test_newer_packages_follow_older_ones_through_their_owner(connection: Connection) -> None:
    connection.execute(text("UPDATE region_generation SET layer_key = 'older release'"))
    asked: list[int] = []
    generation_id = load_country(
        connection,
        ROOT / "var" / "boundaries",
        put_in_force=lambda _, generation_id, __: asked.append(generation_id),
    )
    assert asked == [generation_id]
