"""Owns the covering of parts of a photo by the competent office: a face, a number plate."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backend.audit.service import record
from backend.db import new_id
from backend.files import sandbox
from backend.files.disposal import delete_later
from backend.files.images import SUFFIX
from backend.files.redaction import Rectangle
from backend.files.storage import Storage, new_name
from backend.notifications.service import notify
from backend.organizations.queries import get_local_government_organization
from backend.proposals.models import Proposal
from backend.proposals.photos.disposal import FOLDER, names_of
from backend.proposals.photos.models import Photo, PhotoRedaction
from backend.proposals.photos.queries import get_photo, lock_photo
from backend.proposals.photos.thumbnails import make_thumbnail_later
from backend.proposals.queries import lock_proposal
from backend.proposals.service import append_event


def redact_photo(
    session: Session,
    storage: Storage,
    *,
    photo_id: UUID,
    actor_id: UUID,
    rectangles: Sequence[Rectangle],
    reason: str,
    now: datetime,
) -> Photo:
    """Cover parts of a photo for good, and tell its author.

    What was there is deleted, thumbnail included: nobody can look under the rectangles again, the
    office neither. Whoever has the address of the former version gets nothing by it any more.

    :param reason: what the author is told.
    :raises PhotoNotFound: when there is none.
    """
    proposal = lock_proposal(session, get_photo(session, photo_id).proposal_id)
    photo = lock_photo(session, photo_id)
    picture = sandbox.redact(storage.get(photo.full_name), rectangles)
    delete_later(session, names_of(photo))
    photo.full_name = new_name(FOLDER, SUFFIX)
    storage.put(photo.full_name, picture.body)
    photo.full_sha256, photo.full_bytes = picture.sha256, len(picture.body)
    photo.thumb_name = photo.thumb_sha256 = None
    photo.thumb_bytes = photo.thumb_width = photo.thumb_height = None
    photo.version += 1
    photo.redacted_at = proposal.updated_at = now
    redaction = PhotoRedaction(
        id=new_id(),
        photo_id=photo_id,
        redacted_by=actor_id,
        rectangles=[asdict(part) for part in rectangles],
        reason=reason,
        redacted_at=now,
    )
    session.add(redaction)
    session.flush()
    make_thumbnail_later(session, photo)
    _tell(session, proposal, redaction)
    government = get_local_government_organization(session, proposal.local_government_code or "")
    record(
        session,
        action="photo.redacted",
        subject_type="photo",
        subject_id=photo_id,
        actor_id=actor_id,
        now=now,
        chain=str(government.id),
        data={"proposal": str(proposal.id), "rectangles": len(rectangles)},
    )
    return photo


def _tell(session: Session, proposal: Proposal, redaction: PhotoRedaction) -> None:
    append_event(
        session,
        proposal_id=proposal.id,
        kind="photo_redacted",
        actor_id=redaction.redacted_by,
        data={"photo": str(redaction.photo_id), "reason": redaction.reason},
        public=False,
        now=redaction.redacted_at,
    )
    notify(
        session,
        recipient_id=proposal.author_id,
        kind="photo_redacted",
        subject_type="proposal",
        subject_id=proposal.id,
        params={"title": proposal.title, "reason": redaction.reason},
        now=redaction.redacted_at,
    )
