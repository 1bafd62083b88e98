"""Owns how exports are read."""

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.errors import NotFound
from backend.me.exports.models import PersonalExport
from backend.pagination import Page, paginate


class ExportNotFound(NotFound):
    """The person has no such export, or not any more."""

    code = "export_not_found"
    ko = "내보내기를 찾을 수 없습니다. 보관 기간이 지났으면 다시 신청해 주세요."
    en = "There is no such export. If its time is over, ask for a new one."


class ExportLinkUsed(NotFound):
    """The link is none of ours, was used, or is too old: nobody learns which."""

    code = "export_link_over"
    ko = "쓸 수 없는 링크입니다. 링크는 한 번만, 10분 안에 쓸 수 있습니다. 새 링크를 받아 주세요."
    en = "This link is no good: it works once, within ten minutes. Ask for a new one."


def get_export(session: Session, *, account_id: UUID, export_id: UUID) -> PersonalExport:
    """Return an export of a person.

    :raises ExportNotFound: when they have none with that id.
    """
    found = session.get(PersonalExport, export_id)
    if found is None or found.account_id != account_id:
        raise ExportNotFound
    return found


def lock_export(session: Session, export_id: UUID) -> PersonalExport | None:
    """Return an export as it is now, locked until the transaction ends; None when it is gone."""
    return session.scalar(
        select(PersonalExport)
        .where(PersonalExport.id == export_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def lock_by_link(session: Session, token: str, now: datetime) -> PersonalExport:
    """Return the export that a link leads to, locked until the transaction ends.

    :raises ExportLinkUsed: when the link leads nowhere, or not any more.
    """
    found = session.scalar(
        select(PersonalExport)
        .where(PersonalExport.link_sha256 == digest_of(token))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if (
        found is None
        or found.link_expires_at is None
        or found.expires_at is None
        or now >= min(found.link_expires_at, found.expires_at)
    ):
        raise ExportLinkUsed
    return found


def list_exports(session: Session, *, account_id: UUID, limit: int, after: str | None) -> Page:
    """Return the exports of a person, the newest first."""
    statement = select(PersonalExport).where(PersonalExport.account_id == account_id)
    return paginate(
        session, statement, PersonalExport.id, limit=limit, after=after, descending=True
    )


def known_names(session: Session, names: Collection[str]) -> set[str]:
    """Return those of some files that an export refers to."""
    found = session.scalars(
        select(PersonalExport.file_name).where(PersonalExport.file_name.in_(names))
    )
    return {name for name in found if name is not None}


def digest_of(token: str) -> str:
    """Return as what the token of a link is kept."""
    return sha256(token.encode()).hexdigest()
