"""Owns the life of an export: asked for, made, taken once by a link, and forgotten."""

import secrets
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zipfile import ZipFile

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.service import record
from backend.db import conflict_on, new_id
from backend.errors import Conflict
from backend.files.disposal import delete_later, delete_now
from backend.files.storage import Storage, new_name
from backend.jobs.outbox import defer
from backend.me.exports.archive import measure, write_facts, write_photos
from backend.me.exports.models import PersonalExport
from backend.me.exports.queries import (
    digest_of,
    get_export,
    known_names,
    lock_by_link,
    lock_export,
)
from backend.notifications.service import notify
from backend.proposals.personal_data import list_photo_files
from backend.proposals.photos.disposal import GRACE, Unit, old_names

TASK = "me.make_export"
FOLDER = "exports"
"""Where archives lie in the storage."""

KEPT_FOR = timedelta(days=7)
LINK_LIFE = timedelta(minutes=10)
GIVEN_UP_AFTER = timedelta(days=1)
"""An export that could not be made by then is forgotten, so that another can be asked for."""


class ExportUnderWay(Conflict):
    """One export at a time is made for a person."""

    code = "export_under_way"
    ko = "이미 내보내기를 준비하고 있습니다. 준비되면 알려 드립니다."
    en = "An export is being made already. You will be told when it is ready."


class ExportNotReady(Conflict):
    """There is nothing to take yet."""

    code = "export_not_ready"
    ko = "내보내기를 아직 준비하고 있습니다. 준비되면 알려 드립니다."
    en = "The export is still being made. You will be told when it is ready."


@dataclass(frozen=True, slots=True)
class Link:
    """A link to an archive; its token cannot be read ever again."""

    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Download:
    """An archive on its way: its bytes in pieces, and how many there are."""

    pieces: Iterator[bytes]
    size_bytes: int
    made_at: datetime


def request_export(session: Session, *, account_id: UUID, now: datetime) -> PersonalExport:
    """Have everything about a person written into an archive.

    :raises ExportUnderWay: when one is being made.
    """
    export = PersonalExport(id=new_id(), account_id=account_id, requested_at=now)
    with conflict_on(session, uq_personal_export_under_way=ExportUnderWay()):
        session.add(export)
    defer(session, TASK, export_id=export.id)
    _record(session, "export.requested", export, now)
    return export


def make_export(unit: Unit, storage: Storage, *, export_id: UUID, now: datetime) -> None:
    """Write an archive and tell the person; a second time, and for who is erased, do nothing.

    The archive is written to a file without a name, of which nothing is left behind, whatever
    happens. No transaction is open while photos are read or the archive is stored.

    :param unit: opens a unit of work.
    """
    with tempfile.TemporaryFile() as file:
        with ZipFile(file, "w") as archive:
            with unit() as session:
                export = session.get(PersonalExport, export_id)
                if export is None or export.ready_at is not None:
                    return
                write_facts(archive, session, account_id=export.account_id, now=now)
                photos = list(list_photo_files(session, export.account_id))
            write_photos(archive, storage, photos)
        size_bytes, sha256 = measure(file)
        name = new_name(FOLDER, ".zip")
        storage.put_file(name, file)
    with unit() as session:
        export = lock_export(session, export_id)
        if export is None or export.ready_at is not None:
            delete_later(session, [name])
            return
        _forget_before(session, export)
        export.ready_at, export.expires_at = now, now + KEPT_FOR
        export.file_name, export.file_bytes, export.file_sha256 = name, size_bytes, sha256
        session.flush()
        notify(
            session,
            recipient_id=export.account_id,
            kind="export_ready",
            subject_type="personal_export",
            subject_id=export.id,
            params={},
            now=now,
        )
        _record(session, "export.made", export, now)


def make_link(session: Session, *, account_id: UUID, export_id: UUID, now: datetime) -> Link:
    """Make a link that is good once and for minutes; the one before is good for nothing.

    :raises ExportNotFound: when the person has no such export.
    :raises ExportNotReady: when it is being made.
    """
    get_export(session, account_id=account_id, export_id=export_id)
    export = lock_export(session, export_id)
    if export is None or export.expires_at is None or now >= export.expires_at:
        raise ExportNotReady
    token = secrets.token_urlsafe(32)
    export.link_sha256, export.link_expires_at = digest_of(token), now + LINK_LIFE
    _record(session, "export.link_made", export, now)
    return Link(token, now + LINK_LIFE)


def open_download(
    session: Session, storage: Storage, *, token: str, is_taken: bool, now: datetime
) -> Download:
    """Return the archive that a link leads to; taken, the link leads there no more.

    :param is_taken: False for who only asks whether it is there.
    :raises ExportLinkUsed: when the link leads nowhere, or not any more.
    :raises FileMissing: when the storage has lost it.
    """
    export = lock_by_link(session, token, now)
    pieces = storage.read(export.file_name or "") if is_taken else iter(())
    download = Download(pieces, export.file_bytes or 0, export.ready_at or now)
    if is_taken:
        export.link_sha256 = export.link_expires_at = None
        export.downloaded_at = now
        _record(session, "export.downloaded", export, now)
    return download


def erase_exports(session: Session, account_id: UUID) -> None:
    """Delete a person's exports and their archives."""
    _forget(
        session,
        session.scalars(
            select(PersonalExport).where(PersonalExport.account_id == account_id)
        ).all(),
    )


def forget_old_exports(session: Session, *, now: datetime) -> int:
    """Delete exports that are too old or were never made; return how many."""
    old = session.scalars(
        select(PersonalExport)
        .where(
            (PersonalExport.expires_at <= now)
            | (
                PersonalExport.ready_at.is_(None)
                & (PersonalExport.requested_at <= now - GIVEN_UP_AFTER)
            )
        )
        .order_by(PersonalExport.requested_at)
        .limit(500)
        .with_for_update(skip_locked=True)
    ).all()
    _forget(session, old)
    return len(old)


def sweep_archives(unit: Unit, storage: Storage, *, now: datetime) -> int:
    """Delete the archives that no export refers to, as a killed worker leaves them."""
    swept = 0
    for names in old_names(storage, FOLDER, now - GRACE):
        with unit() as session:
            strays = set(names) - known_names(session, names)
        delete_now(storage, strays)
        swept += len(strays)
    return swept


def _forget_before(session: Session, export: PersonalExport) -> None:
    """Delete what the person had before: one archive a person lies in the storage."""
    _forget(
        session,
        session.scalars(
            select(PersonalExport).where(
                PersonalExport.account_id == export.account_id, PersonalExport.id != export.id
            )
        ).all(),
    )


def _forget(session: Session, exports: Sequence[PersonalExport]) -> None:
    delete_later(session, [export.file_name for export in exports])
    for export in exports:
        session.delete(export)
    session.flush()


def _record(session: Session, action: str, export: PersonalExport, now: datetime) -> None:
    record(
        session,
        action=action,
        subject_type="personal_export",
        subject_id=export.id,
        actor_id=export.account_id,
        now=now,
    )
