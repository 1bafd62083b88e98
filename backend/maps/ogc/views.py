"""The layers over HTTP as OGC API - Features, Part 1: Core wants them (OGC 17-069r4); read only."""

import json
from functools import lru_cache
from importlib.metadata import version

from flask import request
from werkzeug import Response
from werkzeug.exceptions import NotAcceptable

from backend.answers import answer_bytes
from backend.auth.guards import public
from backend.db import read_connection
from backend.maps.answers import GEOJSON, answer
from backend.maps.ogc import documents, schemas, service
from backend.maps.ogc.collections import get_collection
from backend.maps.ogc.description import describe_api, parameters_of
from backend.maps.ogc.documents import JSON, OPENAPI
from backend.maps.ogc.features import write_feature, write_page
from backend.maps.ogc.parameters import (
    FormSchema,
    ItemsQuerySchema,
    read_query,
    read_wanted,
)
from backend.openapi import Blueprint

blp = Blueprint(
    "ogc", __name__, url_prefix="/ogc", description="Layers for a GIS (OGC API - Features)"
)


@blp.before_request
def refuse_other_forms() -> None:
    """Refuse a reader who wants neither JSON nor one of its kinds."""
    offered = (JSON, GEOJSON, OPENAPI, OPENAPI.partition(";")[0])
    accepted = request.accept_mimetypes
    if accepted and accepted.best_match(offered) is None:
        raise NotAcceptable


@blp.get("", strict_slashes=False)
@public
@blp.response(200, schemas.LandingSchema)
def show_landing() -> Response:
    """Show where everything begins."""
    read_query(FormSchema())
    return answer(schemas.LandingSchema(), documents.landing())


@blp.get("/conformance")
@public
@blp.response(200, schemas.ConformanceSchema)
def show_conformance() -> Response:
    """Show which parts of the standard are kept."""
    read_query(FormSchema())
    return answer(schemas.ConformanceSchema(), {"conformsTo": documents.CLASSES})


@blp.get("/api")
@public
@blp.response(200, {"type": "object"}, content_type=OPENAPI)
def show_description() -> Response:
    """Describe the layers in OpenAPI 3.0."""
    read_query(FormSchema())
    response = answer_bytes(_description(documents.address("ogc.show_landing")), JSON)
    response.headers["Content-Type"] = OPENAPI
    return response


@blp.get("/collections")
@public
@blp.response(200, schemas.CollectionListSchema)
def list_collections() -> Response:
    """List the layers."""
    read_query(FormSchema())
    with read_connection() as connection:
        described = service.describe_all(connection)
    found = documents.collections([documents.collection(one) for one in described])
    return answer(schemas.CollectionListSchema(), found)


@blp.get("/collections/<collection_id>")
@public
@blp.response(200, schemas.CollectionSchema)
def show_collection(collection_id: str) -> Response:
    """Describe a layer."""
    read_query(FormSchema())
    with read_connection() as connection:
        described = service.describe(connection, collection_id)
    return answer(schemas.CollectionSchema(), documents.collection(described))


@blp.get("/collections/<collection_id>/items")
@public
@blp.doc(parameters=parameters_of(ItemsQuerySchema))
@blp.response(200, schemas.OgcFeatureCollectionSchema, content_type=GEOJSON)
def list_items(collection_id: str) -> Response:
    """List features of a layer, page by page; each layer has further parameters of its own."""
    collection = get_collection(collection_id)
    wanted = read_wanted(collection.parameters())
    with read_connection() as connection:
        page = service.read_page(connection, collection, wanted)
    links = documents.page_links(collection_id, page.next_cursor)
    return answer_bytes(write_page(page, collection.attributes(), links), GEOJSON)


@blp.get("/collections/<collection_id>/items/<feature_id>")
@public
@blp.response(200, schemas.OgcFeatureSchema, content_type=GEOJSON)
def show_item(collection_id: str, feature_id: str) -> Response:
    """Show one feature of a layer."""
    collection = get_collection(collection_id)
    read_query(FormSchema())
    with read_connection() as connection:
        feature = service.get_feature(connection, collection, feature_id)
    links = documents.feature_links(collection_id)
    return answer_bytes(write_feature(feature, collection.attributes(), links), GEOJSON)


# Bounded, because every reader can make up a name for this host.
@lru_cache(maxsize=8)
def _description(root: str) -> bytes:
    title, description = documents.TITLE[1], documents.DESCRIPTION[1]
    described = describe_api(root, version("dongne"), title, description)
    return json.dumps(described, ensure_ascii=False).encode()
