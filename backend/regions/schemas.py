"""Owns what regions and local governments look like from outside."""

from marshmallow import fields, validate

from backend.fields import Metres, Points, Text
from backend.openapi import URL_PREFIX
from backend.schemas import LocationSchema, Schema
from geo.regions import Region

LEVELS = ("sido", "sigungu", "emd")

MOST_POINTS = 10_000
"""Points of one request; more are asked about in several."""


class PointQuerySchema(LocationSchema):
    """The point that is asked about."""


class LocateManySchema(Schema):
    """Points that are asked about together, in (lon, lat) order."""

    points = Points(
        required=True,
        maximum=MOST_POINTS,
        metadata={"example": [[126.9779, 37.5663], [129.0756, 35.1796]]},
    )


class SearchQuerySchema(Schema):
    """What somebody typed of a name."""

    q = Text(required=True, max_length=60, metadata={"example": "서울 중구 태평로"})
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=50))


class NeighboursQuerySchema(Schema):
    """Which regions around one are asked for."""

    within_m = fields.Float(
        load_default=None,
        validate=validate.Range(min=0, max=100_000),
        metadata={
            "description": "Metres between the shapes: at most 100,000 for sido, 50,000 for"
            " sigungu, 5,000 for emd. Left out, those that share a border line",
            "example": 3000,
        },
    )


class ShapeQuerySchema(Schema):
    """Which shape of a region is asked for."""

    zoom = fields.Integer(
        load_default=None,
        validate=validate.Range(min=0, max=24),
        metadata={"description": "Of a map; left out, the shape is not simplified"},
    )
    generation = fields.Integer(
        load_default=None,
        validate=validate.Range(min=1, max=2**31 - 1),
        metadata={"description": "Boundaries that are or were in force; left out, those in force"},
    )


class GenerationSchema(Schema):
    """The state of the boundaries that an answer rests on."""

    id = fields.Integer(required=True)
    label = fields.String(required=True)
    data_date = fields.Date(required=True)


class RegionSchema(Schema):
    """An administrative area; emd is the legal dong (법정동), not the administrative one."""

    code = fields.String(required=True, metadata={"description": "Begins every code below it"})
    legal_dong_code = fields.String(required=True, metadata={"description": "Ten digits"})
    level = fields.String(required=True, attribute="level_name", validate=validate.OneOf(LEVELS))
    name = fields.String(required=True)
    name_en = fields.String(required=True, allow_none=True)
    full_name = fields.String(required=True)
    full_name_en = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "By the rules of romanization, the narrowest name first"},
    )
    local_government_code = fields.String(required=True)
    provenance = fields.String(
        required=True,
        metadata={"description": "Where the shape came from: exact, clipped or estimated"},
    )
    area_km2 = fields.Float(required=True)
    label_point = fields.Method("label_of", required=True, metadata={"type": "object"})
    feature_id = fields.Integer(
        required=True, attribute="id", metadata={"description": "Id of its features in tiles"}
    )

    def label_of(self, region: Region) -> dict[str, float]:
        """Return the point inside the region where its name goes."""
        return {"lon": round(region.lon, 6), "lat": round(region.lat, 6)}


class LocalGovernmentSchema(Schema):
    """A self-governing body."""

    code = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(("upper", "basic", "single_tier")))
    name = fields.String(required=True)
    full_name = fields.String(required=True)
    upper_code = fields.String(required=True, allow_none=True)


class RegionListSchema(Schema):
    """Regions; at most 100, since no region has more below it."""

    items = fields.List(fields.Nested(RegionSchema), required=True)
    generation = fields.Nested(GenerationSchema, required=True)


