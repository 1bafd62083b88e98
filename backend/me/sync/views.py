"""Changes over HTTP: one address, asked again and again."""

from typing import Any

from backend.auth.guards import current_account_id, requires
from backend.auth.permissions import Permission
from backend.db import db
from backend.me.sync import schemas, service
from backend.openapi import URL_PREFIX, Blueprint
from backend.openapi_errors import may_be_gone

blp = Blueprint("me", __name__, url_prefix=URL_PREFIX, description="One's own things everywhere")


@blp.get("/sync")
@requires(Permission.Me.READ)
@may_be_gone("The token is too old: start anew, without `since`")
@blp.arguments(schemas.SyncQuerySchema, location="query")
@blp.response(200, schemas.SyncSchema)
def list_changes(query: dict[str, Any]) -> Any:
    """List what changed for oneself since the last time, what is gone included."""
    return service.list_changes(db.session(), account_id=current_account_id(), **query)
