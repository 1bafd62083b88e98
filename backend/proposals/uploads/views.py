"""Uploads over HTTP: announcing a photo, sending its chunks, completing or abandoning it."""

from typing import Any
from uuid import UUID

from flask import request

from backend import clock
from backend.auth.guards import current_account_id, current_identity, requires
from backend.auth.permissions import Permission
from backend.auth.policy import permits
from backend.db import db, unit_of_work
from backend.errors import PermissionDenied
from backend.files.place import current_storage
from backend.openapi import URL_PREFIX, Blueprint
from backend.openapi_errors import may_be_gone
from backend.proposals.models import Proposal
from backend.proposals.photos.schemas import PhotoSchema
from backend.proposals.uploads import queries, schemas, service
from backend.proposals.uploads.models import Upload
from backend.proposals.views import MERGED, visible_proposal

blp = Blueprint("uploads", __name__, url_prefix=URL_PREFIX, description="Photos in chunks")

UPLOAD = "/uploads/<uuid:upload_id>"
CHUNK = {
    "description": "The next bytes; none at all change nothing",
    "required": False,
    "content": {
        "application/offset+octet-stream": {"schema": {"type": "string", "format": "binary"}}
    },
}


def own_upload(upload_id: UUID) -> Upload:
    """Return one's own upload; nobody learns of another's.

    :raises UploadNotFound: when there is none, or it is somebody else's.
    """
    upload = queries.get_upload(db.session(), upload_id, now=clock.now())
    if not permits(current_identity(), Permission.Upload.SEND, upload):
        raise queries.UploadNotFound
    return upload


def editable_proposal(proposal_id: UUID) -> Proposal:
    """Return the proposal that a photo is for, if the caller may change it.

    :raises ProposalNotFound: when there is none, or the caller may not know that there is.
    :raises PermissionDenied: when it is somebody else's.
    """
    proposal = visible_proposal(proposal_id)
    if not permits(current_identity(), Permission.Proposal.EDIT, proposal):
        raise PermissionDenied
    return proposal


def with_offset(upload: Upload) -> tuple[Upload, dict[str, str]]:
    """Return an upload with the headers that HEAD tells it by, as tus names them."""
    return upload, {
        "Upload-Offset": str(upload.received_bytes),
        "Upload-Length": str(upload.size_bytes),
        "Cache-Control": "no-store",
    }


@blp.post("/uploads")
@requires(Permission.Proposal.CREATE)
@may_be_gone(MERGED)
@blp.arguments(schemas.UploadCreateSchema)
@blp.response(201, schemas.UploadSchema)
@blp.alt_response(200, schema=schemas.UploadSchema, description="The upload that is there")
def begin_upload(payload: dict[str, Any]) -> Any:
    """Announce a photo that will arrive in chunks; the same id again answers how far it is."""
    editable_proposal(payload["proposal_id"])
    del payload["content_type"]
    with unit_of_work() as session:
        upload, is_new = service.begin_upload(
            session, account_id=current_account_id(), **payload, now=clock.now()
        )
    return upload, 201 if is_new else 200


@blp.get(UPLOAD)
@requires(Permission.Upload.SEND, subject=own_upload)
@blp.response(200, schemas.UploadSchema)
def show_upload(upload_id: UUID) -> Any:
    """Say how far a photo has arrived; HEAD says it in `Upload-Offset`."""
    return with_offset(own_upload(upload_id))


@blp.patch(UPLOAD)
@requires(Permission.Upload.SEND, subject=own_upload)
@blp.arguments(schemas.ChunkHeadersSchema, location="headers")
@blp.response(200, schemas.UploadSchema)
@blp.doc(requestBody=CHUNK)
def append_chunk(headers: dict[str, Any], upload_id: UUID) -> Any:
    """Send the next bytes of a photo; `Upload-Offset` says where they begin (409 if elsewhere)."""
    with unit_of_work() as session:
        upload = service.append_chunk(
            session,
            current_storage(),
            upload_id=upload_id,
            offset=headers["offset"],
            body=request.get_data(),
            now=clock.now(),
        )
    return with_offset(upload)


@blp.delete(UPLOAD)
@requires(Permission.Upload.SEND, subject=own_upload)
@blp.response(204)
def abandon_upload(upload_id: UUID) -> None:
    """Give an upload up and delete what has arrived."""
    with unit_of_work() as session:
        service.abandon_upload(session, upload_id=upload_id, now=clock.now())


@blp.post(f"{UPLOAD}/completion")
@requires(Permission.Upload.SEND, subject=own_upload)
@blp.response(201, PhotoSchema)
@blp.alt_response(200, schema=PhotoSchema, description="The photo that is there")
def complete_upload(upload_id: UUID) -> Any:
    """Make the photo of a file that has arrived whole; again, it answers with the photo (200)."""
    with unit_of_work() as session:
        photo, is_new = service.complete_upload(
            session, current_storage(), upload_id=upload_id, now=clock.now()
        )
    return photo, 201 if is_new else 200
