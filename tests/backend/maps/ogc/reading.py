"""Owns how the tests read layers: page by page along the `next` links, as a client does."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient

COLLECTIONS = "/ogc/collections"


def href(document: dict[str, Any], rel: str) -> str | None:
    """Return the address of a link, or None."""
    return next((link["href"] for link in document["links"] if link["rel"] == rel), None)


def pages(client: FlaskClient, path: str) -> Iterator[dict[str, Any]]:
    """Yield the pages of a layer until there is no next one."""
    following: str | None = path
    while following is not None:
        answer = client.get(following)
        assert answer.status_code == 200, answer.text
        yield answer.json
        address = href(answer.json, "next")
        following = address and f"{urlsplit(address).path}?{urlsplit(address).query}"


def features(client: FlaskClient, path: str) -> list[dict[str, Any]]:
    """Return the features of all pages."""
    return [feature for page in pages(client, path) for feature in page["features"]]


def ids(client: FlaskClient, path: str) -> list[str]:
    """Return the ids of the features of all pages."""
    return [feature["id"] for feature in features(client, path)]
