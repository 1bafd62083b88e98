"""Owns what rounds, their areas and their offers look like from outside."""

from typing import Any

from marshmallow import ValidationError, fields, validate

from backend.fields import Count, Flag, Instant, Krw, Text
from backend.rounds.states import TRANSITIONS
from backend.schemas import PageQuerySchema, Schema

MOST = 100
"""Entries of a ranking, and institutions fixed for an offer, at most."""

_KEY = validate.Regexp(r"[a-z][a-z0-9_]{0,49}\Z", error="Invalid value.")
_ROUND_CODE = validate.Regexp(r"[0-9A-Za-z][0-9A-Za-z-]{0,39}\Z", error="Invalid value.")


def _check_seats(value: Any) -> None:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if value != "all" and not (is_number and 0 <= value <= 1000):
        raise ValidationError("Invalid value.")


def _seats(**kwargs: Any) -> fields.Dict:
    return fields.Dict(
        keys=fields.String(validate=_KEY),
        values=fields.Raw(
            validate=_check_seats,
            metadata={"oneOf": [{"type": "integer", "minimum": 0}, {"const": "all"}]},
        ),
        metadata={"example": {"designator": 1, "residence": "all"}},
        **kwargs,
    )


class NameSchema(Schema):
    """A name in both languages."""

    ko = Text(required=True, max_length=100)
    en = Text(required=True, max_length=100)


class PolicyDemandSchema(NameSchema):
    """What a ministry wants to see piloted, and how much that weighs in the order of funding."""

    ministry = Text(required=True, max_length=100, metadata={"example": "행정안전부"})
    weight = Count(required=True, maximum=1000)


class PolicySchema(Schema):
    """The rules of a round. What is left out keeps its default, or what it was."""

    funding = fields.String(validate=validate.OneOf(("breadth_first", "depth_first")))
    product_budget_cap_krw = Krw(allow_none=True)
    group_budget_cap_krw = Krw(allow_none=True)
    seat_precedence = fields.List(
        fields.String(validate=_KEY), validate=validate.Length(min=1, max=20)
    )
    seat_priority = fields.Dict(
        keys=fields.String(validate=_KEY),
        values=fields.List(fields.String(validate=_KEY), validate=validate.Length(max=20)),
    )
    reallocate_unclaimed = Flag()
    preassigned_uses_capacity = Flag()
    key_names = fields.Dict(keys=fields.String(validate=_KEY), values=fields.Nested(NameSchema))
    require_confirmed_residence = Flag()
    institution_capacity = Count(minimum=1, maximum=100)
    exclude_piloted = Flag()
    piloted_exempt_areas = fields.List(
        fields.String(validate=_KEY), validate=validate.Length(max=MOST)
    )
    policy_demands = fields.Dict(
        keys=fields.String(validate=_KEY),
        values=fields.Nested(PolicyDemandSchema),
        validate=validate.Length(max=MOST),
    )
    objection_days = Count(minimum=1, maximum=365)
    objection_decision_days = Count(minimum=1, maximum=365)


class AreaSchema(Schema):
    """A pot of money of a round: what it has is what it had at first and the transfers since."""

    id = fields.UUID(required=True)
    key = fields.String(required=True)
    name_ko = fields.String(required=True)
    name_en = fields.String(required=True)
    budget_krw = fields.Integer(required=True)
    initial_krw = fields.Integer(required=True)
    vat_included = fields.Boolean(
        required=True, metadata={"description": "Holds for the prices of its offers too"}
    )
    budget_year = fields.Integer(required=True)
    is_sample = fields.Boolean(required=True)


class AreaCreateSchema(Schema):
    """A budget area to be added to a draft."""

    key = fields.String(required=True, validate=_KEY, metadata={"example": "citizen"})
    name_ko = Text(required=True, max_length=100)
    name_en = Text(required=True, max_length=100)
    budget_krw = Krw(required=True)
    vat_included = Flag()
    budget_year = Count(minimum=2019, maximum=2100)
    is_sample = Flag()


