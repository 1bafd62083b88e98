"""Owns the documents about the layers, with absolute addresses: GDAL follows no other links."""

from datetime import UTC
from typing import Any

from flask import request, url_for

from backend.maps.answers import GEOJSON
from backend.maps.ogc.service import Described
from backend.translations import LANGUAGES, language

JSON = "application/json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
_CONFORMANCE = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"

CLASSES = tuple(f"{_CONFORMANCE}/{name}" for name in ("core", "oas30", "geojson"))
"""Conformance classes of OGC 17-069r4 that are kept."""

TITLE = ("우리동네 혁신제품 지도", "Map of Our Neighborhood Innovative Products")
DESCRIPTION = (
    "행정구역 경계, 시범사용기관, 공개된 주민 제안과 배치. 읽기 전용, WGS 84 경위도.",
    "Boundaries, institutions, public proposals and placements; read only, WGS 84 degrees.",
)


def link(rel: str, href: str, media_type: str = JSON, title: str | None = None) -> dict[str, str]:
    """Return a link.

    :param href: absolute address.
    """
    found = {"href": href, "rel": rel, "type": media_type}
    return {**found, "title": title} if title else found


def address(endpoint: str, **values: Any) -> str:
    """Return the absolute address of a route, as the reader reaches us."""
    return url_for(endpoint, _external=True, **values)


def self_link(media_type: str = JSON) -> dict[str, str]:
    """Return the link to the very document that is answered."""
    return link("self", request.url, media_type)


def landing() -> dict[str, Any]:
    """Return the landing page (/req/core/root-success)."""
    return {
        "title": in_words(TITLE),
        "description": in_words(DESCRIPTION),
        "links": [
            self_link(),
            link("service-desc", address("ogc.show_description"), OPENAPI, "OpenAPI 3.0"),
            link("service-doc", address("show_api_docs"), "text/html", "API"),
            link("conformance", address("ogc.show_conformance")),
            link("data", address("ogc.list_collections")),
        ],
    }


def collections(described: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the list of layers (/req/core/fc-md-success)."""
    return {"links": [self_link()], "collections": described}


def collection(found: Described) -> dict[str, Any]:
    """Return the description of a layer (/req/core/sfc-md-success)."""
    name = found.collection
    document: dict[str, Any] = {
        "id": name.id,
        "title": in_words(name.title),
        "description": in_words(name.description),
        "itemType": "feature",
        "crs": [CRS84],
        "extent": _extent(found),
        "links": [
            link("self", address("ogc.show_collection", collection_id=name.id)),
            link("items", address("ogc.list_items", collection_id=name.id), GEOJSON),
        ],
    }
    if found.attribution is not None:
        document["attribution"] = found.attribution
    return document


def page_links(collection_id: str, next_cursor: str | None) -> list[dict[str, str]]:
    """Return the links of a page (/req/core/fc-links); the next is asked for as this one was."""
    links = [
        self_link(GEOJSON),
        link("collection", address("ogc.show_collection", collection_id=collection_id)),
    ]
    if next_cursor is not None:
        query = {**request.args.to_dict(), "after": next_cursor}
        href = address("ogc.list_items", collection_id=collection_id, **query)
        links.append(link("next", href, GEOJSON))
    return links


def feature_links(collection_id: str) -> list[dict[str, str]]:
    """Return the links of a single feature (/req/core/f-links)."""
    parent = address("ogc.show_collection", collection_id=collection_id)
    return [self_link(GEOJSON), link("collection", parent)]


def in_words(words: tuple[str, str]) -> str:
    """Return the words in the reader's language.

    :param words: in Korean and English.
    """
    return words[LANGUAGES.index(language())]


def _extent(found: Described) -> dict[str, Any]:
    extent: dict[str, Any] = {"spatial": {"bbox": [list(found.extent.bbox)], "crs": CRS84}}
    if found.extent.since is not None:
        since = found.extent.since.astimezone(UTC).isoformat().replace("+00:00", "Z")
        extent["temporal"] = {"interval": [[since, None]], "trs": GREGORIAN}
    return extent
