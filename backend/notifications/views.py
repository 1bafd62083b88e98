"""Notices over HTTP: one's own list, and marking them read."""

from typing import Any
from uuid import UUID

from backend import clock
from backend.auth.guards import current_account_id, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.notifications import schemas, service
from backend.openapi import URL_PREFIX, Blueprint
from backend.schemas import page_of, with_next_link

blp = Blueprint("notifications", __name__, url_prefix=URL_PREFIX, description="What one was told")


@blp.get("/me/notices")
@requires(Permission.Me.READ)
@blp.arguments(schemas.NoticeQuerySchema, location="query")
@blp.response(200, page_of(schemas.NoticeSchema))
def list_notices(query: dict[str, Any]) -> Any:
    """List one's own notices, newest first."""
    page = service.list_notices(db.session(), recipient_id=current_account_id(), **query)
    return with_next_link(page)


@blp.get("/me/notices/unread-count")
@requires(Permission.Me.READ)
@blp.response(200, schemas.UnreadCountSchema)
def count_unread_notices() -> Any:
    """Count what one has not read, no further than a badge shows."""
    return service.count_unread(db.session(), recipient_id=current_account_id())


@blp.post("/me/notices/read")
@requires(Permission.Me.READ)
@blp.arguments(schemas.ReadUpToSchema)
@blp.response(200, schemas.UnreadCountSchema)
def mark_notices_read(payload: dict[str, Any]) -> Any:
    """Mark a notice and all before it as read; what came since stays unread."""
    with unit_of_work() as session:
        return service.mark_all_read(
            session, recipient_id=current_account_id(), **payload, now=clock.now()
        )


@blp.post("/me/notices/<uuid:notice_id>/reading")
@requires(Permission.Me.READ)
@blp.response(200, schemas.NoticeSchema)
def mark_notice_read(notice_id: UUID) -> Any:
    """Mark one of one's own notices as read."""
    with unit_of_work() as session:
        return service.mark_read(
            session, recipient_id=current_account_id(), notice_id=notice_id, now=clock.now()
        )
