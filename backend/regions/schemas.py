"""Owns what regions and local governments look like from outside."""

from marshmallow import fields, validate

from backend.fields import Points, Text
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


class RegionDetailSchema(Schema):
    """A region with what lies above it and who governs it."""

    region = fields.Nested(RegionSchema, required=True)
    parents = fields.List(fields.Nested(RegionSchema), required=True)
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


class LocalGovernmentListSchema(Schema):
    """All local governments; some 243."""

    items = fields.List(fields.Nested(LocalGovernmentSchema), required=True)
    generation = fields.Nested(GenerationSchema, required=True)


class LocalGovernmentDetailSchema(Schema):
    """A local government and the sigungu that it governs."""

    local_government = fields.Nested(LocalGovernmentSchema, required=True)
    sigungu = fields.List(fields.Nested(RegionSchema), required=True)
    generation = fields.Nested(GenerationSchema, required=True)
