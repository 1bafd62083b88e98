"""Owns what the documents about the layers look like from outside."""

from marshmallow import fields

from backend.schemas import Schema


class LinkSchema(Schema):
    """A link with an absolute address (RFC 8288)."""

    href = fields.String(required=True)
    rel = fields.String(required=True)
    type = fields.String(required=True)
    title = fields.String()


class LandingSchema(Schema):
    """Where everything begins."""

    title = fields.String(required=True)
    description = fields.String(required=True)
    links = fields.List(fields.Nested(LinkSchema), required=True)


class ConformanceSchema(Schema):
    """Which parts of the standard are kept."""

    conformsTo = fields.List(fields.String(), required=True)  # noqa: N815 (the standard's word)


class SpatialExtentSchema(Schema):
    """The boxes that hold all features."""

    bbox = fields.List(fields.List(fields.Float()), required=True)
    crs = fields.String(required=True)


class TemporalExtentSchema(Schema):
    """The intervals that hold all times, null for an open end."""

    interval = fields.List(fields.List(fields.String(allow_none=True)), required=True)
    trs = fields.String(required=True)


class ExtentSchema(Schema):
    """Where and when there are features."""

    spatial = fields.Nested(SpatialExtentSchema, required=True)
    temporal = fields.Nested(TemporalExtentSchema)


class CollectionSchema(Schema):
    """A layer."""

    id = fields.String(required=True)
    title = fields.String(required=True)
    description = fields.String(required=True)
    attribution = fields.String(metadata={"description": "Whom the shapes are owed to"})
    itemType = fields.Constant("feature", required=True)  # noqa: N815 (the standard's word)
    crs = fields.List(fields.String(), required=True)
    extent = fields.Nested(ExtentSchema, required=True)
    links = fields.List(fields.Nested(LinkSchema), required=True)


class CollectionListSchema(Schema):
    """All layers."""

    links = fields.List(fields.Nested(LinkSchema), required=True)
    collections = fields.List(fields.Nested(CollectionSchema), required=True)


class OgcFeatureSchema(Schema):
    """A GeoJSON feature (RFC 7946)."""

    type = fields.Constant("Feature", required=True)
    id = fields.String(required=True)
    geometry = fields.Dict(required=True)
    properties = fields.Dict(required=True)
    links = fields.List(fields.Nested(LinkSchema))


class OgcFeatureCollectionSchema(Schema):
    """A page of GeoJSON features (RFC 7946)."""

    type = fields.Constant("FeatureCollection", required=True)
    numberMatched = fields.Integer(  # noqa: N815 (the standard's word)
        metadata={"description": "On all pages; not there where counting would cost"}
    )
    numberReturned = fields.Integer(required=True)  # noqa: N815 (the standard's word)
    links = fields.List(fields.Nested(LinkSchema), required=True)
    features = fields.List(fields.Nested(OgcFeatureSchema), required=True)
