"""Owns how versions of proposals are read."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.errors import NotFound
from backend.pagination import Page, paginate
from backend.proposals.versions.models import ProposalVersion


class VersionNotFound(NotFound):
    """The proposal has no version of that number."""

    code = "version_not_found"
    ko = "이 제안에는 그 번호의 판이 없습니다."
    en = "The proposal has no version of this number."


def get_version(
    session: Session, *, proposal_id: UUID, number: int, field: str | None = None
) -> ProposalVersion:
    """Return a version of a proposal.

    :param field: path of the number, where it is not in the address.
    :raises VersionNotFound: when there is none.
    """
    version = session.get(ProposalVersion, (proposal_id, number))
    if version is None:
        raise VersionNotFound(field=field)
    return version


def find_latest_version(session: Session, proposal_id: UUID) -> ProposalVersion | None:
    """Return the newest version; None before the first submission."""
    return session.scalar(
        select(ProposalVersion)
        .where(ProposalVersion.proposal_id == proposal_id)
        .order_by(ProposalVersion.number.desc())
        .limit(1)
    )


def list_versions(session: Session, *, proposal_id: UUID, limit: int, after: str | None) -> Page:
    """Return the versions of a proposal, the oldest first."""
    return paginate(
        session,
        select(ProposalVersion).where(ProposalVersion.proposal_id == proposal_id),
        ProposalVersion.number,
        limit=limit,
        after=after,
    )
