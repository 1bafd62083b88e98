"""Owns what runs, outcomes and placements look like from outside."""

from marshmallow import fields, validate

from backend.fields import Instant, Text
from backend.rounds.results import Explained
from backend.schemas import LocationSchema, PageQuerySchema, Schema
from backend.translations import language
from geo.matching.plan import REASONS


class RunCreateSchema(Schema):
    """Which seed to run with: the official one, or any other for a rehearsal."""

    seed = Text(max_length=200, load_default=None, metadata={"example": "rehearsal 1"})


class SupersessionSchema(Schema):
    """Why the inputs are corrected; everybody reads it."""

    reason = Text(required=True, max_length=1000)


class RunSchema(Schema):
    """One computation of a plan, without the plan."""

    id = fields.UUID(required=True)
    round_id = fields.UUID(required=True)
    inputs_id = fields.UUID(required=True, allow_none=True)
    seed = fields.String(required=True)
    is_rehearsal = fields.Boolean(required=True)
    state = fields.String(required=True, metadata={"enum": ["queued", "running", "done", "failed"]})
    engine = fields.String(required=True, allow_none=True)
    inputs_sha256 = fields.String(required=True)
    run_by = fields.UUID(required=True)
    run_at = Instant(required=True)
    started_at = Instant(required=True, allow_none=True)
    finished_at = Instant(required=True, allow_none=True)
    failure = fields.String(required=True, allow_none=True)
    verified_at = Instant(required=True, allow_none=True)
    verifier_exit_code = fields.Integer(required=True, allow_none=True)
    violations = fields.List(fields.String(), required=True)
    approved_by = fields.UUID(required=True, allow_none=True)
    approved_at = Instant(required=True, allow_none=True)
    published_at = Instant(required=True, allow_none=True)
    superseded_at = Instant(required=True, allow_none=True)


class PublishedPlanSchema(Schema):
    """A plan that was published, and whether it still stands; no officer is named."""

    id = fields.UUID(required=True)
    round_id = fields.UUID(required=True)
    state = fields.Function(
        lambda run: "current" if run.superseded_at is None else "superseded",
        required=True,
        metadata={"type": "string", "enum": ["current", "superseded"]},
    )
    engine = fields.String(required=True)
    seed = fields.String(required=True)
    inputs_id = fields.UUID(required=True, allow_none=True)
    inputs_sha256 = fields.String(required=True)
    correction = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Why the inputs had changed; null where they had not"},
    )
    published_at = Instant(required=True)
    superseded_at = Instant(required=True, allow_none=True)


class OutcomeSchema(Schema):
    """What became of an application or a fixed placement, with the reason in words."""

    id = fields.UUID(required=True, attribute="outcome.id")
    institution_id = fields.UUID(required=True, attribute="outcome.institution_id")
    institution_name_ko = fields.String(
        required=True, attribute="outcome.institution.organization.name_ko"
    )
    institution_name_en = fields.String(
        required=True, allow_none=True, attribute="outcome.institution.organization.name_en"
    )
    offer_id = fields.UUID(required=True, attribute="outcome.offer_id")
    product_id = fields.UUID(required=True, attribute="outcome.offer.product_id")
    product_name_ko = fields.String(required=True, attribute="outcome.offer.product.name_ko")
    product_name_en = fields.String(required=True, attribute="outcome.offer.product.name_en")
    reason = fields.String(
        required=True, attribute="outcome.reason", metadata={"enum": list(REASONS)}
    )
    seat = fields.String(required=True, allow_none=True, attribute="outcome.seat")
    residence_tier = fields.Integer(
        required=True, allow_none=True, attribute="outcome.residence_tier"
    )
    detail = fields.Dict(required=True, attribute="outcome.detail")
    explanation = fields.Method("_explanation", required=True, metadata={"type": "string"})

    def _explanation(self, explained: Explained) -> str:
        return explained.explanation[language()]


class OutcomeQuerySchema(PageQuerySchema):
    """Which outcomes are asked for."""

    institution_id = fields.UUID(load_default=None)
    product_id = fields.UUID(load_default=None)
    reason = fields.String(load_default=None, validate=validate.OneOf(REASONS))


class PlacementSchema(Schema):
    """One package of a product for one institution, at its site."""

    id = fields.UUID(required=True)
    round_code = fields.String(required=True, attribute="run.round.code")
    area_key = fields.String(required=True, attribute="offer.area.key")
    offer_id = fields.UUID(required=True)
    product_id = fields.UUID(required=True)
    product_name_ko = fields.String(required=True, attribute="offer.product.name_ko")
    product_name_en = fields.String(required=True, attribute="offer.product.name_en")
    unit_price_krw = fields.Integer(required=True, attribute="offer.unit_price_krw")
    institution_id = fields.UUID(required=True)
    institution_name_ko = fields.String(required=True, attribute="institution.organization.name_ko")
    institution_name_en = fields.String(
        required=True, allow_none=True, attribute="institution.organization.name_en"
    )
    institution_type = fields.String(required=True, attribute="institution.institution_type")
    seat = fields.String(required=True)
    residence_tier = fields.Integer(required=True, allow_none=True)
    site = fields.Nested(LocationSchema, required=True)
    site_emd_code = fields.String(required=True, allow_none=True)
    sigungu_code = fields.String(required=True, allow_none=True)
    placed_at = Instant(required=True)
    vacancy_id = fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "The vacancy by which it came; null of the plan's own"},
    )
