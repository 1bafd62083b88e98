"""Regions over HTTP: whose is this point, what is it called, what lies in it, who governs it."""

from typing import Any

from flask import current_app
from werkzeug import Response

from backend.answers import GEOJSON, IMMUTABLE, SHORT, answer_json
from backend.auth.guards import public
from backend.compression import packable
from backend.db import read_connection, read_snapshot
from backend.idempotency import not_kept
from backend.limits import as_read
from backend.openapi import URL_PREFIX, Blueprint
from backend.regions import generation_schemas, generations, located, schemas, service
from backend.regions.atlas import ATLAS
from backend.regions.comparisons import COMPARISONS

blp = Blueprint(
    "regions", __name__, url_prefix=URL_PREFIX, description="Regions and local governments"
)


@blp.get("/regions/locate")
@public
@blp.arguments(schemas.PointQuerySchema, location="query")
@blp.response(200, schemas.LocatedSchema)
def locate_point(query: dict[str, Any]) -> Any:
    """Find the regions and the local government of a point."""
    owner = current_app.extensions[ATLAS].find_owner(**query)
    return _private(located.write_located(owner))


@blp.post("/regions/locate")
@not_kept
@packable
@as_read
@public
@blp.arguments(schemas.LocateManySchema)
@blp.response(200, schemas.LocatedManySchema)
def locate_points(body: dict[str, Any]) -> Any:
    """Find the neighbourhoods of up to 10,000 points, in their order."""
    with read_connection() as connection:
        owners = service.locate_many(connection, **body)
    return _private(located.write_all_located(owners))


@blp.get("/regions/search")
@public
@blp.arguments(schemas.SearchQuerySchema, location="query")
@blp.response(200, schemas.RegionListSchema)
def search_regions(query: dict[str, Any]) -> Any:
    """Find regions by name."""
    with read_snapshot() as connection:
        return service.search(connection, **query)


@blp.get("/regions")
@public
@blp.response(200, schemas.RegionListSchema)
@blp.alt_response(304, description="The reader has this answer")
def list_sido() -> Response:
    """List the sido, where a walk down the hierarchy begins."""
    with read_snapshot() as connection:
        found = service.list_sido(connection)
    return answer_json(schemas.RegionListSchema().dump(found))


@blp.get("/regions/generations")
@public
@blp.response(200, generation_schemas.GenerationListSchema)
def list_generations() -> Any:
    """List the states of the boundaries that are or were in force."""
    with read_connection() as connection:
        return {"items": generations.list_public(connection)}


@blp.get("/regions/generations/<int:generation_id>/difference")
@public
@blp.arguments(generation_schemas.DifferenceQuerySchema, location="query")
@blp.response(200, generation_schemas.DifferenceSchema)
def show_difference(query: dict[str, Any], generation_id: int) -> Any:
    """Show what a state of the boundaries changed: codes, names, governments, shapes."""
    comparisons = current_app.extensions[COMPARISONS]
    with read_connection() as connection:
        return generations.get_difference(connection, comparisons, generation_id, **query)


@blp.get("/regions/<string:code>")
@public
@blp.response(200, schemas.RegionDetailSchema)
@blp.alt_response(304, description="The reader has this answer")
def show_region(code: str) -> Response:
    """Show a region by its code or ten-digit legal-dong code, and what lies around it."""
    with read_snapshot() as connection:
        found = service.get_region(connection, code)
    return answer_json(schemas.RegionDetailSchema().dump(found))


@blp.get("/regions/<string:code>/neighbours")
@public
@blp.arguments(schemas.NeighboursQuerySchema, location="query")
@blp.response(200, schemas.NeighbourListSchema)
@blp.alt_response(304, description="The reader has this answer")
def list_neighbours(query: dict[str, Any], code: str) -> Response:
    """List the regions of the same level that touch one, or lie within a distance of it."""
    with read_snapshot() as connection:
        found = service.list_neighbours(connection, code, **query)
    return answer_json(schemas.NeighbourListSchema().dump(found))


@blp.get("/regions/<string:code>/geojson")
@public
@blp.arguments(schemas.ShapeQuerySchema, location="query")
@blp.response(200, schemas.FeatureSchema, content_type=GEOJSON)
@blp.alt_response(304, description="The reader has this shape")
def show_shape(query: dict[str, Any], code: str) -> Response:
    """Show a region's shape as a GeoJSON feature; with `generation` it never changes."""
    zoom, generation_id = query["zoom"], query["generation"]
    with read_snapshot() as connection:
        feature = service.get_feature(connection, code, zoom=zoom, generation_id=generation_id)
    cache_control = SHORT if generation_id is None else IMMUTABLE
    return answer_json(feature, media_type=GEOJSON, cache_control=cache_control)


@blp.get("/regions/<string:code>/children")
@public
@blp.response(200, schemas.RegionListSchema)
@blp.alt_response(304, description="The reader has this answer")
def list_children(code: str) -> Response:
    """List the regions directly below one."""
    with read_snapshot() as connection:
        found = service.list_children(connection, code)
    return answer_json(schemas.RegionListSchema().dump(found))


@blp.get("/local-governments")
@public
@blp.response(200, schemas.LocalGovernmentListSchema)
@blp.alt_response(304, description="The reader has this answer")
def list_local_governments() -> Response:
    """List all local governments."""
    with read_snapshot() as connection:
        found = service.list_local_governments(connection)
    return answer_json(schemas.LocalGovernmentListSchema().dump(found))


@blp.get("/local-governments/<string:code>")
@public
@blp.response(200, schemas.LocalGovernmentDetailSchema)
@blp.alt_response(304, description="The reader has this answer")
def show_local_government(code: str) -> Response:
    """Show a local government, the sigungu that it governs, and those above or below it."""
    with read_snapshot() as connection:
        found = service.get_local_government(connection, code)
    return answer_json(schemas.LocalGovernmentDetailSchema().dump(found))


def _private(body: str) -> Response:
    """Return an answer that nobody keeps: where somebody stands is theirs to know."""
    response = Response(body, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
