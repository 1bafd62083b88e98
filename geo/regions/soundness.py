"""Owns what must hold of a generation by itself: levels, shapes, one owner, governments."""

from collections.abc import Mapping

import numpy as np
import shapely
from sqlalchemy import select, text

from geo.orm import Executor
from geo.regions.codes import level_name, parent_code
from geo.regions.findings import Finding, error
from geo.regions.models import LocalGovernmentRow
from geo.regions.stored import StoredLevel
from geo.tiling import EMD, SIDO, SIGUNGU

LEVELS = (SIDO, SIGUNGU, EMD)

LEVELS_AGREE_SHARE = 1e-6
"""Parents are unions of what lies below them: their areas differ by rounding only."""

Levels = Mapping[int, StoredLevel]


def area_km2(level: StoredLevel) -> float:
    """Return what the regions of a level measure together."""
    return sum(region.area_km2 for region in level.regions)


def check_counts(levels: Levels) -> list[Finding]:
    """Return the levels that hold nothing."""
    empty = [level_name(level) for level in LEVELS if not levels[level].regions]
    return error("level_empty", "levels without any region", empty)


def check_hierarchy(levels: Levels) -> list[Finding]:
    """Return what is not the sum of what lies below it."""
    ids = {region.id: region.code for level in LEVELS for region in levels[level].regions}
    astray = [
        f"{region.code} {region.full_name}: below {ids.get(region.parent_id or 0, 'none')}"
        for level in (SIGUNGU, EMD)
        for region in levels[level].regions
        if ids.get(region.parent_id or 0) != parent_code(region.code)
    ]
    parents = {region.parent_id for level in (SIGUNGU, EMD) for region in levels[level].regions}
    childless = [
        f"{region.code} {region.full_name}"
        for level in (SIDO, SIGUNGU)
        for region in levels[level].regions
        if region.id not in parents
    ]
    land = area_km2(levels[EMD])
    differing = [
        f"{level_name(level)} {area_km2(levels[level]):.3f} km2, emd {land:.3f} km2"
        for level in (SIDO, SIGUNGU)
        if abs(area_km2(levels[level]) - land) > LEVELS_AGREE_SHARE * land
    ]
    return [
        *error("parent_mismatch", "regions whose parent is not that of their code", astray),
        *error("without_children", "regions with nothing below them", childless),
        *error("levels_differ", "levels that do not cover the same land", differing),
    ]


def check_shapes(conn: Executor, generation_id: int, levels: Levels) -> list[Finding]:
    """Return the shapes that are broken, claim a neighbour's ground, or cannot be looked up."""
    invalid = conn.execute(
        text("""
            SELECT code || ' ' || full_name AS item FROM region
            WHERE generation_id = :id AND (ST_IsEmpty(geom) OR NOT ST_IsValid(geom))
            ORDER BY level, code
        """),
        {"id": generation_id},
    ).scalars()
    without_pieces = conn.execute(
        text("""
            SELECT code || ' ' || full_name AS item FROM region r
            WHERE generation_id = :id AND level = 3
              AND NOT EXISTS (SELECT FROM region_piece p WHERE p.region_id = r.id)
            ORDER BY code
        """),
        {"id": generation_id},
    ).scalars()
    return [
        *error("shape_invalid", "shapes that are empty or invalid", invalid),
        *error("coverage_broken", "neighbourhoods that overlap a neighbour", _faulty(levels[EMD])),
        *error("not_found_by_point", "neighbourhoods no point would be found in", without_pieces),
    ]


def _faulty(level: StoredLevel) -> list[str]:
    shapes = level.shapes()
    if shapely.coverage_is_valid(shapes):
        return []
    edges = shapely.coverage_invalid_edges(shapes)
    regions = [level.regions[position] for position in np.flatnonzero(~shapely.is_empty(edges))]
    return [f"{region.code} {region.full_name}" for region in regions]


def check_governments(conn: Executor, generation_id: int, levels: Levels) -> list[Finding]:
    """Return sigungu without a government, and governments without a region."""
    statement = select(
        LocalGovernmentRow.code, LocalGovernmentRow.kind, LocalGovernmentRow.full_name
    ).where(LocalGovernmentRow.generation_id == generation_id)
    governments = conn.execute(statement.order_by(LocalGovernmentRow.code)).all()
    kinds = {government.code: government.kind for government in governments}
    ungoverned = [
        f"{region.code} {region.full_name}: {region.local_government_code}"
        for region in levels[SIGUNGU].regions
        if kinds.get(region.local_government_code) not in ("basic", "single_tier")
    ]
    used = {
        region.local_government_code
        for level in (SIDO, SIGUNGU)
        for region in levels[level].regions
    }
    idle = [f"{found.code} {found.full_name}" for found in governments if found.code not in used]
    return [
        *error("without_government", "sigungu without a basic or single-tier one", ungoverned),
        *error("without_region", "governments without a region", idle),
    ]
