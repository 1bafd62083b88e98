"""Owns what the fairness report looks like as JSON, in the reader's language."""

from typing import Any

from marshmallow import fields, validate

from backend.fairness.labels import type_name
from backend.fairness.models import KINDS
from backend.fairness.report import Report
from backend.fairness.schemas import TEXT, in_language
from backend.fairness.sums import NOTHING, Nearness
from backend.fairness.words import TITLES
from backend.fields import Instant
from backend.regions.schemas import GenerationSchema
from backend.schemas import Schema
from backend.translations import language

WHOLE = {"type": "integer"}

_RATE = {"description": "Placements per 100,000 of the people that `population.kind` names"}


class TableQuerySchema(Schema):
    """Which table of the report is asked for."""

    table = fields.String(
        load_default=None,
        validate=validate.OneOf(list(TITLES)),
        metadata={"description": "One table as it is; without, all as rows of measures"},
    )


class ReportTotalsSchema(Schema):
    """The round in numbers."""

    budget_krw = fields.Integer(required=True)
    spent_krw = fields.Integer(
        required=True, metadata={"description": "Placements that nobody claimed included"}
    )
    remaining_krw = fields.Integer(required=True)
    placements = fields.Integer(required=True)
    applications = fields.Integer(required=True)
    applicants = fields.Integer(required=True)
    served = fields.Integer(required=True)
    products_offered = fields.Integer(required=True)
    products_placed = fields.Integer(required=True)


class ReportAreaSchema(Schema):
    """Where the money of a budget area went."""

    key = fields.String(required=True)
    name = fields.Function(lambda area: area.names[language()], required=True, metadata=TEXT)
    budget_krw = fields.Integer(required=True)
    preassigned_krw = fields.Integer(required=True)
    spent_krw = fields.Integer(required=True)
    remaining_krw = fields.Integer(required=True)
    placements = fields.Integer(required=True)


class ReportSumsSchema(Schema):
    """What there is of something."""

    placements = fields.Integer(required=True)
    amount_krw = fields.Integer(required=True)
    applications = fields.Integer(required=True)


class ReportRegionSchema(Schema):
    """What came to one region."""

    code = fields.String(required=True, attribute="region.code")
    full_name = fields.Function(
        lambda line: in_language(line.region.full_name, line.region.full_name_en),
        required=True,
        metadata=TEXT,
    )
    placements = fields.Integer(required=True, attribute="sums.placements")
    amount_krw = fields.Integer(required=True, attribute="sums.amount_krw")
    applications = fields.Integer(required=True, attribute="sums.applications")
    people = fields.Integer(required=True, allow_none=True)
    per_100k = fields.Float(required=True, allow_none=True, metadata=_RATE)


class PopulationSchema(Schema):
    """Whom the rates count."""

    kind = fields.String(required=True, metadata={"enum": list(KINDS)})
    as_of = fields.Date(required=True)
    source = fields.String(required=True)


class ReportTypeSchema(Schema):
    """What came to one type of institution: a pair of the type and its sums."""

    type = fields.Function(lambda line: line[0], required=True, metadata=TEXT)
    name = fields.Function(
        lambda line: type_name(line[0], language()), required=True, metadata=TEXT
    )
    placements = fields.Function(lambda line: line[1].placements, required=True, metadata=WHOLE)
    amount_krw = fields.Function(lambda line: line[1].amount_krw, required=True, metadata=WHOLE)
    applications = fields.Function(lambda line: line[1].applications, required=True, metadata=WHOLE)


class ReportSettlementsSchema(Schema):
    """What came to dong, to eup and myeon, and to sites abroad or unknown."""

    urban = fields.Nested(ReportSumsSchema, required=True)
    rural = fields.Nested(ReportSumsSchema, required=True)
    elsewhere = fields.Nested(ReportSumsSchema, required=True)


class ConcentrationSchema(Schema):
    """How much of the money a few institutions hold."""

    institutions = fields.Integer(required=True)
    largest = fields.String(
        required=True, allow_none=True, metadata={"description": "Id of the institution"}
    )
    largest_amount_krw = fields.Integer(required=True)
    largest_share = fields.Float(required=True, allow_none=True)
    hhi = fields.Integer(
        required=True, allow_none=True, metadata={"description": "10,000 when one holds all"}
    )


