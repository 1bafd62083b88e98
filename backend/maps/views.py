"""Maps over HTTP: features, statistics and stories, all for everybody and all bounded."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from werkzeug import Response

from backend import clock
from backend.auth.guards import public
from backend.db import db, read_connection, read_snapshot
from backend.maps import queries, schemas, statistics, stories, story_schemas
from backend.maps.answers import GEOJSON, answer
from backend.openapi import URL_PREFIX, Blueprint
from backend.openapi_errors import may_be_gone
from backend.proposals.views import MERGED

blp = Blueprint(
    "maps", __name__, url_prefix=f"{URL_PREFIX}/maps", description="What the public map shows"
)


@blp.get("/proposals")
@public
@blp.arguments(schemas.ProposalFeatureQuerySchema, location="query")
@blp.response(200, schemas.ProposalCollectionSchema, content_type=GEOJSON)
def list_proposal_features(query: dict[str, Any]) -> Response:
    """List proposals as GeoJSON, at their rounded public points."""
    with read_connection() as connection:
        found = queries.list_proposals(connection, queries.Filter(**query))
    return answer(schemas.ProposalCollectionSchema(), found, GEOJSON)


@blp.get("/placements")
@public
@blp.arguments(schemas.PlacementFeatureQuerySchema, location="query")
@blp.response(200, schemas.PlacementCollectionSchema, content_type=GEOJSON)
def list_placement_features(query: dict[str, Any]) -> Response:
    """List placements as GeoJSON, at the sites of their institutions."""
    with read_connection() as connection:
        found = queries.list_placements(connection, queries.Filter(**query))
    return answer(schemas.PlacementCollectionSchema(), found, GEOJSON)


@blp.get("/statistics")
@public
@blp.arguments(schemas.StatisticsQuerySchema, location="query")
@blp.response(200, schemas.StatisticsSchema)
def show_statistics(query: dict[str, Any]) -> Response:
    """Count placements, money and proposals in every sido or sigungu, or the emd of one region."""
    with read_snapshot() as connection:
        found = statistics.compute_statistics(connection, **query, now=_this_minute())
    return answer(schemas.StatisticsSchema(), found)


@blp.get("/statistics/rows")
@public
@blp.arguments(schemas.StatisticsRowsQuerySchema, location="query")
@blp.response(200, schemas.StatisticsRowsSchema)
def list_statistics_rows(query: dict[str, Any]) -> Response:
    """Count for the colours of a map: ids and numbers only, of regions that have any."""
    with read_connection() as connection:
        found = statistics.compute_rows(connection, **query, now=_this_minute())
    return answer(schemas.StatisticsRowsSchema(), found)


@blp.get("/placements/<uuid:placement_id>")
@public
@blp.response(200, story_schemas.PlacementStorySchema)
def show_placement_story(placement_id: UUID) -> Response:
    """Tell one placement: product, institution, proposals, and why it went there."""
    story = stories.tell_placement(db.session(), placement_id)
    return answer(story_schemas.PlacementStorySchema(), story)


@blp.get("/proposals/<uuid:proposal_id>")
@public
@may_be_gone(MERGED)
@blp.response(200, story_schemas.ProposalStorySchema)
def show_proposal_story(proposal_id: UUID) -> Response:
    """Tell one proposal and what came of it."""
    story = stories.tell_proposal(db.session(), proposal_id)
    return answer(story_schemas.ProposalStorySchema(), story)


@blp.get("/regions/<code>")
@public
@blp.response(200, story_schemas.RegionStorySchema)
def show_region_story(code: str) -> Response:
    """Tell one region: how much there is in it, its proposals, its placements with reasons."""
    with read_snapshot() as connection, Session(connection) as session:
        story = stories.tell_region(session, code, now=_this_minute())
        return answer(story_schemas.RegionStorySchema(), story)


def _this_minute() -> datetime:
    """Return the time to the minute, so that an unchanged answer keeps its bytes for a while."""
    return clock.now().replace(second=0, microsecond=0)
