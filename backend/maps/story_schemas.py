"""Owns what stories look like from outside, in the reader's language."""

from typing import Any

from marshmallow import fields

from backend.fields import Instant
from backend.maps.schemas import (
    CountsSchema,
    PlacementCollectionSchema,
    PlacementFeatureSchema,
    ProposalCollectionSchema,
    ProposalFactsSchema,
    ProposalFeatureSchema,
    in_language,
)
from backend.maps.stories import PlacementStory, RegionStory
from backend.regions.schemas import GenerationSchema
from backend.schemas import Schema
from backend.translations import language
from geo import geojson

TIER_WORDS = {
    "ko": (
        "제안자가 사는 동네",
        "제안자와 같은 지방자치단체",
        "제안자와 같은 시·도",
        "그 밖의 지역",
    ),
    "en": (
        "the proposer's neighbourhood",
        "the proposer's local government",
        "the proposer's sido",
        "elsewhere",
    ),
}
"""Residence tiers in words; 4 of them, the nearest first."""

_TEXT = {"type": "string"}


class StoryProductSchema(Schema):
    """The product of a story."""

    id = fields.UUID(required=True)
    name = fields.Function(
        lambda row: in_language(row.name_ko, row.name_en), required=True, metadata=_TEXT
    )
    summary = fields.String(required=True)
    category = fields.String(required=True)
    is_sample = fields.Boolean(required=True)


class StoryRoundSchema(Schema):
    """The round of a story."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    title = fields.Function(
        lambda row: in_language(row.title_ko, row.title_en), required=True, metadata=_TEXT
    )
    programme_year = fields.Integer(required=True)
    is_sample = fields.Boolean(required=True)
    published_at = Instant(required=True)


class StoryPlanSchema(Schema):
    """What somebody needs to compute the same plan again."""

    run_id = fields.UUID(required=True, attribute="id")
    engine = fields.String(required=True)
    seed = fields.String(required=True)
    inputs_sha256 = fields.String(required=True)


class PlacementStorySchema(Schema):
    """One placement: which product, where, for which proposals, and why there."""

    placement = fields.Nested(PlacementFeatureSchema, required=True)
    product = fields.Nested(StoryProductSchema, required=True)
    round = fields.Nested(StoryRoundSchema, required=True, attribute="run.round")
    plan = fields.Nested(StoryPlanSchema, required=True, attribute="run")
    proposals = fields.List(fields.Nested(ProposalFeatureSchema), required=True)
    residence_words = fields.Method("tier_of", required=True, allow_none=True, metadata=_TEXT)
    explanation = fields.Function(
        lambda story: story.explanation[language()], required=True, metadata=_TEXT
    )

    def tier_of(self, story: PlacementStory) -> str | None:
        """Return how near to the proposer's home it is, in words."""
        tier = story.placement.residence_tier
        return None if tier is None else TIER_WORDS[language()][tier]


class ProposalTextSchema(ProposalFactsSchema):
    """A proposal with its text, as everybody may read it."""

    problem = fields.String(required=True)
    idea = fields.String(required=True, allow_none=True)
    local_government_name = fields.String(required=True)
    decided_at = Instant(required=True, allow_none=True)


class StoryProposalSchema(ProposalFeatureSchema):
    """The proposal of a story."""

    properties = fields.Nested(ProposalTextSchema, required=True)


class ProposalStorySchema(Schema):
    """One proposal, and the placements of the products that answer it."""

    proposal = fields.Nested(StoryProposalSchema, required=True)
    placements = fields.Nested(PlacementCollectionSchema, required=True)


class ExplainedPlacementSchema(Schema):
    """A placement with its reason."""

    placement = fields.Nested(PlacementFeatureSchema, required=True)
    explanation = fields.Function(
        lambda row: row.explanation[language()], required=True, metadata=_TEXT
    )


class StoryRegionSchema(Schema):
    """The region of a story."""

    code = fields.String(required=True)
    level = fields.String(required=True, attribute="level_name")
    name = fields.String(required=True)
    full_name = fields.String(required=True)
    provenance = fields.String(required=True)


class RegionStorySchema(Schema):
    """A region: what there is in it, and the newest of that with its reasons."""

    region = fields.Nested(StoryRegionSchema, required=True)
    label_point = fields.Method("point_of", required=True, metadata={"type": "object"})
    local_government_name = fields.String(required=True, attribute="local_government.full_name")
    generation = fields.Nested(GenerationSchema, required=True)
    as_of = Instant(required=True)
    counts = fields.Nested(CountsSchema, required=True)
    placements = fields.List(fields.Nested(ExplainedPlacementSchema), required=True)
    placements_truncated = fields.Boolean(required=True)
    proposals = fields.Nested(ProposalCollectionSchema, required=True)

    def point_of(self, story: RegionStory) -> dict[str, Any]:
        """Return the point inside the region where its name goes."""
        return geojson.point(story.region.lon, story.region.lat)
