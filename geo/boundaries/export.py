"""Owns writing one level of a generation as a file that other programs open and we load again."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pyogrio
import shapely

from geo.orm import SRID_WGS84, Executor
from geo.regions.codes import level_name
from geo.regions.stored import StoredGeneration, StoredLevel, get_generation, read_level
from geo.tiling import EMD

FIELDS = (
    "code",
    "name",
    "name_en",
    "full_name",
    "legal_dong_code",
    "local_government_code",
    "provenance",
)
"""What is written of each region, under names that `sources.operator` finds by itself."""

Writer = Callable[[Path, StoredLevel, str, Mapping[str, str]], None]


class NotExportable(ValueError):
    """A file that exists already, or a level without regions."""


def export(
    conn: Executor, generation_id: int, path: Path, file_format: str, level: int = EMD
) -> int:
    """Write the regions of a level in WGS 84, to the last digit, and return how many they are.

    Coordinates are not rounded, against the advice of RFC 7946, section 11.2: rounded neighbours
    may overlap, and a point at their border get another owner.

    :param generation_id: a generation in whatever state.
    :param path: where to; nothing may stand there.
    :param file_format: one of `FORMATS`.
    :param level: 1 sido, 2 sigungu, 3 emd; only a file of emd can be loaded again.
    :raises GenerationNotFound: when there is none of this id.
    :raises NotExportable: when there is nothing to write, or a file in the way.
    """
    if path.exists():
        msg = f"{path.name} exists already"
        raise NotExportable(msg)
    generation = get_generation(conn, generation_id)
    stored = read_level(conn, generation_id, level)
    if not stored.regions:
        msg = f"generation {generation_id} has no {level_name(level)}"
        raise NotExportable(msg)
    FORMATS[file_format](path, stored, level_name(level), _about(generation))
    return len(stored.regions)


def _about(generation: StoredGeneration) -> dict[str, str]:
    """Return what has to travel with the shapes: which state of the boundaries, owed to whom."""
    owed = sorted({source["attribution"] for source in generation.sources})
    return {
        "label": generation.label,
        "data_date": generation.data_date.isoformat(),
        "attribution": "; ".join(owed),
    }


def _write_geopackage(
    path: Path, stored: StoredLevel, layer: str, about: Mapping[str, str]
) -> None:
    columns = [
        np.array([getattr(region, field) for region in stored.regions], dtype=object)
        for field in FIELDS
    ]
    pyogrio.raw.write(
        path,
        stored.wkb,
        columns,
        list(FIELDS),
        driver="GPKG",
        layer=layer,
        geometry_type="MultiPolygon",
        crs=f"EPSG:{SRID_WGS84}",
        layer_metadata=dict(about),
    )


def _write_geojson(path: Path, stored: StoredLevel, layer: str, about: Mapping[str, str]) -> None:
    """Write RFC 7946: counter-clockwise shells (section 3.1.6), no member `crs` (section 4)."""
    geometries = shapely.to_geojson(shapely.orient_polygons(stored.shapes()))
    head = {"type": "FeatureCollection", "name": layer, **about}
    with path.open("x", encoding="utf-8") as file:
        file.write(json.dumps(head, ensure_ascii=False)[:-1] + ', "features": [\n')
        for number, (region, geometry) in enumerate(zip(stored.regions, geometries, strict=True)):
            told = {field: getattr(region, field) for field in FIELDS}
            properties = json.dumps(told, ensure_ascii=False)
            separator = ",\n" if number else ""
            file.write(
                f'{separator}{{"type": "Feature", "id": "{region.code}",'
                f' "properties": {properties}, "geometry": {geometry}}}'
            )
        file.write("\n]}\n")


FORMATS: Mapping[str, Writer] = {"gpkg": _write_geopackage, "geojson": _write_geojson}
