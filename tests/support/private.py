"""Owns reading an answer of any kind as text and positions, and finding in it what is private."""

import io
import json
import math
import re
import zipfile
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import mapbox_vector_tile
from werkzeug.test import TestResponse

from tests.support.people import SALT
from tests.support.pictures import opened
from tests.support.town_facts import Secrets, Town

NEAR_DEGREES = 0.00025
"""A position within some 25 m of a secret one tells it."""

NUMBERS = re.compile(r"-?\d{2,3}\.\d{3,}")
TILE = "application/vnd.mapbox-vector-tile"


def text_of(answer: TestResponse) -> str:
    """Return everything that an answer says, decoded, with its headers."""
    heads = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return f"{heads}\n{body_of(answer)}"


def findings(answer: TestResponse, secrets: Secrets, words: Iterable[str] = ()) -> list[str]:
    """Return what of somebody's secrets an answer tells.

    :param words: what must not be said besides, such as the name of a neighbourhood.
    """
    text = text_of(answer)
    told = [word for word in (secrets.mark, SALT, *words) if word in text]
    lon, lat = secrets.point
    told += [
        f"{x},{y}"
        for x, y in _positions(answer, text)
        if math.isclose(x, lon, abs_tol=NEAR_DEGREES) and math.isclose(y, lat, abs_tol=NEAR_DEGREES)
    ]
    return told


def ids_of(town: Town, *parts: str) -> list[str]:
    """Return by which ids some people are kept, which nobody reads."""
    return [str(town.people[part].id) for part in parts]


def body_of(answer: TestResponse) -> str:
    """Return what an answer says, decoded; of a book what it holds, not when it was packed."""
    kind = answer.content_type or ""
    if kind.startswith(TILE):
        return json.dumps(mapbox_vector_tile.decode(answer.data), ensure_ascii=False)
    if "spreadsheetml" in kind:
        with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
            names = [name for name in book.namelist() if name != "docProps/core.xml"]
            return "\n".join(book.read(name).decode() for name in names)
    if kind.startswith("image/"):
        picture = opened(answer.data)
        return f"{dict(picture.getexif())} {picture.info} {answer.data.decode('latin-1')}"
    if "json" in kind:
        return json.dumps(json.loads(answer.data), ensure_ascii=False)
    return answer.data.decode()


def _positions(answer: TestResponse, text: str) -> Iterator[tuple[float, float]]:
    """Yield all pairs of neighbouring numbers in either order, and the positions of a tile."""
    if (answer.content_type or "").startswith(TILE):
        yield from _positions_of_tile(answer)
        return
    numbers = [float(found) for found in NUMBERS.findall(text)]
    for one, other in pairwise(numbers):
        yield one, other
        yield other, one


def _positions_of_tile(answer: TestResponse) -> Iterator[tuple[float, float]]:
    z, x, y = (int(part) for part in answer.request.path.split("/")[-3:])
    if z < 14:
        # A step of its grid is wider than what would tell a position.
        return
    decoded: dict[str, Any] = mapbox_vector_tile.decode(
        answer.data, default_options={"y_coord_down": True}
    )
    for layer in decoded.values():
        for feature in layer["features"]:
            if feature["geometry"]["type"] != "Point":
                continue
            px, py = feature["geometry"]["coordinates"]
            across, down = x + px / layer["extent"], y + py / layer["extent"]
            lon = across / 2**z * 360 - 180
            yield lon, math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * down / 2**z))))
