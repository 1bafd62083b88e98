"""Owns the arriving of a photo in chunks: where to go on, and what becomes of it when it is whole.

In the spirit of tus 1.0: the server says how many bytes it has, the client sends what comes next.
A chunk whose answer was lost is simply found to be there, and of one that was cut off on its way
what had arrived: bytes that are the right ones, only fewer.
"""

from datetime import datetime, timedelta
from hashlib import sha256 as sha256_of
from uuid import UUID

from sqlalchemy.orm import Session

from backend.accounts.queries import lock_account
from backend.audit.service import record
from backend.db import conflict_on, new_id
from backend.errors import Conflict, Invalid
from backend.files.storage import Storage, new_name
from backend.proposals.drafts import IdTaken
from backend.proposals.photos.models import Photo
from backend.proposals.photos.queries import get_photo
from backend.proposals.photos.service import add_photo, check_room
from backend.proposals.queries import get_proposal
from backend.proposals.uploads.disposal import FOLDER, delete_chunks_later
from backend.proposals.uploads.models import Upload
from backend.proposals.uploads.queries import count_open, lock_upload

KEPT_FOR = timedelta(hours=24)
"""After which an upload is given up, and its chunks deleted."""

MOST_OPEN = 5
"""Uploads of one person at a time: as many as a proposal takes photos."""


class UploadsFull(Conflict):
    """Too many files of this person are on their way."""

    code = "uploads_full"
    ko = "동시에 올릴 수 있는 파일은 {most}개입니다. 하나를 끝내거나 취소해 주세요."
    en = "Up to {most} uploads may be open. Complete or delete one first."


class OffsetDiffers(Conflict):
    """The chunk does not begin where the file has arrived to."""

    code = "upload_offset_differs"
    ko = "{offset}바이트까지 받았습니다. 그다음부터 보내 주세요."
    en = "{offset} bytes have arrived. Go on from there."
    tells = ("offset",)


class UploadTooLong(Invalid):
    """The chunk goes beyond the size that was announced."""

    code = "upload_too_long"
    ko = "처음에 알린 크기({size}바이트)보다 많이 보냈습니다."
    en = "This is more than the {size} bytes that were announced."


class UploadIncomplete(Conflict):
    """Something is still to arrive."""

    code = "upload_incomplete"
    ko = "아직 다 받지 못했습니다. {offset}바이트 다음부터 보내 주세요."
    en = "The file is not whole yet. Go on after {offset} bytes."
    tells = ("offset",)


class UploadDamaged(Invalid):
    """The bytes that arrived are not those that were announced."""

    code = "upload_damaged"
    ko = "받은 파일이 보낸 파일과 다릅니다. 처음부터 다시 올려 주세요."
    en = "What arrived is not what was announced. Begin anew."


def begin_upload(
    session: Session,
    *,
    account_id: UUID,
    proposal_id: UUID,
    size_bytes: int,
    now: datetime,
    id: UUID | None = None,  # noqa: A002 (the client's name for it)
    sha256: str | None = None,
    alt: str | None = None,
    caption: str | None = None,
) -> tuple[Upload, bool]:
    """Announce a photo that will arrive in chunks; return the upload and whether it is new.

    :param size_bytes: of the whole file.
    :param id: chosen by the client, so that the request can be repeated; the photo's id too.
    :param sha256: 64 hexadecimal digits, checked when the file is whole.
    :raises ProposalNotFound: when there is none.
    :raises NotEditable, PhotosFull: when the proposal takes no more photos.
    :raises UploadsFull: when the person has `MOST_OPEN` under way.
    :raises IdTaken: when the id belongs to another upload or photo.
    """
    # One person's beginnings take turns, so that the limit is exact.
    lock_account(session, account_id)
    upload_id = id or new_id()
    begun = session.get(Upload, upload_id)
    if begun is not None:
        if (begun.account_id, begun.proposal_id) != (account_id, proposal_id):
            raise IdTaken(field="json.id")
        return begun, False
    if session.get(Photo, upload_id) is not None:
        raise IdTaken(field="json.id")
    check_room(session, get_proposal(session, proposal_id))
    if count_open(session, account_id, now=now) >= MOST_OPEN:
        raise UploadsFull(most=MOST_OPEN)
    upload = Upload(
        id=upload_id,
        account_id=account_id,
        proposal_id=proposal_id,
        folder=new_name(FOLDER),
        size_bytes=size_bytes,
        received_bytes=0,
        sha256=sha256,
        alt=alt,
        caption=caption,
        created_at=now,
        expires_at=now + KEPT_FOR,
    )
    with conflict_on(session, pk_upload=IdTaken(field="json.id")):
        session.add(upload)
    return upload, True


