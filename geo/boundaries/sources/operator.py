"""Owns reading the neighbourhoods of an operator's GeoPackage, Shapefile or GeoJSON as they are."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from geo.boundaries.sources.declared_crs import accepted_srid
from geo.crs import Shapes, project
from geo.orm import SRID_WGS84

DRIVERS = ("GPKG", "ESRI Shapefile", "GeoJSON")

CODE_FIELDS = ("emd_cd", "code", "legal_dong_code")
NAME_FIELDS = ("emd_kor_nm", "emd_nm", "name")
ENGLISH_FIELDS = ("emd_eng_nm", "name_en")
FULL_NAME_FIELDS = ("full_nm", "full_name")
PROVENANCE_FIELDS = ("provenance",)
"""What official downloads and our own export call their fields; case does not matter."""

ENCODINGS = ("UTF-8", "CP949")
"""Tried in this order: Korean names in CP949 are no valid UTF-8, and a `.cpg` file may be wrong."""


class UnreadableFile(ValueError):
    """A file that cannot be read as a layer of neighbourhoods; the message says what to change."""


@dataclass(frozen=True, slots=True)
class OperatorFile:
    """A file and how the operator says it is to be read; None is found out."""

    path: Path
    layer: str | None = None
    code_field: str | None = None
    name_field: str | None = None
    srid: int | None = None


@dataclass(frozen=True, slots=True)
class OperatorRow:
    """One feature as published, its row counted from 1; its shape is WGS 84, or missing."""

    number: int
    code: str
    name: str
    name_en: str | None
    full_name: str | None
    provenance: str | None
    shape: shapely.Geometry | None


@dataclass(frozen=True, slots=True)
class Published:
    """The features of a file, and the hash of everything that was read from them."""

    driver: str
    srid: int
    rows: Sequence[OperatorRow]
    sha256: str


def read_operator_file(source: OperatorFile) -> Published:
    """Return what an operator's file holds, in WGS 84 and otherwise as published.

    :param source: the file, and what the operator says about it.
    :raises UnreadableFile: when it is no such file, lacks a field, or cannot be decoded.
    :raises UnknownReference: when its reference system is none of the accepted ones.
    """
    path = source.path
    if not path.is_file():
        msg = f"{path.name}: no such file"
        raise UnreadableFile(msg)
    try:
        layer = _only_layer(path, source.layer)
        info = pyogrio.read_info(path, layer=layer)
        if info["driver"] not in DRIVERS:
            msg = f"{path.name} is {info['driver']}, not one of {', '.join(DRIVERS)}"
            raise UnreadableFile(msg)
        srid = accepted_srid(info["crs"], source.srid)
        columns = _columns(source, list(info["fields"]))
        values, wkb = _read(path, layer, columns)
    except (DataSourceError, DataLayerError) as error:
        msg = f"{path.name} cannot be read: {error}"
        raise UnreadableFile(msg) from error
    shapes = project(shapely.from_wkb(wkb, on_invalid="fix"), srid, SRID_WGS84)
    rows = _rows(values, shapes)
    return Published(info["driver"], srid, rows, _digest(rows))


def _only_layer(path: Path, wanted: str | None) -> str:
    names = [str(name) for name, _ in pyogrio.list_layers(path)]
    if wanted is not None:
        if wanted not in names:
            msg = f"{path.name} has no layer {wanted!r}; it has {', '.join(names)}"
            raise UnreadableFile(msg)
        return wanted
    if len(names) != 1:
        msg = f"{path.name} has {len(names)} layers, name one with --layer: {', '.join(names)}"
        raise UnreadableFile(msg)
    return names[0]


def _columns(source: OperatorFile, fields: Sequence[str]) -> dict[str, str | None]:
    """Return the field of the file for each thing that is read, None where it has none."""
    by_name = {field.lower(): field for field in reversed(fields)}

    def find(candidates: Sequence[str], given: str | None = None, option: str = "") -> str | None:
        wanted = (given.lower(),) if given else candidates
        found = next((by_name[name] for name in wanted if name in by_name), None)
        if found is None and option:
            looked = given or " / ".join(candidates)
            msg = f"no field {looked}; name it with {option}: {', '.join(fields)}"
            raise UnreadableFile(msg)
        return found

    return {
        "code": find(CODE_FIELDS, source.code_field, "--code-field"),
        "name": find(NAME_FIELDS, source.name_field, "--name-field"),
        "name_en": find(ENGLISH_FIELDS),
        "full_name": find(FULL_NAME_FIELDS),
        "provenance": find(PROVENANCE_FIELDS),
    }


def _read(
    path: Path, layer: str, columns: dict[str, str | None]
) -> tuple[dict[str, list[str | None]], Any]:
    wanted = [field for field in columns.values() if field]
    for encoding in ENCODINGS:
        try:
            meta, _, wkb, found = pyogrio.raw.read(
                path, layer=layer, columns=wanted, encoding=encoding, force_2d=True
            )
        except UnicodeDecodeError:
            continue
        by_field = dict(zip(meta["fields"], found, strict=True))
        nothing = np.full(len(wkb), None, dtype=object)
        return {
            name: [_text(value) for value in (by_field[field] if field else nothing)]
            for name, field in columns.items()
        }, wkb
    msg = f"{path.name}: its names are in neither of {', '.join(ENCODINGS)}"
    raise UnreadableFile(msg)


def _text(value: Any) -> str | None:
    """Return a value of any column type as text; codes are often kept as numbers."""
    if value is None or (isinstance(value, float | np.floating) and np.isnan(value)):
        return None
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value).strip() or None


def _rows(values: dict[str, list[str | None]], shapes: Shapes) -> list[OperatorRow]:
    return [
        OperatorRow(
            number=position + 1,
            code=values["code"][position] or "",
            name=values["name"][position] or "",
            name_en=values["name_en"][position],
            full_name=values["full_name"][position],
            provenance=values["provenance"][position],
            shape=shape,
        )
        for position, shape in enumerate(shapes)
    ]


def _digest(rows: Sequence[OperatorRow]) -> str:
    state = hashlib.sha256()
    for row in rows:
        told = (row.code, row.name, row.name_en, row.full_name, row.provenance)
        state.update(repr(told).encode())
        state.update(shapely.to_wkb(row.shape, byte_order=1) if row.shape is not None else b"\0")
    return state.hexdigest()
