"""Search by road address or landmark over HTTP, where the operator has a geocoder."""

from typing import Any

from flask import current_app

from backend.auth.guards import requires
from backend.auth.permissions import Permission
from backend.db import read_connection
from backend.openapi import URL_PREFIX, Blueprint
from backend.regions import schemas
from backend.regions.geocoding import Geocoder, geocode
from backend.regions.nearby import place_hits

blp = Blueprint(
    "places", __name__, url_prefix=URL_PREFIX, description="Places by address or landmark"
)


def _geocoder() -> Geocoder:
    config = current_app.config
    return Geocoder(config["GEOCODER_URL"], config["GEOCODER_AUTHORIZATION"])


@blp.get("/places/search")
@requires(Permission.Proposal.CREATE)
@blp.arguments(schemas.PlaceQuerySchema, location="query")
@blp.response(200, schemas.FoundPlaceListSchema)
def search_places(query: dict[str, Any]) -> Any:
    """Find places in Korea by road address or landmark, each with its neighbourhood.

    The operator's geocoder is asked, so only people who may propose can; the words are not kept.
    """
    hits = geocode(_geocoder(), **query)
    with read_connection() as connection:
        return {"items": place_hits(connection, hits)}
