"""Owns what explanations of a round look like from outside, in the reader's language."""

from typing import Any

from marshmallow import fields

from backend.fairness.explanations import NO_APPLICATION, OFFER_WITHDRAWN, Answer, Explanation
from backend.fairness.labels import type_name
from backend.fields import Instant, RegionCode
from backend.rounds.states import LABELS, TRANSITIONS
from backend.schemas import PageQuerySchema, Schema
from backend.translations import LANGUAGES, language
from geo.matching.plan import REASONS

TEXT = {"type": "string"}


def in_language(korean: str, english: str | None) -> str:
    """Return the name in the reader's language, the Korean one where there is no other."""
    return (english or korean) if language() == "en" else korean


class ExplanationQuerySchema(PageQuerySchema):
    """Which place is asked about."""

    region = RegionCode(
        required=True,
        data_key="region",
        attribute="region_code",
        metadata={
            "description": "A sigungu or emd; ten digits of a legal dong too",
            "example": "1114010300",
        },
    )


class RoundStageSchema(Schema):
    """Where a round stands."""

    status = fields.String(required=True, metadata={"enum": list(TRANSITIONS)})
    label = fields.Method("_label", required=True, metadata=TEXT)
    closes_at = Instant(required=True)
    published_at = Instant(required=True, allow_none=True)

    def _label(self, round_: Any) -> str:
        return LABELS[round_.status][LANGUAGES.index(language())]


class AskedPlaceSchema(Schema):
    """The place that was asked about."""

    code = fields.String(required=True)
    level = fields.String(required=True, attribute="level_name")
    full_name = fields.Function(
        lambda region: in_language(region.full_name, region.full_name_en),
        required=True,
        metadata=TEXT,
    )


class AnsweringGovernmentSchema(Schema):
    """The local government that answers for the place."""

    code = fields.String(required=True)
    full_name = fields.String(required=True)


class InstitutionCountSchema(Schema):
    """How many institutions of a type there are."""

    type = fields.Function(lambda row: row[0], required=True, metadata=TEXT)
    name = fields.Function(lambda row: type_name(row[0], language()), required=True, metadata=TEXT)
    count = fields.Function(lambda row: row[1], required=True, metadata={"type": "integer"})


class PlaceSummarySchema(Schema):
    """Products by what became of them for the place."""

    awarded = fields.Integer(required=True, metadata={"description": "Placed here"})
    refused = fields.Integer(required=True, metadata={"description": "Asked for here in vain"})
    no_application = fields.Integer(
        required=True, metadata={"description": "Asked for by nobody here"}
    )
    offer_withdrawn = fields.Integer(
        required=True, metadata={"description": "Taken back by its supplier, no outcome here"}
    )


class ExplanationSchema(Schema):
    """What became of one product for the place, and why."""

    offer_id = fields.UUID(required=True, attribute="offer.id")
    product_id = fields.UUID(required=True, attribute="offer.product_id")
    product_name = fields.Function(
        lambda row: in_language(row.offer.product.name_ko, row.offer.product.name_en),
        required=True,
        metadata=TEXT,
    )
    area_key = fields.String(required=True, attribute="offer.area.key")
    institution_id = fields.UUID(
        required=True, allow_none=True, attribute="institution.institution_id", dump_default=None
    )
    institution_name = fields.Method("_institution", required=True, allow_none=True, metadata=TEXT)
    institution_type = fields.String(
        required=True, allow_none=True, attribute="institution.institution_type", dump_default=None
    )
    reason = fields.String(
        required=True, metadata={"enum": [*REASONS, NO_APPLICATION, OFFER_WITHDRAWN]}
    )
    is_placed = fields.Boolean(
        required=True,
        metadata={"description": "Has the product by now, also by a vacancy that was passed on"},
    )
    seat = fields.String(
        required=True, allow_none=True, attribute="institution.seat", dump_default=None
    )
    residence_tier = fields.Integer(
        required=True, allow_none=True, attribute="institution.residence_tier", dump_default=None
    )
    placements = fields.Integer(
        required=True, metadata={"description": "Institutions it was placed at in all"}
    )
    explanation = fields.Function(
        lambda row: row.explanation[language()], required=True, metadata=TEXT
    )

    def _institution(self, row: Explanation) -> str | None:
        found = row.institution
        return in_language(found.name_ko, found.name_en) if found else None


class PlaceAnswerSchema(Schema):
    """What a round did for a place: placed products first, then the others, each with its reason.

    Before the plan is published there are no items, and `stage_text` says where the round stands.
    """

    round_id = fields.UUID(required=True, attribute="round.id")
    round_code = fields.String(required=True, attribute="round.code")
    round_title = fields.Function(
        lambda answer: answer.round.titles[language()], required=True, metadata=TEXT
    )
    is_sample = fields.Boolean(required=True, attribute="round.is_sample")
    published = fields.Function(
        lambda answer: answer.stage is None, required=True, metadata={"type": "boolean"}
    )
    stage = fields.Nested(RoundStageSchema, required=True, attribute="round")
    stage_text = fields.Method("_stage_text", required=True, allow_none=True, metadata=TEXT)
    region = fields.Nested(AskedPlaceSchema, required=True)
    local_government = fields.Nested(AnsweringGovernmentSchema, required=True)
    institutions = fields.List(
        fields.Nested(InstitutionCountSchema),
        required=True,
        metadata={"description": "Registered institutions that could apply for the place"},
    )
    next_steps = fields.Function(
        lambda answer: answer.next_steps[language()], required=True, metadata=TEXT
    )
    summary = fields.Nested(PlaceSummarySchema, required=True)
    items = fields.List(fields.Nested(ExplanationSchema), required=True, attribute="page.items")
    next_cursor = fields.String(required=True, allow_none=True, attribute="page.next_cursor")

    def _stage_text(self, answer: Answer) -> str | None:
        return answer.stage[language()] if answer.stage else None
