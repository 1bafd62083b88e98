"""Owns what comparisons of policies look like from outside."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from backend.fairness.policies import NamedPolicy
from backend.fairness.report_schemas import NearnessSchema
from backend.fairness.schemas import TEXT
from backend.fairness.simulation import MOST_POLICIES, Comparison
from backend.fields import Text
from backend.rounds.schemas import PolicySchema
from backend.schemas import Schema
from backend.translations import language

MOST_SHIFTS = 500
"""Institutions that gain or lose which a comparison names, the greatest losses first."""


class NamedPolicySchema(PolicySchema):
    """Rules to be tried out; what is left out is the round's own."""

    name = Text(required=True, max_length=60, metadata={"example": "residence first"})
    without_seats = fields.List(
        fields.String(validate=validate.Length(min=1, max=50)),
        load_default=list,
        validate=validate.Length(max=20),
        metadata={"description": "Types of seats that are opened to all"},
    )

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> NamedPolicy:
        return NamedPolicy(data.pop("name"), without_seats=data.pop("without_seats"), given=data)


def _check_names(policies: list[NamedPolicy]) -> None:
    names = [policy.name for policy in policies]
    if len(set(names)) < len(names):
        raise ValidationError("Duplicate values.")


class SimulationCreateSchema(Schema):
    """Policies to be compared on the same inputs; the first is what the others are held against."""

    policies = fields.List(
        fields.Nested(NamedPolicySchema),
        required=True,
        validate=[validate.Length(min=1, max=MOST_POLICIES), _check_names],
    )
    seed = Text(
        max_length=200,
        load_default=None,
        metadata={"description": "Decides the lots; that of the round's run when left out"},
    )


class SimulatedAreaSchema(Schema):
    """Where the money of a budget area would go."""

    key = fields.String(required=True, attribute="id")
    budget_krw = fields.Integer(required=True)
    spent_krw = fields.Integer(required=True)
    remaining_krw = fields.Integer(required=True)


class SimulatedRegionSchema(Schema):
    """What would come to one region."""

    code = fields.String(required=True)
    full_name = fields.Function(lambda row: row.names[language()], required=True, metadata=TEXT)
    placements = fields.Integer(required=True, attribute="sums.placements")
    amount_krw = fields.Integer(required=True, attribute="sums.amount_krw")


class SimulatedRestSchema(Schema):
    """What would come to sites abroad or unknown."""

    placements = fields.Integer(required=True)
    amount_krw = fields.Integer(required=True)


class ShiftSchema(Schema):
    """An institution that fares differently, in places of its own ranking."""

    institution_id = fields.String(required=True)
    institution_name = fields.String(required=True)
    places = fields.Integer(
        required=True, metadata={"description": "Places better; negative: it loses so many"}
    )
    before = fields.List(
        fields.Integer(),
        required=True,
        metadata={"description": "Places in its ranking of what it gets by the first policy"},
    )
    after = fields.List(fields.Integer(), required=True)


class ShiftsSchema(Schema):
    """Who gains and who loses against the first policy."""

    gained = fields.Integer(required=True)
    lost = fields.Integer(required=True)
    places_gained = fields.Integer(required=True)
    places_lost = fields.Integer(required=True)
    institutions = fields.List(fields.Nested(ShiftSchema), required=True)
    truncated = fields.Boolean(
        required=True, metadata={"description": f"More than {MOST_SHIFTS} fare differently"}
    )


class SimulatedPolicySchema(Schema):
    """What one policy would do."""

    name = fields.String(required=True)
    changed = fields.List(fields.String(), required=True)
    placements = fields.Integer(required=True)
    served = fields.Integer(required=True)
    spent_krw = fields.Integer(required=True)
    remaining_krw = fields.Integer(required=True)
    areas = fields.List(fields.Nested(SimulatedAreaSchema), required=True)
    nearness = fields.Nested(NearnessSchema, required=True)
    sido = fields.List(fields.Nested(SimulatedRegionSchema), required=True)
    sigungu = fields.List(fields.Nested(SimulatedRegionSchema), required=True)
    elsewhere = fields.Nested(SimulatedRestSchema, required=True)
    against_first = fields.Nested(ShiftsSchema, required=True, allow_none=True)


class SimulationSchema(Schema):
    """Policies side by side; nothing of it is stored."""

    round_code = fields.String(required=True)
    basis = fields.String(
        required=True,
        metadata={
            "enum": ["run", "frozen", "current"],
            "description": "Inputs of the round's matching run, the frozen ones while there is"
            " none, or those of this moment",
        },
    )
    inputs_sha256 = fields.String(required=True)
    seed = fields.String(required=True)
    policies = fields.List(fields.Nested(SimulatedPolicySchema), required=True)


def describe(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as `SimulationSchema` writes it."""
    return {
        "round_code": comparison.round_code,
        "basis": comparison.basis,
        "inputs_sha256": comparison.inputs_sha256,
        "seed": comparison.seed,
        "policies": [
            {
                **{name: getattr(result, name) for name in _OF_RESULT},
                "against_first": _describe_shifts(comparison, result.shifts),
            }
            for result in comparison.results
        ],
    }


_OF_RESULT = (
    *("name", "changed", "placements", "served", "spent_krw", "remaining_krw", "areas"),
    *("nearness", "sido", "sigungu", "elsewhere"),
)


def _describe_shifts(comparison: Comparison, shifts: Any) -> Mapping[str, Any] | None:
    if shifts is None:
        return None
    gains = [shift.places for shift in shifts if shift.places > 0]
    losses = [-shift.places for shift in shifts if shift.places < 0]
    return {
        "gained": len(gains),
        "lost": len(losses),
        "places_gained": sum(gains),
        "places_lost": sum(losses),
        "institutions": [
            {
                "institution_id": shift.institution,
                "institution_name": comparison.institutions[shift.institution].get(
                    language(), shift.institution
                ),
                "places": shift.places,
                "before": shift.before,
                "after": shift.after,
            }
            for shift in shifts[:MOST_SHIFTS]
        ],
        "truncated": len(shifts) > MOST_SHIFTS,
    }
