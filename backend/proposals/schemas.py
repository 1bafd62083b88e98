"""Owns what proposals look like from outside: to everybody, and to their author.

What a competent reviewer sees is `backend.reviews.schemas`, which builds on these.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from backend.fields import Flag, Instant, RegionCode, Text
from backend.proposals.categories import CATEGORIES
from backend.proposals.filters import Wanted
from backend.proposals.photos.schemas import PhotoSchema
from backend.proposals.place_schemas import (
    BorderCheckSchema,
    ExactPointSchema,
    PointSchema,
    PublicPlaceSchema,
    ResidenceSnapshotSchema,
)
from backend.proposals.states import TRANSITIONS
from backend.query_fields import BboxField, CircleField, OneOrMore
from backend.schemas import PageQuerySchema, Schema

TITLE_LENGTH = 100
TEXT_LENGTH = 5000
"""Most characters of the problem, and of the idea."""

LOCAL_GOVERNMENT_CODE = validate.Regexp(
    r"[0-9]{2}([0-9]{3})?\Z", error="Not a code of a local government."
)
UNLISTED = frozenset({"draft", "merged"})
"""States that the public list cannot be asked for."""

EARLIEST, LATEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
CATEGORY = validate.OneOf([category.code for category in CATEGORIES])


class CategorySchema(Schema):
    """A field of life that proposals, products and priorities are filed under."""

    code = fields.String(required=True)
    ko = fields.String(required=True)
    en = fields.String(required=True)


class CategoryListSchema(Schema):
    """All categories, in the order in which forms show them."""

    items = fields.List(fields.Nested(CategorySchema), required=True)


class _ProposalFields(Schema):
    """What an author writes."""

    category = fields.String(validate=CATEGORY, metadata={"example": "safety"})
    title = Text(max_length=TITLE_LENGTH)
    problem = Text(max_length=TEXT_LENGTH, metadata={"description": "What is wrong, and for whom"})
    idea = Text(
        max_length=TEXT_LENGTH,
        allow_none=True,
        metadata={"description": "A product that might help"},
    )
    neighbourhood_public = Flag(
        metadata={
            "description": (
                "Consent: if a product comes of it, the author's neighbourhood (동), never the"
                " address, becomes public"
            )
        }
    )
    anonymous = Flag(
        metadata={
            "description": (
                "Show no author's name to the public; can be chosen at any time, and taken back"
                " only before the submission"
            )
        }
    )
    location = fields.Nested(PointSchema, metadata={"description": "In place of region_code"})
    region_code = RegionCode(metadata={"description": "An emd, in place of location"})

    @validates_schema
    def _one_place(self, data: Mapping[str, Any], **_: Any) -> None:
        if "location" in data and "region_code" in data:
            raise ValidationError("Give location or region_code, not both.", "region_code")


class ProposalCreateSchema(_ProposalFields):
    """A draft; only its category and title are needed at once."""

    id = fields.UUID(metadata={"description": "UUID (version 7) of the client's choice"})
    category = fields.String(required=True, validate=CATEGORY, metadata={"example": "safety"})
    title = Text(required=True, max_length=TITLE_LENGTH)


class ProposalUpdateSchema(_ProposalFields):
    """What is to change; what is absent stays."""


class ProposalQuerySchema(PageQuerySchema):
    """Which proposals are asked for."""

    status = OneOrMore(
        [state for state in TRANSITIONS if state not in UNLISTED],
        data_key="status",
        attribute="statuses",
        metadata={"description": "One or several, with commas", "example": "submitted,adopted"},
    )
    category = OneOrMore(
        [category.code for category in CATEGORIES],
        data_key="category",
        attribute="categories",
        metadata={"description": "One or several, with commas", "example": "safety,traffic"},
    )
    bbox = BboxField(
        metadata={"description": "west,south,east,north in degrees, of the rounded point"}
    )
    near = CircleField(
        attribute="circle",
        metadata={
            "description": "lon,lat,radius_m: around a position, by the rounded point",
            "example": "126.9779,37.5663,1000",
        },
    )
    submitted_from = Instant(metadata={"description": "First submitted then or later"})
    submitted_to = Instant(metadata={"description": "First submitted before then"})
    region_code = RegionCode(metadata={"description": "A region with everything in it"})
    local_government_code = fields.String(
        validate=LOCAL_GOVERNMENT_CODE, metadata={"example": "11140"}
    )
    q = Text(max_length=100, metadata={"description": "Words in the title or the problem"})

    @validates_schema
    def _begins_before_it_ends(self, data: Mapping[str, Any], **_: Any) -> None:
        if data.get("submitted_from", EARLIEST) >= data.get("submitted_to", LATEST):
            raise ValidationError("Ends before it begins.", "submitted_to")

    @post_load
    def _gather(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        page = {name: data.pop(name) for name in ("limit", "after")}
        return {"wanted": Wanted(**data), **page}


class PersonNameSchema(Schema):
    """A person, by the name of their own choice."""

    display_name = fields.String(required=True)


class MergedProposalSchema(Schema):
    """A proposal that is a part of another one; its author proposed that together with others."""

    id = fields.UUID(required=True)
    title = fields.String(required=True)
    submitted_at = Instant(required=True)
    merged_at = Instant(required=True)
    proposer = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Name that its author chose to be known by; null: none"},
    )


class NamelessProposalSchema(Schema):
    """A proposal without who wrote it, as its reviewers judge it: no exact point either."""

    id = fields.UUID(required=True)
    category = fields.String(required=True)
    title = fields.String(required=True)
    problem = fields.String(required=True, allow_none=True)
    idea = fields.String(required=True, allow_none=True)
    status = fields.String(required=True)
    place = fields.Nested(
        PublicPlaceSchema, attribute="public_place", required=True, allow_none=True
    )
    submitted_at = Instant(required=True, allow_none=True)
    decided_at = Instant(required=True, allow_none=True)
    withdrawn_at = Instant(required=True, allow_none=True)
    merged_at = Instant(required=True, allow_none=True)
    merged_into = fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "What stands for it; only its author and the office read this"},
    )
    merged_proposals = fields.List(
        fields.Nested(MergedProposalSchema),
        required=True,
        metadata={"description": "Received later and merged into this one, with their authors"},
    )
    endorsement_count = fields.Integer(required=True)
    photos = fields.List(fields.Nested(PhotoSchema), required=True)
    is_synthetic = fields.Boolean(required=True)


class PublicProposalSchema(NamelessProposalSchema):
    """A proposal as everybody may see it: of its authors the names alone, no exact point."""

    author = fields.Nested(
        PersonNameSchema,
        required=True,
        allow_none=True,
        metadata={"description": "null where the proposal is anonymous"},
    )
    co_authors = fields.List(
        fields.Nested(PersonNameSchema),
        attribute="credited_co_authors",
        required=True,
        metadata={"description": "In the order in which they joined; empty where anonymous"},
    )


class ProposalSchema(PublicProposalSchema):
    """A proposal as its authors see it."""

    point = fields.Nested(ExactPointSchema, attribute="exact_point", required=True, allow_none=True)
    border = fields.Nested(BorderCheckSchema, attribute="border_check", required=True)
    residence = fields.Nested(
        ResidenceSnapshotSchema,
        required=True,
        allow_none=True,
        metadata={"description": "The first author's, who alone sees it; null for a co-author"},
    )
    neighbourhood_public = fields.Boolean(required=True)
    anonymous = fields.Boolean(required=True)
    review_started_at = Instant(
        required=True,
        allow_none=True,
        metadata={"description": "From then on it is changed only when the reviewers ask for it"},
    )
    created_at = Instant(required=True)
    updated_at = Instant(required=True)


class CheckSchema(Schema):
    """Something that is missing or doubtful before a submission."""

    code = fields.String(required=True, metadata={"example": "problem_short"})
    ko = fields.String(required=True)
    en = fields.String(required=True)
    blocking = fields.Boolean(
        required=True, metadata={"description": "A submission is refused until this is mended"}
    )
    field = fields.String(
        required=True, allow_none=True, metadata={"description": "What of the proposal it is about"}
    )


class ChecksSchema(Schema):
    """All that is missing or doubtful, what stops a submission first."""

    items = fields.List(fields.Nested(CheckSchema), required=True)


class ProposalEventSchema(Schema):
    """Something that happened to a proposal; who acted is not shown."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    data = fields.Dict(required=True)
    occurred_at = Instant(required=True)


class BackingSchema(Schema):
    """Whether the caller backs a proposal, and how many do."""

    endorsed = fields.Boolean(required=True)
    endorsement_count = fields.Integer(required=True)