def append_chunk(
    session: Session,
    storage: Storage,
    *,
    upload_id: UUID,
    offset: int,
    body: bytes,
    now: datetime,
) -> Upload:
    """Take the next bytes of a file.

    :param offset: where they begin; it has to be where the file has arrived to.
    :raises UploadNotFound: when there is none, or its time has run out.
    :raises OffsetDiffers: when they begin elsewhere, such as where they began the first time.
    :raises UploadTooLong: when they go beyond the size that was announced.
    """
    upload = lock_upload(session, upload_id, now=now)
    if offset != upload.received_bytes:
        raise OffsetDiffers(offset=upload.received_bytes)
    if offset + len(body) > upload.size_bytes:
        raise UploadTooLong(size=upload.size_bytes)
    if body:
        # Rolled back after this, the next chunk from here takes the place of this one.
        storage.put(upload.chunk_name(offset), body)
        upload.received_bytes += len(body)
        session.flush()
    return upload


def complete_upload(
    session: Session, storage: Storage, *, upload_id: UUID, now: datetime
) -> tuple[Photo, bool]:
    """Make the photo of a whole file; return it and whether it is new.

    :raises UploadNotFound: when there is none, or its time has run out.
    :raises UploadIncomplete: when something is still to arrive.
    :raises UploadDamaged: when the hash is another than was announced.
    :raises PhotoNotFound: when the photo was made and has been deleted since.
    :raises NotEditable, PhotosFull: when the proposal takes no more photos.
    :raises PictureUnreadable, PictureTooManyPixels, PictureTooSmall: when it is no photo.
    """
    upload = lock_upload(session, upload_id, now=now)
    if upload.completed_at is not None:
        return get_photo(session, upload_id), False
    if upload.received_bytes < upload.size_bytes:
        raise UploadIncomplete(offset=upload.received_bytes)
    body = _assemble(storage, upload)
    if upload.sha256 is not None and sha256_of(body).hexdigest() != upload.sha256:
        raise UploadDamaged
    photo, is_new = add_photo(
        session,
        storage,
        proposal_id=upload.proposal_id,
        author_id=upload.account_id,
        body=body,
        now=now,
        id=upload_id,
        alt=upload.alt,
        caption=upload.caption,
    )
    upload.completed_at = now
    delete_chunks_later(session, upload)
    return photo, is_new


def abandon_upload(session: Session, *, upload_id: UUID, now: datetime) -> None:
    """Give an upload up and delete what has arrived; a photo that came of it stays.

    :raises UploadNotFound: when there is none, or its time has run out.
    """
    upload = lock_upload(session, upload_id, now=now)
    delete_chunks_later(session, upload)
    session.delete(upload)
    record(
        session,
        action="upload.abandoned",
        subject_type="upload",
        subject_id=upload_id,
        actor_id=upload.account_id,
        now=now,
    )


def _assemble(storage: Storage, upload: Upload) -> bytes:
    body = bytearray()
    while len(body) < upload.size_bytes:
        body += storage.get(upload.chunk_name(len(body)))
    return bytes(body)
