"""Owns a whole boundary layer in memory: regions of every level, governments, overviews."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely

from geo.boundaries.assemble import Assembly, agreement
from geo.boundaries.coverage import join, simplify
from geo.boundaries.localgov import GovernmentTable
from geo.boundaries.names import SIDO, PlaceName, UnexpectedName, clean_name
from geo.crs import Shapes, areas_km2, to_web
from geo.regions.codes import LENGTHS
from geo.tiling import BANDS, Band

Row = tuple[str, int, str, str | None, str, str]
"""code, level, name, English name, full name, provenance"""


@dataclass(frozen=True)
class RegionRecord:
    """One region as it is loaded; its shape stands at the same position of `Layer.shapes`."""

    code: str
    level: int
    name: str
    name_en: str | None
    full_name: str
    provenance: str
    label_lon: float
    label_lat: float
    area_km2: float

    @property
    def parent_code(self) -> str | None:
        """Return the code of the region above, none for a sido."""
        return self.code[: LENGTHS[self.level - 1]] if self.level > 1 else None


@dataclass(frozen=True)
class Overview:
    """The shapes of one level simplified for a band of zooms, in EPSG:3857 and code order."""

    band: Band
    codes: Sequence[str]
    shapes: Shapes


@dataclass(frozen=True)
class Layer:
    """A layer ready to load: regions by (level, code), their shapes (WGS 84), overviews."""

    key: str
    label: str
    data_date: date
    sources: Sequence[Mapping[str, str]]
    regions: Sequence[RegionRecord]
    shapes: Shapes
    overviews: Sequence[Overview]
    warnings: Sequence[str]


@dataclass(frozen=True)
class Edition:
    """What identifies a layer: a key that changes with every input, a label, its data's date."""

    key: str
    label: str
    data_date: date
    sources: Sequence[Mapping[str, str]]


def build_layer(assembly: Assembly, governments: GovernmentTable, edition: Edition) -> Layer:
    """Return the layer of an assembled country: parents by union, names, labels, areas, overviews.

    :param assembly: every neighbourhood with its shape, a valid coverage.
    :param governments: the bodies that govern its sigungu.
    :param edition: identity of the layer.
    :raises UnexpectedName: when two neighbourhoods disagree about the name of their sigungu.
    :raises TableMismatch: when the table governs other sigungu than these.
    """
    ordered = sorted(assembly.neighbourhoods, key=lambda found: found.place.code)
    names = [clean_name(found.place, governments) for found in ordered]
    codes = [found.place.code for found in ordered]
    leaves = np.array([found.shape for found in ordered], dtype=object)
    sigungu_codes, sigungu_shapes = _parents(codes, leaves, 5)
    sido_codes, sido_shapes = _parents(sigungu_codes, sigungu_shapes, 2)
    governments.check(sigungu_codes)
    rows: list[Row] = [
        *_sido_rows(sido_codes, sido_shapes, assembly),
        *_sigungu_rows(sigungu_codes, sigungu_shapes, assembly, _sigungu_names(codes, names)),
        *(
            (found.place.code, 3, name.emd, found.name_en, name.full, found.provenance)
            for name, found in zip(names, ordered, strict=True)
        ),
    ]
    shapes = np.concatenate((sido_shapes, sigungu_shapes, leaves))
    labels = shapely.get_coordinates(shapely.point_on_surface(shapes))
    regions = [
        RegionRecord(*row, float(lon), float(lat), float(area))
        for row, (lon, lat), area in zip(rows, labels, areas_km2(shapes), strict=True)
    ]
    by_level = {
        1: (sido_codes, to_web(sido_shapes)),
        2: (sigungu_codes, to_web(sigungu_shapes)),
        3: (codes, to_web(leaves)),
    }
    overviews = [_overview(band, *by_level[band.level]) for band in BANDS]
    return Layer(
        edition.key,
        edition.label,
        edition.data_date,
        edition.sources,
        regions,
        shapes,
        overviews,
        assembly.warnings,
    )


def _sigungu_names(codes: Sequence[str], names: Sequence[PlaceName]) -> dict[str, str]:
    found: dict[str, str] = {}
    for code, name in zip(codes, names, strict=True):
        if found.setdefault(code[:5], name.sigungu) != name.sigungu:
            msg = f"sigungu {code[:5]} is called {name.sigungu} and {found[code[:5]]}"
            raise UnexpectedName(msg)
    return found


def _sido_rows(codes: Sequence[str], shapes: Shapes, assembly: Assembly) -> Iterator[Row]:
    for code, shape in zip(codes, shapes, strict=True):
        outlines = [outline for at, outline in assembly.outlines.items() if at.startswith(code)]
        name, name_en = SIDO[code]
        yield code, 1, name, name_en, name, agreement(shape, shapely.union_all(outlines))


def _sigungu_rows(
    codes: Sequence[str], shapes: Shapes, assembly: Assembly, names: Mapping[str, str]
) -> Iterator[Row]:
    for code, shape in zip(codes, shapes, strict=True):
        sido = SIDO[code[:2]][0]
        full_name = f"{sido} {names[code]}".strip()
        provenance = agreement(shape, assembly.outlines[code])
        yield code, 2, names[code] or sido, None, full_name, provenance


def _parents(codes: Sequence[str], shapes: Shapes, length: int) -> tuple[list[str], Shapes]:
    members = defaultdict(list)
    for position, code in enumerate(codes):
        members[code[:length]].append(position)
    parents = sorted(members)
    unions = [join(shapes[members[parent]]) for parent in parents]
    return parents, np.array(unions, dtype=object)


def _overview(band: Band, codes: Sequence[str], web_shapes: Shapes) -> Overview:
    return Overview(band, codes, simplify(web_shapes, band.tolerance_m))
