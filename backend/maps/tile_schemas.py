"""Owns how a layer of tiles is described to readers that know nothing of us: TileJSON 3.0."""

from typing import Any

from marshmallow import fields

from backend.maps.tile_sets import TileSet
from backend.regions.schemas import GenerationSchema
from backend.schemas import Schema
from geo.tiles import FIELDS, NAME_FIELDS

_STRINGS = {"type": "array", "items": {"type": "string"}}
_NUMBERS = {"type": "array", "items": {"type": "number"}}
_OBJECTS = {"type": "array", "items": {"type": "object"}}


class TileDescriptionSchema(Schema):
    """A layer of tiles (TileJSON 3.0)."""

    tilejson = fields.Constant("3.0.0", required=True)
    name = fields.String(required=True, attribute="layer.name")
    description = fields.Method("description_of", required=True, metadata={"type": "string"})
    version = fields.Function(
        # Tiles differ from generation to generation, which has to change the minor number.
        lambda tile_set: f"1.{tile_set.generation.id}.0",
        required=True,
        metadata={"type": "string"},
    )
    generation = fields.Nested(
        GenerationSchema, metadata={"description": "Of regions; layers of points have none"}
    )
    scheme = fields.Constant("xyz", required=True)
    tiles = fields.Method("tiles_of", required=True, metadata=_STRINGS)
    minzoom = fields.Integer(required=True, attribute="layer.min_zoom")
    maxzoom = fields.Integer(required=True, attribute="layer.max_zoom")
    bounds = fields.List(
        fields.Float(), required=True, metadata={"description": "west, south, east, north"}
    )
    center = fields.Method("center_of", required=True, metadata=_NUMBERS)
    attribution = fields.String(metadata={"description": "Of the boundaries, with regions"})
    vector_layers = fields.Method("vector_layers_of", required=True, metadata=_OBJECTS)

    def description_of(self, tile_set: TileSet) -> str:
        """Return what the layer is."""
        return f"Regions of Korea, level {tile_set.layer.name}, as of {tile_set.generation.label}"

    def tiles_of(self, tile_set: TileSet) -> list[str]:
        """Return where the tiles are; whole addresses, since many readers resolve no others."""
        path = f"tiles/{tile_set.layer.name}/{tile_set.generation.id}"
        return [f"{tile_set.host_url}{path}/{{z}}/{{x}}/{{y}}"]

    def center_of(self, tile_set: TileSet) -> list[float]:
        """Return where to look first: lon, lat and zoom."""
        west, south, east, north = tile_set.bounds
        middle = [round((west + east) / 2, 4), round((south + north) / 2, 4)]
        return [*middle, tile_set.layer.min_zoom]

    def vector_layers_of(self, tile_set: TileSet) -> list[dict[str, Any]]:
        """Return what is in the tiles."""
        layer = tile_set.layer
        zooms = {"minzoom": layer.min_zoom, "maxzoom": layer.max_zoom}
        shown = self.description_of(tile_set)
        return [
            {"id": layer.name, "description": shown, "fields": FIELDS, **zooms},
            {"id": layer.names, "description": f"Names: {shown}", "fields": NAME_FIELDS, **zooms},
        ]
