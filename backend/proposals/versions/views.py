"""Versions over HTTP: what a proposal said before, and what has changed."""

from typing import Any
from uuid import UUID

from backend.auth.guards import requires
from backend.auth.permissions import Permission
from backend.db import db
from backend.openapi import URL_PREFIX, Blueprint
from backend.proposals.versions import queries, schemas, service
from backend.proposals.views import visible_proposal
from backend.schemas import PageQuerySchema, page_of, with_next_link

blp = Blueprint(
    "versions", __name__, url_prefix=URL_PREFIX, description="What proposals said before"
)

NUMBER = f"<int(min=1, max={schemas.LAST_NUMBER}):number>"


@blp.get("/proposals/<uuid:proposal_id>/versions")
@requires(Permission.Proposal.READ, subject=visible_proposal)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_of(schemas.VersionSummarySchema))
def list_versions(query: dict[str, Any], proposal_id: UUID) -> Any:
    """List a proposal's versions, oldest first; a draft has none."""
    return with_next_link(queries.list_versions(db.session(), proposal_id=proposal_id, **query))


@blp.get(f"/proposals/<uuid:proposal_id>/versions/{NUMBER}")
@requires(Permission.Proposal.READ, subject=lambda proposal_id, **_: visible_proposal(proposal_id))
@blp.response(200, schemas.VersionSchema)
def show_version(proposal_id: UUID, number: int) -> Any:
    """Show what a proposal said in one version."""
    return queries.get_version(db.session(), proposal_id=proposal_id, number=number)


@blp.get("/proposals/<uuid:proposal_id>/difference")
@requires(Permission.Proposal.READ, subject=visible_proposal)
@blp.arguments(schemas.VersionDifferenceQuerySchema, location="query")
@blp.response(200, schemas.VersionDifferenceSchema)
def show_version_difference(query: dict[str, Any], proposal_id: UUID) -> Any:
    """Show what changed between two versions, word by word, as runs to be put together."""
    return service.compare_versions(db.session(), proposal_id=proposal_id, **query)
