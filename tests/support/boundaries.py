"""Owns small boundary sets cut out of the country's layer, to be changed and loaded by tests."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import shapely
from sqlalchemy import Connection, text

from geo.boundaries import GovernmentTable, current_governments, load_layer
from geo.boundaries.assemble import Assembly, Neighbourhood
from geo.boundaries.layer import Edition, Layer, build_layer
from geo.boundaries.sources.dongnae import Place

LOADED_AT = datetime(2026, 11, 23, tzinfo=UTC)
INCHEON = ("28110", "28140", "28260")
"""중구, 동구 and 서구 of Incheon: 80 neighbourhoods."""


@dataclass(frozen=True)
class Drawn:
    """A neighbourhood under the name that a code list gives it."""

    code: str
    full_name: str
    shape: shapely.Geometry


def drawn_of(country: Layer, sigungu: Iterable[str] = INCHEON) -> list[Drawn]:
    """Return the neighbourhoods of some sigungu as the country's layer has them."""
    return [
        Drawn(region.code, region.full_name, shape)
        for region, shape in zip(country.regions, country.shapes, strict=True)
        if region.level == 3 and region.code.startswith(tuple(sigungu))
    ]


def governments_of(sigungu: Iterable[str]) -> GovernmentTable:
    """Return the current governments that govern some sigungu, and those above them."""
    wanted = set(sigungu)
    governments = [found for found in current_governments() if wanted & set(found.sigungu_codes)]
    above = {found.upper_code for found in governments}
    return GovernmentTable(
        [found for found in current_governments() if found.code in above] + governments
    )


def load_drawn(
    connection: Connection, drawn: Sequence[Drawn], governments: GovernmentTable | None = None
) -> int:
    """Load neighbourhoods with what lies above them as a draft and return its id."""
    outlines: dict[str, list[shapely.Geometry]] = {}
    neighbourhoods = []
    for each in drawn:
        outlines.setdefault(each.code[:5], []).append(each.shape)
        at = shapely.point_on_surface(each.shape)
        place = Place(each.code, each.full_name, at.x, at.y)
        neighbourhoods.append(Neighbourhood(place, each.shape, "exact"))
    table = governments or governments_of(outlines)
    whole = {code: shapely.union_all(shapes) for code, shapes in outlines.items()}
    edition = Edition("key", "drawn", date(2026, 7, 1), [{"name": "drawn", "attribution": "us"}])
    layer = build_layer(Assembly(neighbourhoods, whole), table, edition)
    return load_layer(connection, layer, table, LOADED_AT, lambda _message: None)


def put_in_force(connection: Connection, generation_id: int) -> None:
    """Put a generation in force in place of the country's, unchecked."""
    connection.execute(
        text("UPDATE region_generation SET state = 'retired' WHERE state = 'active'")
    )
    connection.execute(
        text("UPDATE region_generation SET state = 'active', activated_at = :now WHERE id = :id"),
        {"id": generation_id, "now": LOADED_AT},
    )
