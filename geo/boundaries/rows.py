"""Owns what must hold of an operator's rows, one by one and together, before they are joined."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from geo.boundaries.coverage import polygonal
from geo.boundaries.sources.operator import OperatorRow
from geo.crs import LAT_MAX, LAT_MIN, LON_MAX, LON_MIN, areas_km2
from geo.regions.codes import InvalidRegionCode, level_of, normalize_code
from geo.tiling import EMD

SHOWN = 20
"""Problems that a message lists before it only counts the rest."""

CONTESTED_SHARE = 0.1
"""Two rows that share more of the smaller one claim the same ground; less is a fault of drawing."""

NOTABLE_KM2 = 1e-6
"""An overlap below one square metre is rounding noise."""


class BadRows(ValueError):
    """Rows that cannot be taken; the message names each with its row and code."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(capped(problems)))


@dataclass(frozen=True, slots=True)
class SoundRow:
    """A row whose code has eight digits and whose shape is a valid polygon or multipolygon."""

    published: OperatorRow
    code: str
    shape: shapely.Geometry


def capped(lines: Sequence[str], shown: int = SHOWN) -> list[str]:
    """Return the first lines, and a last one that counts the rest.

    :param lines: what there is to say.
    :param shown: how many lines are kept.
    """
    rest = len(lines) - shown
    return [*lines[:shown], f"... and {rest} more"] if rest > 0 else list(lines)


def sound_rows(rows: Iterable[OperatorRow]) -> tuple[list[SoundRow], list[str]]:
    """Return the rows in code order with their shapes repaired, and what was repaired.

    :param rows: as published, WGS 84.
    :raises BadRows: naming every row that cannot be taken, and why.
    """
    problems: list[str] = []
    warnings: list[str] = []
    sound: list[SoundRow] = []
    for row in rows:
        found = [*_code_faults(row), *_name_faults(row), *_shape_faults(row)]
        if found or row.shape is None:
            problems += [f"{_where(row)}: {fault}" for fault in found]
            continue
        shape = polygonal(row.shape)
        if shape.is_empty:
            problems.append(f"{_where(row)}: the shape encloses no area")
            continue
        if not shapely.is_valid(row.shape):
            reason = shapely.is_valid_reason(row.shape)
            warnings.append(f"{_where(row)}: repaired ({reason})")
        sound.append(SoundRow(row, normalize_code(row.code), shape))
    for code, times in sorted(Counter(row.code for row in sound).items()):
        if times > 1:
            numbers = [row.published.number for row in sound if row.code == code]
            problems.append(f"rows {', '.join(map(str, numbers))} ({code}): the code occurs twice")
    if not sound and not problems:
        problems.append("the file has no rows")
    if problems:
        raise BadRows(problems)
    sound.sort(key=lambda row: row.code)
    return sound, [*warnings, *_overlaps(sound)]


def _where(row: OperatorRow) -> str:
    return f"row {row.number} ({row.code or 'no code'})"


def _code_faults(row: OperatorRow) -> list[str]:
    try:
        code = normalize_code(row.code)
    except InvalidRegionCode as error:
        return [str(error)]
    if level_of(code) != EMD or row.code[8:] not in ("", "00"):
        return ["the code is not that of an eup, myeon or dong (8 digits, or 10 ending in 00)"]
    return []


def _name_faults(row: OperatorRow) -> list[str]:
    if not row.name:
        return ["it has no name"]
    if row.full_name and row.full_name.split()[-1] != row.name.split()[-1]:
        return [f"the full name {row.full_name!r} does not end in {row.name!r}"]
    return []


def _shape_faults(row: OperatorRow) -> list[str]:
    if row.shape is None or row.shape.is_empty:
        return ["it has no shape"]
    if row.shape.geom_type not in ("Polygon", "MultiPolygon"):
        return [f"the shape is a {row.shape.geom_type}, not a polygon"]
    west, south, east, north = shapely.bounds(row.shape)
    if west >= LON_MIN and east <= LON_MAX and south >= LAT_MIN and north <= LAT_MAX:
        return []
    if south >= LON_MIN and north <= LON_MAX and west >= LAT_MIN and east <= LAT_MAX:
        return ["the shape has latitude before longitude"]
    return ["the shape lies outside Korea"]


def _overlaps(rows: Sequence[SoundRow]) -> list[str]:
    """Return the overlaps that cleaning will settle.

    :raises BadRows: when two rows claim the same ground.
    """
    shapes = np.array([row.shape for row in rows], dtype=object)
    if shapely.coverage_is_valid(shapes):
        return []
    at_fault = np.flatnonzero(~shapely.is_empty(shapely.coverage_invalid_edges(shapes)))
    left, right = shapely.STRtree(shapes[at_fault]).query(shapes[at_fault], "intersects")
    left, right = at_fault[left[left < right]], at_fault[right[left < right]]
    common = areas_km2(shapely.intersection(shapes[left], shapes[right]))
    areas = areas_km2(shapes)
    warnings: list[str] = []
    contested: list[str] = []
    for first, second, area in zip(left.tolist(), right.tolist(), common.tolist(), strict=True):
        if area < NOTABLE_KM2:
            continue
        pair = [rows[first].published, rows[second].published]
        said = f"{_where(pair[0])} and {_where(pair[1])} overlap by {area:.6f} km2"
        too_much = area > CONTESTED_SHARE * min(areas[first], areas[second])
        (contested if too_much else warnings).append(said)
    if contested:
        raise BadRows(contested)
    return warnings
