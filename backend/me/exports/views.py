"""Exports over HTTP: ask, see how far it is, get a link, and download by it once."""

from typing import Any
from uuid import UUID

from flask import Response, request

from backend import clock
from backend.auth.guards import current_account_id, public, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.files.place import current_storage
from backend.idempotency import not_kept
from backend.me.exports import queries, schemas, service
from backend.openapi import URL_PREFIX, Blueprint
from backend.schemas import PageQuerySchema, page_of, with_next_link

blp = Blueprint("exports", __name__, url_prefix=URL_PREFIX, description="One's own data as a file")

MEDIA_TYPE = "application/zip"


@blp.post("/me/exports")
@requires(Permission.Me.EXPORT)
@blp.response(202, schemas.ExportSchema)
def request_export() -> Any:
    """Have everything that is stored about oneself written into an archive; a notice follows."""
    with unit_of_work() as session:
        return service.request_export(session, account_id=current_account_id(), now=clock.now())


@blp.get("/me/exports")
@requires(Permission.Me.EXPORT)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_of(schemas.ExportSchema))
def list_exports(query: dict[str, Any]) -> Any:
    """List one's exports, the newest first."""
    page = queries.list_exports(db.session(), account_id=current_account_id(), **query)
    return with_next_link(page)


@blp.get("/me/exports/<uuid:export_id>")
@requires(Permission.Me.EXPORT)
@blp.response(200, schemas.ExportSchema)
def show_export(export_id: UUID) -> Any:
    """Show how far an export is."""
    return queries.get_export(db.session(), account_id=current_account_id(), export_id=export_id)


@blp.post("/me/exports/<uuid:export_id>/link")
@not_kept
@requires(Permission.Me.EXPORT)
@blp.response(201, schemas.ExportLinkSchema)
def make_link(export_id: UUID) -> Any:
    """Get a link to an archive, good once and for ten minutes; the one before ends."""
    with unit_of_work() as session:
        return service.make_link(
            session, account_id=current_account_id(), export_id=export_id, now=clock.now()
        )


@blp.get("/export-downloads/<string:token>")
@public
@blp.response(200, {"type": "string", "format": "binary"}, content_type=MEDIA_TYPE)
def download_export(token: str) -> Response:
    """Download an archive; the link is used up by it, and by nothing else (HEAD leaves it)."""
    with unit_of_work() as session:
        download = service.open_download(
            session,
            current_storage(),
            token=token,
            is_taken=request.method == "GET",
            now=clock.now(),
        )
    return answer_archive(download)


def answer_archive(download: service.Download) -> Response:
    """Return an archive as an answer that nobody keeps."""
    response = Response(download.pieces, mimetype=MEDIA_TYPE)
    name = f"dongne-{download.made_at:%Y%m%d}.zip"
    response.headers["Content-Length"] = str(download.size_bytes)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
