"""Photos over HTTP: sending, showing, describing, ordering, deleting, redacting."""

from typing import Any
from uuid import UUID

from werkzeug import Response

from backend import clock
from backend.auth.guards import current_account_id, requires
from backend.auth.permissions import Permission
from backend.bodies import takes_body
from backend.db import db, unit_of_work
from backend.files.images import MEDIA_TYPE
from backend.files.place import current_storage
from backend.openapi import URL_PREFIX, Blueprint
from backend.openapi_errors import may_be_gone
from backend.preconditions import needs_match
from backend.proposals.models import Proposal
from backend.proposals.photos import queries, redactions, schemas, service
from backend.proposals.photos.answers import answer_photo
from backend.proposals.queries import ProposalNotFound
from backend.proposals.views import MERGED, visible_proposal

blp = Blueprint("photos", __name__, url_prefix=URL_PREFIX, description="Photos of proposals")

FORM_BYTES = service.MOST_BYTES + 64 * 1024
"""A photo with what is written about it, and the form around both."""

PHOTOS = "/proposals/<uuid:proposal_id>/photos"
PHOTO = "/photos/<uuid:photo_id>"


@may_be_gone(MERGED)
def proposal_of_photo(photo_id: UUID, **_: object) -> Proposal:
    """Return the proposal of a photo, which decides who may see it.

    :raises PhotoNotFound: when there is none, or the caller may not know that there is.
    """
    photo = queries.get_photo(db.session(), photo_id)
    try:
        return visible_proposal(photo.proposal_id)
    except ProposalNotFound as exc:
        raise queries.PhotoNotFound from exc


@blp.post(PHOTOS)
@takes_body(FORM_BYTES)
@requires(Permission.Proposal.EDIT, subject=visible_proposal)
@blp.arguments(schemas.PhotoFormSchema, location="multipart")
@blp.response(201, schemas.PhotoSchema)
@blp.alt_response(200, schema=schemas.PhotoSchema, description="The photo that is there")
def add_photo(form: dict[str, Any], proposal_id: UUID) -> Any:
    """Add a photo; the same id again answers with the photo that is there (200)."""
    body = form.pop("photo")
    with unit_of_work() as session:
        photo, is_new = service.add_photo(
            session,
            current_storage(),
            proposal_id=proposal_id,
            author_id=current_account_id(),
            body=body,
            now=clock.now(),
            **form,
        )
    return photo, 201 if is_new else 200


@blp.get(PHOTOS)
@requires(Permission.Proposal.READ, subject=visible_proposal)
@blp.response(200, schemas.PhotoListSchema)
def list_photos(proposal_id: UUID) -> Any:
    """List the photos of a proposal in their order."""
    return {"items": queries.list_photos(db.session(), proposal_id)}


@blp.put(f"{PHOTOS}/order")
@requires(Permission.Proposal.EDIT, subject=visible_proposal)
@blp.arguments(schemas.PhotoOrderSchema)
@blp.response(200, schemas.PhotoListSchema)
def order_photos(payload: dict[str, Any], proposal_id: UUID) -> Any:
    """Put the photos of a proposal in another order."""
    with unit_of_work() as session:
        photos = service.order_photos(
            session,
            proposal_id=proposal_id,
            actor_id=current_account_id(),
            **payload,
            now=clock.now(),
        )
    return {"items": photos}


@blp.get(PHOTO)
@requires(Permission.Proposal.READ, subject=proposal_of_photo)
@blp.response(200, schemas.PhotoSchema)
def show_photo(photo_id: UUID) -> Any:
    """Show what is known of a photo."""
    return queries.get_photo(db.session(), photo_id)


@blp.get(f"{PHOTO}/<any(full, thumb):size>")
@requires(Permission.Proposal.READ, subject=proposal_of_photo)
@blp.arguments(schemas.PhotoVersionSchema, location="query")
@blp.response(200, {"type": "string", "format": "binary"}, content_type=MEDIA_TYPE)
@blp.alt_response(304, description="The reader has this photo")
def download_photo(query: dict[str, Any], photo_id: UUID, size: str) -> Response:
    """Download a photo; that of a draft only with its author's token."""
    photo = queries.get_photo(db.session(), photo_id)
    return answer_photo(
        current_storage(),
        queries.get_file(photo, size, query.get("v")),
        is_public=proposal_of_photo(photo_id).is_public,
        is_versioned="v" in query,
    )


@blp.patch(PHOTO)
@needs_match
@requires(Permission.Proposal.EDIT, subject=proposal_of_photo)
@blp.arguments(schemas.PhotoUpdateSchema)
@blp.response(200, schemas.PhotoSchema)
def describe_photo(payload: dict[str, Any], photo_id: UUID) -> Any:
    """Change what is written about a photo."""
    with unit_of_work() as session:
        return service.describe_photo(
            session,
            photo_id=photo_id,
            actor_id=current_account_id(),
            changes=payload,
            now=clock.now(),
        )


@blp.delete(PHOTO)
@requires(Permission.Proposal.EDIT, subject=proposal_of_photo)
@blp.response(204)
def delete_photo(photo_id: UUID) -> None:
    """Delete a photo with its files."""
    with unit_of_work() as session:
        service.delete_photo(
            session, photo_id=photo_id, actor_id=current_account_id(), now=clock.now()
        )


@blp.post(f"{PHOTO}/redactions")
@requires(Permission.Photo.REDACT, subject=proposal_of_photo)
@blp.arguments(schemas.RedactionCreateSchema)
@blp.response(201, schemas.PhotoSchema)
def redact_photo(payload: dict[str, Any], photo_id: UUID) -> Any:
    """Cover parts of a photo for good; what was there is deleted and the author is told."""
    with unit_of_work() as session:
        return redactions.redact_photo(
            session,
            current_storage(),
            photo_id=photo_id,
            actor_id=current_account_id(),
            **payload,
            now=clock.now(),
        )
