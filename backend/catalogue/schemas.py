"""Owns what products and designations look like from outside."""

from marshmallow import fields, validate

from backend.catalogue.models import TRACKS
from backend.fields import Count, Flag, Instant, Krw, Text
from backend.proposals.categories import CATEGORIES
from backend.proposals.schemas import LOCAL_GOVERNMENT_CODE
from backend.schemas import PageQuerySchema, Schema

_CATEGORY = {"enum": [category.code for category in CATEGORIES]}


class ExtensionSchema(Schema):
    """One lengthening of a designation."""

    ordinal = fields.Integer(required=True)
    years = fields.Integer(required=True)
    granted_on = fields.Date(required=True)
    valid_until = fields.Date(required=True)


class DesignationSchema(Schema):
    """A product's standing as an Innovative Product; both days are included."""

    id = fields.UUID(required=True)
    track = fields.String(required=True)
    designation_type = fields.Integer(required=True)
    certificate_number = fields.String(required=True)
    designated_on = fields.Date(required=True)
    valid_until = fields.Date(required=True)
    extensions = fields.List(fields.Nested(ExtensionSchema), required=True)


class ProductSchema(Schema):
    """A product of the catalogue."""

    id = fields.UUID(required=True)
    name_ko = fields.String(required=True)
    name_en = fields.String(required=True)
    summary = fields.String(required=True)
    category = fields.String(required=True, metadata=_CATEGORY)
    supplier_id = fields.UUID(required=True, allow_none=True)
    unit_price_krw = fields.Integer(required=True)
    rnd_local_government_code = fields.String(required=True, allow_none=True)
    rnd_project = fields.String(required=True, allow_none=True)
    ministry_weight = fields.Integer(required=True)
    is_sample = fields.Boolean(required=True)
    designations = fields.List(fields.Nested(DesignationSchema), required=True)
    created_at = Instant(required=True)


class ProductCreateSchema(Schema):
    """A product to be entered."""

    name_ko = Text(required=True, max_length=100)
    name_en = Text(required=True, max_length=100)
    summary = Text(required=True, max_length=2000)
    category = Text(required=True, max_length=40, metadata=_CATEGORY)
    supplier_id = fields.UUID(allow_none=True)
    unit_price_krw = Krw(required=True, minimum=1)
    rnd_local_government_code = fields.String(
        allow_none=True, validate=LOCAL_GOVERNMENT_CODE, metadata={"example": "44130"}
    )
    rnd_project = Text(allow_none=True, max_length=200)
    ministry_weight = Count(maximum=1000)
    is_sample = Flag()


class ProductUpdateSchema(Schema):
    """What changes of a product; what is left out stays."""

    name_ko = Text(max_length=100)
    name_en = Text(max_length=100)
    summary = Text(max_length=2000)
    category = Text(max_length=40, metadata=_CATEGORY)
    supplier_id = fields.UUID(allow_none=True)
    unit_price_krw = Krw(minimum=1)
    rnd_local_government_code = fields.String(allow_none=True, validate=LOCAL_GOVERNMENT_CODE)
    rnd_project = Text(allow_none=True, max_length=200)
    ministry_weight = Count(maximum=1000)


class ProductQuerySchema(PageQuerySchema):
    """Which products are asked for."""

    category = fields.String(load_default=None, validate=validate.OneOf(_CATEGORY["enum"]))
    valid_on = fields.Date(load_default=None)
    proposal_id = fields.UUID(load_default=None)
    q = Text(max_length=100, load_default=None)


class DesignationCreateSchema(Schema):
    """A designation to be entered."""

    track = fields.String(required=True, validate=validate.OneOf(TRACKS))
    designation_type = fields.Integer(required=True, strict=True, validate=validate.OneOf((1, 2)))
    certificate_number = Text(required=True, max_length=50)
    designated_on = fields.Date(required=True)


class ExtensionCreateSchema(Schema):
    """An extension to be entered; how long it is follows from how many there were."""

    granted_on = fields.Date(required=True)
