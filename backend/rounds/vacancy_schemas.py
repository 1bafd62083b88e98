"""Owns what contracts and vacancies look like from outside."""

from marshmallow import fields

from backend.fields import Instant
from backend.schemas import Schema


class ContractSchema(Schema):
    """That the contract of a placement was signed."""

    placement_id = fields.UUID(required=True)
    signed_at = Instant(required=True)
    recorded_by = fields.UUID(required=True, allow_none=True)


class StepSchema(Schema):
    """One step as the engine wrote it: who leaves a placement, and who takes it."""

    step = fields.Integer(required=True)
    event = fields.Integer(
        required=True, metadata={"description": "Number of the event in the file of events"}
    )
    product = fields.String(required=True, metadata={"description": "The offer's id"})
    left_by = fields.String(required=True, metadata={"description": "The institution's id"})
    taken_by = fields.String(
        required=True, allow_none=True, metadata={"description": "Null when nobody is next"}
    )
    seat = fields.String(required=True, allow_none=True)
    gives_up = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The offer that the taker leaves for it; the next step's"},
    )
    previous = fields.String(
        required=True,
        metadata={"description": "SHA-256 of the step before; of the plan's file at the first"},
    )


class VacancySchema(Schema):
    """A placement given up before its contract, and who takes it; no person is named."""

    id = fields.UUID(required=True)
    run_id = fields.UUID(required=True, metadata={"description": "The plan whose placement it was"})
    state = fields.Function(
        lambda vacancy: vacancy.decision or "proposed",
        required=True,
        metadata={"type": "string", "enum": ["proposed", "approved", "dismissed"]},
    )
    institution_id = fields.UUID(required=True, attribute="outcome.institution_id")
    institution_name_ko = fields.String(
        required=True, attribute="outcome.institution.organization.name_ko"
    )
    institution_name_en = fields.String(
        required=True, allow_none=True, attribute="outcome.institution.organization.name_en"
    )
    offer_id = fields.UUID(required=True, attribute="outcome.offer_id")
    product_name_ko = fields.String(required=True, attribute="outcome.offer.product.name_ko")
    product_name_en = fields.String(required=True, attribute="outcome.offer.product.name_en")
    reason = fields.String(required=True)
    steps = fields.List(fields.Nested(StepSchema), required=True)
    recorded_at = Instant(required=True)
    decided_at = Instant(required=True, allow_none=True)
    decision_reason = fields.String(required=True, allow_none=True)