class NeighbourSchema(Schema):
    """Another region of the same level."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    name_en = fields.String(required=True, allow_none=True)
    full_name = fields.String(required=True)
    full_name_en = fields.String(required=True, allow_none=True)
    local_government_code = fields.String(required=True)
    distance_m = Metres(required=True, metadata={"description": "Between the two shapes"})
    border_m = Metres(required=True, metadata={"description": "Length of the common border line"})


class BandSchema(Schema):
    """The regions whose shapes are farther than `over_m` (the first band: from 0) and within
    `within_m`; the nearest 20 of them are listed.
    """

    over_m = fields.Float(required=True)
    within_m = fields.Float(required=True)
    count = fields.Integer(required=True)
    items = fields.List(fields.Nested(NeighbourSchema), required=True)


class SurroundingsSchema(Schema):
    """The regions of the same level around one; islands touch nobody and name the nearest."""

    touches_nobody = fields.Boolean(required=True)
    touching = fields.List(fields.Nested(NeighbourSchema), required=True)
    nearest = fields.List(
        fields.Nested(NeighbourSchema),
        required=True,
        metadata={"description": "The three nearest, where none is touched"},
    )
    bands = fields.List(fields.Nested(BandSchema), required=True)


class NeighbourListSchema(Schema):
    """Regions around one, nearest first; at 0 m the longest common border first."""

    items = fields.List(fields.Nested(NeighbourSchema), required=True)
    generation = fields.Nested(GenerationSchema, required=True)


class FeatureSchema(Schema):
    """A region as a GeoJSON feature (RFC 7946)."""

    type = fields.String(required=True, validate=validate.Equal("Feature"))
    id = fields.Integer(required=True, metadata={"description": "Id of its features in tiles"})
    bbox = fields.List(fields.Float(), required=True, validate=validate.Length(equal=4))
    geometry = fields.Dict(required=True)
    properties = fields.Dict(required=True)


class RegionDetailSchema(Schema):
    """A region with what lies above, below and around it, and who governs it."""

    region = fields.Nested(RegionSchema, required=True)
    parents = fields.List(fields.Nested(RegionSchema), required=True)
    children = fields.List(fields.Nested(RegionSchema), required=True)
    neighbours = fields.Nested(SurroundingsSchema, required=True)
    geojson_url = fields.Function(
        lambda found: (
            f"{URL_PREFIX}/regions/{found.region.code}/geojson?generation={found.generation.id}"
        ),
        required=True,
        metadata={"type": "string", "description": "The shape, which never changes"},
    )
    local_government = fields.Nested(LocalGovernmentSchema, required=True)
    generation = fields.Nested(GenerationSchema, required=True)


class BorderCandidateSchema(Schema):
    """A neighbouring region so near that the point may belong to it."""

    code = fields.String(required=True, attribute="region.code")
    full_name = fields.String(required=True, attribute="region.full_name")
    local_government_code = fields.String(required=True, attribute="region.local_government_code")
    distance_m = fields.Float(required=True)


class LocatedSchema(Schema):
    """Where a point lies, and how sure that is."""

    emd = fields.Nested(RegionSchema, required=True)
    sigungu = fields.Nested(RegionSchema, required=True)
    sido = fields.Nested(RegionSchema, required=True)
    local_government = fields.Nested(LocalGovernmentSchema, required=True)
    match = fields.String(required=True, validate=validate.OneOf(("inside", "nearest")))
    distance_m = fields.Float(
        required=True, metadata={"description": "0 inside; from the coast for `nearest`"}
    )
    border = fields.List(fields.Nested(BorderCandidateSchema), required=True)
    generation_id = fields.Integer(required=True)
    data_date = fields.Date(required=True)


class LocatedEntrySchema(Schema):
    """Where one of many points lies; more about its region is at `/regions/{code}`."""

    code = fields.String(required=True, metadata={"description": "The eup, myeon or dong"})
    full_name = fields.String(required=True)
    local_government_code = fields.String(required=True)
    match = fields.String(required=True, validate=validate.OneOf(("inside", "nearest")))
    distance_m = fields.Float(
        required=True, metadata={"description": "0 inside; from the coast for `nearest`"}
    )


class LocatedManySchema(Schema):
    """Where points lie, in the order they were given."""

    items = fields.List(
        fields.Nested(LocatedEntrySchema, allow_none=True),
        required=True,
        metadata={"description": "null for a point at sea or outside Korea"},
    )
    generation = fields.Nested(GenerationSchema, required=True)


class PlaceQuerySchema(SearchQuerySchema):
    """What somebody typed of a road address or a landmark."""

    limit = fields.Integer(load_default=10, validate=validate.Range(min=1, max=20))


class FoundPlaceSchema(Schema):
    """A place by its address or name, and the neighbourhood that it lies in."""

    label = fields.String(required=True, attribute="hit.label")
    lon = fields.Float(required=True, attribute="hit.lon")
    lat = fields.Float(required=True, attribute="hit.lat")
    emd = fields.Nested(RegionSchema, required=True, attribute="location.emd")
    local_government = fields.Nested(
        LocalGovernmentSchema, required=True, attribute="location.local_government"
    )
    border = fields.List(
        fields.Nested(BorderCandidateSchema), required=True, attribute="location.border"
    )


class FoundPlaceListSchema(Schema):
    """Places that the words may mean, best first."""

    items = fields.List(fields.Nested(FoundPlaceSchema), required=True)


class LocalGovernmentListSchema(Schema):
    """All local governments; some 243."""

    items = fields.List(fields.Nested(LocalGovernmentSchema), required=True)
    generation = fields.Nested(GenerationSchema, required=True)


class LocalGovernmentDetailSchema(Schema):
    """A local government, what it governs, and the governments above or below it."""

    local_government = fields.Nested(LocalGovernmentSchema, required=True)
    name_en = fields.String(required=True)
    region_codes = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Codes of the fewest regions that make up its area"},
    )
    upper = fields.Nested(
        LocalGovernmentSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Of a basic one, the upper one"},
    )
    basic = fields.List(
        fields.Nested(LocalGovernmentSchema),
        required=True,
        metadata={"description": "Of an upper one, the basic ones"},
    )
    sigungu = fields.List(fields.Nested(RegionSchema), required=True)
    generation = fields.Nested(GenerationSchema, required=True)
