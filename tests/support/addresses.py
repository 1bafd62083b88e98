"""Owns how every address of the application that is read is filled in, with what a town has.

A route that nobody said how to fill is an error, never left out.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from uuid import UUID

from flask import Flask

from tests.support.tiles import tile_of
from tests.support.town_facts import CODE, EMD, HOMES, SIGUNGU, Town

PARAMETER = re.compile(r"<(?:[^:<>]+(?:\([^)]*\))?:)?(\w+)>")

NOWHERE = str(UUID(int=0))
"""An id that nothing has."""

LAYERS = ("sido", "sigungu", "emd")

MOST_DETAIL = 16
"""The closest zoom of the tiles of points that is asked for."""

ANYWHERE: Mapping[str, Sequence[str]] = {
    "case_id": [NOWHERE],
    "change_id": [NOWHERE],
    "export_id": [NOWHERE],
    "upload_id": [NOWHERE],
    "token": ["no-such-token"],
    "document": ["terms", "privacy"],
    "version": ["2025-01"],
    "programme_year": ["2026"],
    "generation_id": ["1"],
    "generation": ["1"],
    "form": ["json", "xml"],
    "number": ["1"],
    "size": ["full", "thumb"],
    "collection_id": ["sido", "sigungu", "emd", "institutions", "proposals", "placements"],
    "filename": ["site.css"],
}
"""Parameters whose values do not depend on what happened in a town."""

CODES: Mapping[str, Sequence[str]] = {
    "/api/v1/local-governments": [SIGUNGU],
    "/api/v1/regions": [SIGUNGU, EMD, HOMES[1]],
    "/api/v1/maps/regions": [SIGUNGU, EMD, HOMES[1]],
    "/rounds": [CODE],
}
"""What `code` stands for, by how the address begins."""

QUERIES: Mapping[str, Sequence[str]] = {
    "/api/v1/institutions/nearest": ["lon=127.02&lat=37.63&radius_m=5000"],
    "/api/v1/places/search": ["q=수유"],
    "/api/v1/regions/locate": ["lon=127.0104&lat=37.6283"],
    "/api/v1/regions/search": ["q=수유동"],
    "/api/v1/proposals": [
        "",
        "status=withdrawn",
        "status=adopted,submitted&q=소화전",
        f"region_code={EMD}",
        "bbox=127.0,37.6,127.1,37.7",
        "near=127.0104,37.6283,2000",
        "fields=id,author,place",
    ],
    "/api/v1/proposals/<uuid:proposal_id>": ["", "fields=id,place,author,co_authors"],
    "/api/v1/proposals/<uuid:proposal_id>/difference": ["from=1&to=1"],
    "/api/v1/rounds/<uuid:round_id>/explanations": [f"region={EMD}", f"region={SIGUNGU}"],
    "/api/v1/maps/proposals": ["bbox=127.0,37.6,127.1,37.7", "bbox=124,33,132,39"],
    "/api/v1/maps/placements": ["bbox=127.0,37.6,127.1,37.7", "bbox=90,0,140,50"],
    "/api/v1/maps/statistics": ["", "level=emd&region_code=11305", "level=sido"],
    "/api/v1/maps/statistics/rows": ["", "level=emd", "level=sido"],
    "/open311/v2/requests.<form>": ["", "status=open,closed"],
    "/rounds/<code>/why": ["", f"region={EMD}", f"region={SIGUNGU}", "q=수유동"],
    "/": ["", "lang=en"],
}
"""Query strings by rule; every rule is asked without one besides, if it is not here."""


class NotFilled(LookupError):
    """A route has a parameter that nobody said how to fill."""


def read_addresses(app: Flask, town: Town) -> Iterator[tuple[str, str]]:
    """Yield the rule and every address of everything that can be read.

    :raises NotFilled: when a parameter is not known; say above what may stand for it.
    """
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        for path in _paths(rule.rule, town):
            for query in QUERIES.get(rule.rule, [""]):
                yield rule.rule, f"{path}?{query}" if query else path


def _paths(rule: str, town: Town) -> Iterator[str]:
    if rule.startswith("/tiles/") and not rule.endswith(".json"):
        yield from _tiles(rule, town)
        return
    names = PARAMETER.findall(rule)
    for values in product(*(_values(rule, name, town) for name in names)):
        rest = iter(values)
        yield PARAMETER.sub(lambda _, rest=rest: next(rest), rule)


def _values(rule: str, name: str, town: Town) -> Sequence[str]:
    if name == "code":
        known = [values for start, values in CODES.items() if rule.startswith(f"{start}/<")]
        if len(known) == 1:
            return known[0]
    if name == "layer":
        return ["proposals", "placements"] if "any(" in rule else list(LAYERS)
    if name == "feature_id":
        return [*town.ids["proposal_id"], *town.ids["placement_id"], EMD]
    found = town.ids.get(name) or ANYWHERE.get(name)
    if not found:
        msg = f"{rule}: {name}"
        raise NotFilled(msg)
    if name == "proposal_id":
        return [*found, *town.ids["draft_id"]]
    return found


def _tiles(rule: str, town: Town) -> Iterator[str]:
    for z in range(0, MOST_DETAIL + 1, 2):
        x, y = tile_of(*town.secrets.point, z)
        if "any(" in rule:
            yield f"/tiles/proposals/{z}/{x}/{y}"
            yield f"/tiles/placements/{z}/{x}/{y}"
        else:
            yield from (f"/tiles/{layer}/1/{z}/{x}/{y}" for layer in LAYERS)
