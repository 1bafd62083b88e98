"""Owns how each server is asked about a point, and where its answer says who owns it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bench.geo.points import Position
from bench.serving.http_client import Request

Codes = tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """One way to ask a server about a point.

    :param example: the address for people, with LON and LAT.
    """

    example: str

    def about(self, position: Position) -> Request:
        """Return the request about a point, with all digits of its position."""
        with_lon = self.example.replace("LON", repr(position.lon))
        return Request(with_lon.replace("LAT", repr(position.lat)))


OURS = Question("/api/v1/regions/locate?lon=LON&lat=LAT")

TIPG_LEAN = Question(
    "/collections/tipg.emd/items?filter=S_INTERSECTS(geom,POINT(LON%20LAT))"
    "&properties=code,name&geom-column=none&limit=5&f=json"
)
"""The fastest form that was found: no geometry, two attributes, plain rows."""

TIPG_PLAIN = Question("/collections/tipg.emd/items?filter=S_INTERSECTS(geom,POINT(LON%20LAT))")
"""What its documentation shows; the answer has the outline."""

TIPG_SIGUNGU = Question(TIPG_LEAN.example.replace("tipg.emd", "tipg.sigungu"))

MAPIT = Question("/point/4326/LON,LAT")
"""All three levels, as ours has them."""

MAPIT_EMD = Question("/point/4326/LON,LAT?type=EMD")
"""The finest level alone: less than ours answers."""


def bulk_request(positions: Sequence[Position]) -> Request:
    """Return the one request of ours about many points."""
    points = [[position.lon, position.lat] for position in positions]
    return Request("/api/v1/regions/locate", body=json.dumps({"points": points}))


def our_codes(body: str) -> tuple[str | None, bool]:
    """Return the neighbourhood of our answer, and whether it lies off the coast."""
    answer = json.loads(body)
    emd = answer.get("emd")
    return (emd["code"] if emd else None), answer.get("match") == "nearest"


def bulk_codes(body: str) -> list[str | None]:
    """Return the neighbourhoods of our answer about many points, in its order."""
    items: list[dict[str, Any] | None] = json.loads(body)["items"]
    return [None if item is None else item["code"] for item in items]


def tipg_codes(body: str) -> Codes:
    """Return the codes of a lean answer of tipg."""
    return tuple(sorted(row["code"] for row in json.loads(body)))


def mapit_areas(body: str) -> list[dict[str, Any]]:
    """Return the areas of MapIt's answer, which keys them by their ids."""
    return list(json.loads(body).values())


def mapit_codes(kind: str) -> Callable[[str], Codes]:
    """Return the reader of the codes of one type of area in MapIt's answer."""

    def read(body: str) -> Codes:
        areas = mapit_areas(body)
        return tuple(sorted(area["codes"]["legal"] for area in areas if area["type"] == kind))

    return read
