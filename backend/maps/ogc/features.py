"""Owns writing features as GeoJSON; shapes come as text and are never taken apart here."""

import json
from collections.abc import Iterable
from typing import Any

from backend.maps.ogc.wanted import Feature, FeaturePage
from backend.schemas import Schema

Links = list[dict[str, str]]


def write_page(page: FeaturePage, attributes: Schema, links: Links) -> bytes:
    """Return a page of features.

    It carries no time of its making, so that an unchanged page keeps its ETag.
    """
    head: dict[str, Any] = {"type": "FeatureCollection"}
    if page.matched is not None:
        head["numberMatched"] = page.matched
    head |= {"numberReturned": len(page.features), "links": links}
    features = ",".join(_write(feature, attributes) for feature in page.features)
    return f'{_dump(head)[:-1]},"features":[{features}]}}'.encode()


def write_feature(feature: Feature, attributes: Schema, links: Links) -> bytes:
    """Return a single feature with its links."""
    return f'{_write(feature, attributes)[:-1]},"links":{_dump(links)}}}'.encode()


def _write(feature: Feature, attributes: Schema) -> str:
    parts: Iterable[tuple[str, str]] = (
        ("type", '"Feature"'),
        ("id", _dump(feature.id)),
        ("geometry", feature.geometry),
        ("properties", _dump(attributes.dump(feature.facts))),
    )
    return "{" + ",".join(f'"{name}":{text}' for name, text in parts) + "}"


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
