"""Owns what maps look like from outside: queries, GeoJSON features and statistics.

Names follow the reader's language, as sentences do.
"""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from backend.fields import Instant, RegionCode, Text
from backend.maps.statistics import LEVELS
from backend.proposals.categories import CATEGORIES
from backend.proposals.filters import LISTED
from backend.query_fields import BboxField
from backend.regions.schemas import GenerationSchema
from backend.schemas import Schema
from backend.translations import language
from geo import geojson

MOST_FEATURES = 2000
ROW_COLUMNS = ("id", "placements", "amount_krw", "proposals")
_STRINGS = {"type": "array", "items": {"type": "string"}}
_CATEGORY = validate.OneOf([category.code for category in CATEGORIES])


class _FeatureQuerySchema(Schema):
    """Which features are asked for; the newest come first."""

    bbox = BboxField(
        metadata={
            "description": "west,south,east,north in degrees",
            "example": "126.7,37.4,127.2,37.7",
        }
    )
    region_code = RegionCode(metadata={"description": "A region with everything in it"})
    category = fields.String(validate=_CATEGORY)
    limit = fields.Integer(load_default=1000, validate=validate.Range(min=1, max=MOST_FEATURES))


class ProposalFeatureQuerySchema(_FeatureQuerySchema):
    """Which proposals are asked for."""

    status = fields.String(validate=validate.OneOf(LISTED))


class PlacementFeatureQuerySchema(_FeatureQuerySchema):
    """Which placements are asked for."""

    round = Text(max_length=40, metadata={"description": "Code of a round", "example": "2026-1"})


class StatisticsRowsQuerySchema(Schema):
    """What is to be counted."""

    level = fields.String(load_default="sigungu", validate=validate.OneOf(list(LEVELS)))
    round = Text(max_length=40, metadata={"description": "Code of a round; all rounds without"})
    category = fields.String(validate=_CATEGORY)


class StatisticsQuerySchema(StatisticsRowsQuerySchema):
    """What is to be counted, and where."""

    region_code = RegionCode(
        metadata={"description": "Only regions within this one; needed for the level emd"}
    )

    @validates_schema
    def _place_of_emd(self, data: Mapping[str, Any], **_: Any) -> None:
        if data["level"] == "emd" and "region_code" not in data:
            raise ValidationError(
                "Give the region whose neighbourhoods are asked for.", "region_code"
            )


def in_language(korean: str, english: str | None) -> str:
    """Return the name in the reader's language, the Korean one where there is no other."""
    return (english or korean) if language() == "en" else korean


class ProposalFactsSchema(Schema):
    """What a mark of a proposal says."""

    title = fields.String(required=True)
    category = fields.String(required=True)
    status = fields.String(required=True, validate=validate.OneOf(LISTED))
    emd_code = fields.String(required=True)
    sigungu_code = fields.String(required=True)
    place_name = fields.String(required=True)
    submitted_at = Instant(required=True)
    endorsement_count = fields.Integer(required=True)
    is_synthetic = fields.Boolean(
        required=True, metadata={"description": "Invented for a demonstration"}
    )


class PlacementFactsSchema(Schema):
    """What a mark of a placement says."""

    product_id = fields.UUID(required=True)
    product_name = fields.Function(
        lambda row: in_language(row.product_name_ko, row.product_name_en),
        required=True,
        metadata={"type": "string"},
    )
    category = fields.String(required=True)
    institution_id = fields.UUID(required=True)
    institution_name = fields.Function(
        lambda row: in_language(row.institution_name_ko, row.institution_name_en),
        required=True,
        metadata={"type": "string"},
    )
    emd_code = fields.String(required=True, allow_none=True)
    sigungu_code = fields.String(required=True, allow_none=True)
    place_name = fields.String(
        required=True, allow_none=True, metadata={"description": "null for a site abroad"}
    )
    residence_tier = fields.Integer(
        required=True,
        allow_none=True,
        metadata={
            "description": "0 the proposer's neighbourhood, 1 the same local government, 2 the"
            " same sido, 3 elsewhere; null where no proposal is answered"
        },
    )
    amount_krw = fields.Integer(required=True)
    round = fields.String(required=True)
    placed_at = Instant(required=True)
    is_synthetic = fields.Boolean(
        required=True, metadata={"description": "An institution invented for a demonstration"}
    )
    is_sample = fields.Boolean(
        required=True, metadata={"description": "A product or round of sample data"}
    )