class RoundSchema(Schema):
    """A round with its rules and its money."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    programme_year = fields.Integer(required=True)
    title_ko = fields.String(required=True)
    title_en = fields.String(required=True)
    status = fields.String(required=True, metadata={"enum": list(TRANSITIONS)})
    policy = fields.Nested(PolicySchema, required=True)
    policy_version = fields.Integer(required=True)
    areas = fields.List(fields.Nested(AreaSchema), required=True)
    is_sample = fields.Boolean(required=True)
    opens_at = Instant(required=True)
    closes_at = Instant(required=True)
    opened_at = Instant(required=True, allow_none=True)
    closed_at = Instant(required=True, allow_none=True)
    matched_at = Instant(required=True, allow_none=True)
    approved_at = Instant(required=True, allow_none=True)
    published_at = Instant(required=True, allow_none=True)
    cancelled_at = Instant(required=True, allow_none=True)


class RoundCreateSchema(Schema):
    """A round to be drafted."""

    code = fields.String(required=True, validate=_ROUND_CODE, metadata={"example": "2026-1"})
    programme_year = Count(required=True, minimum=2019, maximum=2100)
    title_ko = Text(required=True, max_length=100)
    title_en = Text(required=True, max_length=100)
    opens_at = Instant(required=True)
    closes_at = Instant(required=True)
    policy = fields.Nested(PolicySchema)
    is_sample = Flag()


class RoundUpdateSchema(Schema):
    """What changes of a draft; what is left out stays, in the policy too."""

    programme_year = Count(minimum=2019, maximum=2100)
    title_ko = Text(max_length=100)
    title_en = Text(max_length=100)
    opens_at = Instant()
    closes_at = Instant()
    policy = fields.Nested(PolicySchema)


class RoundQuerySchema(PageQuerySchema):
    """Which rounds are asked for."""

    status = fields.String(load_default=None, validate=validate.OneOf(list(TRANSITIONS)))
    programme_year = fields.Integer(load_default=None, validate=validate.Range(min=2019, max=2100))


class OfferSchema(Schema):
    """A product in an area of a round; `id` is the product's id in the published files."""

    id = fields.UUID(required=True)
    area_id = fields.UUID(required=True)
    area_key = fields.String(required=True, attribute="area.key")
    product_id = fields.UUID(required=True)
    product_name_ko = fields.String(required=True, attribute="product.name_ko")
    product_name_en = fields.String(required=True, attribute="product.name_en")
    unit_price_krw = fields.Integer(required=True)
    vat_included = fields.Boolean(required=True, attribute="area.vat_included")
    budget_year = fields.Integer(required=True, attribute="area.budget_year")
    max_placements = fields.Integer(required=True)
    seats = _seats(required=True)
    cap_group = fields.String(required=True, allow_none=True)
    fixed_institution_ids = fields.List(fields.UUID(), required=True)
    takes_applications = fields.Boolean(required=True)
    policy_demands = fields.List(fields.String(), required=True)
    withdrawn_at = Instant(required=True, allow_none=True)
    withdrawal_reason = fields.String(required=True, allow_none=True)


class OfferCreateSchema(Schema):
    """A product to be offered in a draft."""

    area_id = fields.UUID(required=True)
    product_id = fields.UUID(required=True)
    unit_price_krw = Krw(minimum=1)
    max_placements = Count(minimum=1, maximum=1000)
    seats = _seats(allow_none=True)
    cap_group = fields.String(allow_none=True, validate=_KEY)
    fixed_institution_ids = fields.List(fields.UUID(), validate=validate.Length(max=MOST))
    takes_applications = Flag()
    policy_demands = fields.List(fields.String(validate=_KEY), validate=validate.Length(max=MOST))


class OfferQuerySchema(PageQuerySchema):
    """Which offers are asked for."""

    area_id = fields.UUID(load_default=None)
