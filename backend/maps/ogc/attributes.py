"""Owns the attributes of the features: a column each in a GIS, the same in every language."""

from marshmallow import fields

from backend.fields import Instant
from backend.maps.schemas import ProposalFactsSchema
from backend.schemas import Schema

_SIGUNGU = {"description": "Code of the sigungu (시군구); null abroad"}
_EMD = {"description": "Code of the legal eup, myeon or dong (법정동); null abroad"}


class RegionAttributesSchema(Schema):
    """A region; emd is the legal dong (법정동), not the administrative one."""

    code = fields.String(required=True, attribute="region.code")
    legal_dong_code = fields.String(required=True, attribute="region.legal_dong_code")
    level = fields.String(required=True, attribute="region.level_name")
    name = fields.String(required=True, attribute="region.name")
    name_en = fields.String(required=True, allow_none=True, attribute="region.name_en")
    full_name = fields.String(required=True, attribute="region.full_name")
    local_government_code = fields.String(required=True, attribute="region.local_government_code")
    provenance = fields.String(
        required=True,
        attribute="region.provenance",
        metadata={"description": "Where the shape came from: exact, clipped or estimated"},
    )
    area_km2 = fields.Float(required=True, attribute="region.area_km2")
    tile_feature_id = fields.Integer(
        required=True, attribute="region.id", metadata={"description": "Its id in vector tiles"}
    )
    generation_id = fields.Integer(required=True, attribute="generation.id")
    data_date = fields.Date(
        required=True,
        attribute="generation.data_date",
        metadata={"description": "Date of the boundaries"},
    )


class InstitutionAttributesSchema(Schema):
    """An institution that can pilot products."""

    name = fields.String(required=True, attribute="name_ko")
    name_en = fields.String(required=True, allow_none=True)
    institution_type = fields.String(required=True)
    scope = fields.String(required=True)
    site_address = fields.String(required=True, allow_none=True)
    emd_code = fields.String(required=True, allow_none=True, metadata=_EMD)
    sigungu_code = fields.String(required=True, allow_none=True, metadata=_SIGUNGU)
    local_government_code = fields.String(required=True, allow_none=True)
    place_name = fields.String(required=True, allow_none=True)
    is_synthetic = fields.Boolean(
        required=True, metadata={"description": "Invented for a demonstration"}
    )


class ProposalAttributesSchema(ProposalFactsSchema):
    """A proposal; its point stands for a cell of some 250 m."""

    local_government_name = fields.String(required=True)
    decided_at = Instant(required=True, allow_none=True)


class PlacementAttributesSchema(Schema):
    """A product placed at an institution by a published plan."""

    product_id = fields.UUID(required=True)
    product_name = fields.String(required=True, attribute="product_name_ko")
    product_name_en = fields.String(required=True, allow_none=True)
    category = fields.String(required=True)
    institution_id = fields.UUID(required=True)
    institution_name = fields.String(required=True, attribute="institution_name_ko")
    institution_name_en = fields.String(required=True, allow_none=True)
    emd_code = fields.String(required=True, allow_none=True, metadata=_EMD)
    sigungu_code = fields.String(required=True, allow_none=True, metadata=_SIGUNGU)
    place_name = fields.String(required=True, allow_none=True)
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
