"""Owns asking the operator's geocoder where a road address or a landmark is.

The answer is read as GeocodeJSON (version 0.1.0: a GeoJSON FeatureCollection of points with
`properties.geocoding`, or the flat properties of Photon). What was asked is kept nowhere: it may
be somebody's address.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import requests

from backend.errors import NotFound, Unavailable

CONNECT_S, READ_S = 2.0, 3.0
MOST_BYTES = 512 * 1024
MOST_LABEL = 200
"""Characters of a label that are shown."""


class GeocoderNotConfigured(NotFound):
    """This installation has no geocoder; search by the name of a neighbourhood works."""

    code = "geocoder_not_configured"
    ko = "이 서비스에는 주소 검색이 없습니다. 동네 이름으로 찾거나 지도에서 골라 주세요."
    en = "There is no search by address here. Search by neighbourhood, or choose on the map."


class GeocoderUnavailable(Unavailable):
    """The operator's geocoder does not answer, or not as agreed."""

    code = "geocoder_unavailable"
    ko = "주소 검색이 지금 되지 않습니다. 동네 이름으로 찾거나 지도에서 골라 주세요."
    en = "The search by address does not work now. Search by neighbourhood, or choose on the map."
    retry_after_s = 10


@dataclass(frozen=True, slots=True)
class Geocoder:
    """Where to ask, and as whom.

    :param url: with ``{q}`` in place of the words; empty for none.
    :param authorization: value of the header, empty for none.
    """

    url: str
    authorization: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that the geocoder knows under the words.

    :param lon: longitude in degrees, WGS 84.
    :param lat: latitude in degrees, WGS 84.
    """

    label: str
    lon: float
    lat: float


def geocode(geocoder: Geocoder, q: str, *, limit: int) -> list[Hit]:
    """Ask the geocoder; return its best places first.

    :param q: words of a road address or a landmark.
    :raises GeocoderNotConfigured: when there is none.
    :raises GeocoderUnavailable: when it fails, is slow, or answers nonsense.
    """
    if not geocoder.url:
        raise GeocoderNotConfigured
    headers = {"Accept": "application/json"}
    if geocoder.authorization:
        headers["Authorization"] = geocoder.authorization
    try:
        with requests.get(
            geocoder.url.replace("{q}", quote(q, safe="")),
            headers=headers,
            timeout=(CONNECT_S, READ_S),
            allow_redirects=False,
            stream=True,
        ) as answer:
            if answer.status_code != requests.codes.ok:
                raise GeocoderUnavailable
            features = json.loads(_read(answer))["features"]
            return [hit for feature in features[:limit] for hit in _hits(feature)]
    except (requests.RequestException, ValueError, LookupError, TypeError) as exc:
        raise GeocoderUnavailable from exc


def _read(answer: requests.Response) -> bytes:
    """Read a body of bounded length: the geocoder is not ours to trust."""
    body = b""
    for part in answer.iter_content(64 * 1024):
        body += part
        if len(body) > MOST_BYTES:
            raise GeocoderUnavailable
    return body


def _hits(feature: Mapping[str, Any]) -> Iterator[Hit]:
    geometry = feature["geometry"]
    if geometry["type"] != "Point":
        return
    lon, lat = (float(number) for number in geometry["coordinates"][:2])
    properties = feature.get("properties") or {}
    facts = properties.get("geocoding") or properties
    label = facts.get("label") or ", ".join(
        str(facts[name]) for name in ("name", "street", "district", "city") if facts.get(name)
    )
    if label:
        yield Hit(str(label)[:MOST_LABEL], lon, lat)