class PointGeometrySchema(Schema):
    """A GeoJSON point."""

    type = fields.Constant("Point", required=True)
    coordinates = fields.List(
        fields.Float(),
        required=True,
        validate=validate.Length(equal=2),
        metadata={"description": "lon, lat"},
    )


class _FeatureSchema(Schema):
    """A row with a point, as a GeoJSON feature; subclasses say what its properties are."""

    type = fields.Constant("Feature", required=True)
    id = fields.UUID(required=True)
    geometry = fields.Nested(PointGeometrySchema, required=True)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Return a part of a row: its point, itself for its properties, or a column."""
        if attr == "geometry":
            return geojson.point(obj.lon, obj.lat)
        return obj if attr == "properties" else super().get_attribute(obj, attr, default)


class ProposalFeatureSchema(_FeatureSchema):
    """A proposal at its public point, which stands for a cell of some 250 m."""

    properties = fields.Nested(ProposalFactsSchema, required=True)


class PlacementFeatureSchema(_FeatureSchema):
    """A placement at its institution's site."""

    properties = fields.Nested(PlacementFactsSchema, required=True)


class _CollectionSchema(Schema):
    """Features, the newest first (RFC 7946)."""

    type = fields.Constant("FeatureCollection", required=True)
    truncated = fields.Boolean(
        required=True, metadata={"description": "There are more than `limit`"}
    )


class ProposalCollectionSchema(_CollectionSchema):
    """Proposals, the newest first (RFC 7946)."""

    features = fields.List(fields.Nested(ProposalFeatureSchema), required=True)


class PlacementCollectionSchema(_CollectionSchema):
    """Placements, the newest first (RFC 7946)."""

    features = fields.List(fields.Nested(PlacementFeatureSchema), required=True)


class CountsSchema(Schema):
    """What there is in a place."""

    placements = fields.Integer(required=True)
    amount_krw = fields.Integer(required=True)
    proposals = fields.Integer(
        required=True, metadata={"description": "Of all times, whatever round is asked for"}
    )


class RegionCountsSchema(CountsSchema):
    """A region and what there is in it; zero is zero, a region that is missing has no data."""

    id = fields.Integer(
        required=True,
        attribute="region.id",
        metadata={"description": "Id of its features in tiles"},
    )
    code = fields.String(required=True, attribute="region.code")
    name = fields.String(required=True, attribute="region.name")
    full_name = fields.String(required=True, attribute="region.full_name")
    label_point = fields.Function(
        lambda row: [round(row.region.lon, 6), round(row.region.lat, 6)],
        required=True,
        metadata={
            "type": "array",
            "items": {"type": "number"},
            "description": "lon, lat of a point inside, for the name",
        },
    )
    placements = fields.Integer(required=True, attribute="counts.placements")
    amount_krw = fields.Integer(required=True, attribute="counts.amount_krw")
    proposals = fields.Integer(required=True, attribute="counts.proposals")


class _StatisticsSchema(Schema):
    """What was counted, when and on which boundaries."""

    level = fields.String(required=True)
    round = fields.String(required=True, allow_none=True)
    category = fields.String(required=True, allow_none=True)
    generation = fields.Nested(GenerationSchema, required=True)
    as_of = Instant(required=True)
    elsewhere = fields.Nested(
        CountsSchema,
        required=True,
        metadata={"description": "Abroad, or under a code that is no longer in force"},
    )


class StatisticsSchema(_StatisticsSchema):
    """Counts of every region of a level."""

    values = fields.List(fields.Nested(RegionCountsSchema), required=True)


class StatisticsRowsSchema(_StatisticsSchema):
    """Counts in the fewest bytes: what has no row is zero, for every region of the generation."""

    columns = fields.Constant(ROW_COLUMNS, required=True, metadata=_STRINGS)
    rows = fields.Function(
        lambda statistics: [
            [region_id, counts.placements, counts.amount_krw, counts.proposals]
            for region_id, counts in statistics.counts.items()
        ],
        required=True,
        metadata={
            "type": "array",
            "items": {"type": "array", "items": {"type": "integer"}},
            "description": "In the order of `columns`; the id is that of the features in tiles",
        },
    )
