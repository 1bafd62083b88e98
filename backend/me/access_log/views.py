"""The access log over HTTP: who looked at what one told in confidence."""

from typing import Any

from backend.auth.guards import current_account_id, requires
from backend.auth.permissions import Permission
from backend.db import db
from backend.me.access_log import queries, schemas
from backend.openapi import URL_PREFIX, Blueprint
from backend.schemas import PageQuerySchema, page_of, with_next_link

blp = Blueprint("access_log", __name__, url_prefix=URL_PREFIX, description="Who looked")


@blp.get("/me/access-log")
@requires(Permission.Me.READ)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_of(schemas.LookSchema))
def list_looks(query: dict[str, Any]) -> Any:
    """List which offices saw one's exact points and residence, when and for which task."""
    page = queries.list_looks(db.session(), account_id=current_account_id(), **query)
    return with_next_link(page)
