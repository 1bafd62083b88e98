"""Owns what tiles of points look like from outside: their filters and their TileJSON."""

from typing import Any

from flask import request
from marshmallow import fields, validate

from backend.fields import Text
from backend.maps.point_layers import PointLayer
from backend.proposals.categories import CATEGORIES
from backend.proposals.filters import LISTED
from backend.schemas import Schema
from geo import points

_NUMBERS = {"type": "array", "items": {"type": "number"}}

WORLD = (-180.0, -85.051129, 180.0, 85.051129)
"""Some placements are abroad."""

OVER_KOREA = (127.8, 36.4, 6)

VERSION = "1.1.0"
"""Of the attributes; to be raised with them (Semantic Versioning, as TileJSON asks)."""


class PointTileQuerySchema(Schema):
    """Which points are asked for; a layer refuses the filters that it does not have."""

    category = fields.String(
        validate=validate.OneOf([category.code for category in CATEGORIES]),
        metadata={"description": "Code of a category"},
    )
    status = fields.String(
        validate=validate.OneOf(LISTED), metadata={"description": "State, of proposals only"}
    )
    round = Text(max_length=40, metadata={"description": "Code of a round, of placements only"})


class PointTileDescriptionSchema(Schema):
    """A layer of points, in the words of TileJSON 3.0."""

    tilejson = fields.Constant("3.0.0", required=True)
    name = fields.String(required=True)
    description = fields.String(required=True)
    version = fields.Constant(VERSION, required=True)
    scheme = fields.Constant("xyz", required=True)
    tiles = fields.Method(
        "tiles_of", required=True, metadata={"type": "array", "items": {"type": "string"}}
    )
    minzoom = fields.Constant(0, required=True)
    maxzoom = fields.Constant(points.CLOSEST_ZOOM, required=True)
    bounds = fields.Constant(WORLD, required=True, metadata=_NUMBERS)
    center = fields.Constant(OVER_KOREA, required=True, metadata=_NUMBERS)
    vector_layers = fields.Method(
        "vector_layers_of", required=True, metadata={"type": "array", "items": {"type": "object"}}
    )

    def tiles_of(self, layer: PointLayer) -> list[str]:
        """Return where the tiles are, as strangers ask for them."""
        return [f"{request.url_root}tiles/{layer.name}/{{z}}/{{x}}/{{y}}"]

    def vector_layers_of(self, layer: PointLayer) -> list[dict[str, Any]]:
        """Return what is in the tiles."""
        return [
            {
                "id": layer.name,
                "description": layer.description,
                "fields": {**points.FIELDS, **layer.fields},
                "minzoom": 0,
                "maxzoom": points.CLOSEST_ZOOM,
            }
        ]
