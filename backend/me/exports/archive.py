"""Owns the making of an archive: a ZIP of JSON and photos, written a row and a photo at a time."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from typing import IO, Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from sqlalchemy.orm import Session

from backend.audit.personal_data import read_events
from backend.files.images import SUFFIX
from backend.files.storage import FileMissing, Storage
from backend.me.access_log.queries import read_looks
from backend.me.exports.contents import parts_of
from backend.me.exports.readme import README
from backend.rows import as_json, read_part


def write_facts(archive: ZipFile, session: Session, *, account_id: UUID, now: datetime) -> None:
    """Write what the database has of a person into an archive, a file for each kind."""
    for name, text in README.items():
        archive.writestr(name, text.format(made_at=as_json(now)), ZIP_DEFLATED)
    for part in parts_of(account_id):
        _write(archive, part.name, read_part(session, part, account_id=account_id))
    _write(archive, "audit_events", read_events(session, account_id))
    _write(archive, "access_log", read_looks(session, account_id))


def write_photos(archive: ZipFile, storage: Storage, photos: Iterable[tuple[UUID, str]]) -> None:
    """Write photos into an archive, one in memory at a time; one that was deleted is left out."""
    for photo_id, name in photos:
        try:
            body = storage.get(name)
        except FileMissing:
            continue
        archive.writestr(f"photos/{photo_id}{SUFFIX}", body, ZIP_STORED)


def measure(file: IO[bytes]) -> tuple[int, str]:
    """Return the length of an open file in bytes, and its SHA-256."""
    file.seek(0)
    digest, size = sha256(), 0
    while piece := file.read(1024 * 1024):
        digest.update(piece)
        size += len(piece)
    return size, digest.hexdigest()


def _write(archive: ZipFile, name: str, rows: Iterator[Mapping[str, Any]]) -> None:
    with archive.open(f"{name}.json", "w", force_zip64=True) as file:
        file.write(b"[")
        for number, row in enumerate(rows):
            text = json.dumps(row, ensure_ascii=False)
            file.write(("," if number else "").encode() + b"\n" + text.encode())
        file.write(b"\n]\n")