class NearnessSchema(Schema):
    """Requests for products that answer a proposal, by nearness to the proposer's home."""

    total = fields.Integer(required=True)
    tiers = fields.List(
        fields.Integer(),
        required=True,
        metadata={"description": "Same neighbourhood, same local government, same sido, elsewhere"},
    )
    in_neighbourhood = fields.Float(required=True, allow_none=True)
    in_local_government = fields.Float(required=True, allow_none=True)
    in_sido = fields.Float(required=True, allow_none=True)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Return a share within a tier, or a part of the record."""
        names = ("in_neighbourhood", "in_local_government", "in_sido")
        if attr in names:
            nearness: Nearness = obj
            return nearness.share_within(names.index(attr))
        return super().get_attribute(obj, attr, default)


class ResidenceKeptSchema(Schema):
    """Whether the preference for the proposer's neighbourhood was kept."""

    placed = fields.Nested(NearnessSchema, required=True)
    without_residence_seats = fields.Nested(
        NearnessSchema,
        required=True,
        allow_none=True,
        metadata={"description": "The same inputs and lots with every seat open to all"},
    )
    asked = fields.Nested(NearnessSchema, required=True)


class NearMissSchema(Schema):
    """An application that missed a placement by little."""

    institution_id = fields.String(required=True, attribute="miss.institution")
    institution_name = fields.Function(
        lambda row: row.institution[language()], required=True, metadata=TEXT
    )
    offer_id = fields.String(required=True, attribute="miss.product")
    product_name = fields.Function(
        lambda row: row.product[language()], required=True, metadata=TEXT
    )
    kind = fields.String(
        required=True,
        attribute="miss.kind",
        metadata={"enum": ["step", "lot"], "description": "One step of one key, or the lot alone"},
    )
    seat = fields.String(required=True, attribute="miss.seat")
    key = fields.String(required=True, attribute="miss.key")
    applicant = fields.Integer(required=True, allow_none=True, attribute="miss.applicant")
    holder = fields.Integer(required=True, allow_none=True, attribute="miss.holder")


class FairnessReportSchema(Schema):
    """Who got what of a published round; money is whole won, shares lie between 0 and 1."""

    round_id = fields.UUID(required=True, attribute="round.id")
    round_code = fields.String(required=True, attribute="round.code")
    round_title = fields.Function(
        lambda report: report.round.titles[language()], required=True, metadata=TEXT
    )
    is_sample = fields.Boolean(required=True, attribute="round.is_sample")
    run_id = fields.UUID(required=True, attribute="run.id")
    inputs_sha256 = fields.String(required=True, attribute="run.inputs_sha256")
    published_at = Instant(required=True, attribute="run.published_at")
    generation = fields.Nested(GenerationSchema, required=True)
    population = fields.Nested(PopulationSchema, required=True, allow_none=True)
    totals = fields.Nested(ReportTotalsSchema, required=True)
    areas = fields.List(fields.Nested(ReportAreaSchema), required=True)
    residence = fields.Nested(ResidenceKeptSchema, required=True)
    sido = fields.List(fields.Nested(ReportRegionSchema), required=True)
    sigungu = fields.List(fields.Nested(ReportRegionSchema), required=True)
    elsewhere = fields.Nested(ReportSumsSchema, required=True)
    settlements = fields.Nested(ReportSettlementsSchema, required=True)
    types = fields.List(fields.Nested(ReportTypeSchema), required=True)
    concentration = fields.Nested(ConcentrationSchema, required=True)
    largest_name = fields.Function(
        lambda report: report.largest[language()] if report.largest else None,
        required=True,
        allow_none=True,
        metadata={**TEXT, "description": "Institution that holds most money"},
    )
    near_misses = fields.List(fields.Nested(NearMissSchema), required=True)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Return a part of the report, put together as its schema has it."""
        report: Report = obj
        match attr:
            case "residence":
                return {
                    "placed": report.nearness,
                    "without_residence_seats": report.without_residence,
                    "asked": report.nearness_asked,
                }
            case "settlements":
                found = report.settlements
                return {
                    "urban": found.get(False, NOTHING),
                    "rural": found.get(True, NOTHING),
                    "elsewhere": found.get(None, NOTHING),
                }
            case "types":
                return sorted(report.types.items())
        return super().get_attribute(obj, attr, default)
