"""Owns the description of the layers in OpenAPI 3.0, which GDAL and QGIS read (conformance oas30).

The whole API is described in OpenAPI 3.1 elsewhere; the standard knows 3.0 only.
"""

from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from backend.maps.answers import GEOJSON
from backend.maps.ogc import schemas
from backend.maps.ogc.collections import COLLECTIONS, Collection
from backend.maps.ogc.documents import JSON
from backend.maps.ogc.parameters import FormSchema
from backend.schemas import ProblemSchema, Schema

_PROBLEMS = {
    "400": "A parameter is unknown or has a value that it cannot have",
    "404": "There is no such collection or feature",
    "406": "There is only JSON",
    "500": "Something broke on our side",
    "503": "Not possible right now; see Retry-After",
}


def parameters_of(schema: type[Schema]) -> list[dict[str, Any]]:
    """Return the parameters of a query as OpenAPI writes them.

    Lists are written with commas (/req/core/fc-bbox-definition).
    """
    plugin = MarshmallowPlugin()
    APISpec("", "", "3.0.3", plugins=[plugin])
    converter: Any = plugin.converter
    found: list[dict[str, Any]] = converter.schema2parameters(schema, location="query")
    return [{**one, "style": "form", "explode": False} for one in found]


def describe_api(root: str, version: str, title: str, description: str) -> dict[str, Any]:
    """Return the description of the layers.

    :param root: absolute address of the landing page.
    """
    spec = APISpec(
        title,
        version,
        "3.0.3",
        info={"description": description},
        plugins=[MarshmallowPlugin()],
        servers=[{"url": root}],
    )
    spec.components.schema("Problem", schema=ProblemSchema)
    documents: tuple[tuple[str, str, type[Schema]], ...] = (
        ("/", "Landing page", schemas.LandingSchema),
        ("/conformance", "Conformance classes", schemas.ConformanceSchema),
        ("/collections", "All layers", schemas.CollectionListSchema),
    )
    for path, summary, schema in documents:
        spec.path(path, operations=_get(path, summary, schema, FormSchema))
    spec.path("/api", operations=_get("/api", "This description", {"type": "object"}, FormSchema))
    for collection in COLLECTIONS:
        _describe_collection(spec, collection)
    return spec.to_dict()


def _describe_collection(spec: APISpec, collection: Collection) -> None:
    path, title = f"/collections/{collection.id}", collection.title[1]
    summary = f"Describe: {title}"
    spec.path(path, operations=_get(path, summary, schemas.CollectionSchema, FormSchema))
    page = {
        "type": "object",
        "required": ["type", "numberReturned", "links", "features"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "numberMatched": {"type": "integer"},
            "numberReturned": {"type": "integer"},
            "links": {"type": "array", "items": schemas.LinkSchema},
            "features": {"type": "array", "items": _feature(collection)},
        },
    }
    items = f"{path}/items"
    spec.path(items, operations=_get(items, f"List: {title}", page, collection.parameters, GEOJSON))
    one = f"{items}/{{featureId}}"
    spec.path(
        one,
        operations=_get(one, f"Show one: {title}", _feature(collection), FormSchema, GEOJSON),
        parameters=[
            {"name": "featureId", "in": "path", "required": True, "schema": {"type": "string"}}
        ],
    )


def _feature(collection: Collection) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "string"},
            "geometry": {"type": "object"},
            "properties": collection.attributes,
            "links": {"type": "array", "items": schemas.LinkSchema},
        },
    }


def _get(
    path: str,
    summary: str,
    schema: Any,
    parameters: type[Schema],
    media_type: str = JSON,
) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        "get": {
            "summary": summary,
            "operationId": "get" + path.replace("/", "_").replace("{", "").replace("}", ""),
            "parameters": parameters_of(parameters),
            "responses": {
                "200": {"description": summary, "content": {media_type: {"schema": schema}}},
                **{
                    status: {"description": text, "content": problem}
                    for status, text in _PROBLEMS.items()
                },
            },
        }
    }
