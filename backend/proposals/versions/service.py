"""Owns the keeping of versions and the comparison of two."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from geoalchemy2.shape import to_shape
from sqlalchemy.orm import Session

from backend.errors import Conflict
from backend.proposals.models import Proposal
from backend.proposals.versions.differences import Run, compare_words
from backend.proposals.versions.models import ProposalVersion
from backend.proposals.versions.queries import find_latest_version, get_version

MOST_VERSIONS = 50
"""From here on a submitted proposal is corrected only when its reviewers ask for it."""

TEXTS = ("title", "problem", "idea")


class TooManyVersions(Conflict):
    """A submitted proposal was corrected so often that nobody could follow any more."""

    code = "proposal_versions_exhausted"
    ko = "이 제안은 이미 여러 번 고쳐 더 고칠 수 없습니다. 보완 요청을 기다리거나 철회해 주세요."
    en = (
        "The proposal was changed too often to be changed again. Wait for the reviewers to ask, or"
        " withdraw it."
    )


@dataclass(frozen=True, slots=True)
class TextDifference:
    """How one of `TEXTS` changed."""

    field: str
    runs: Sequence[Run]


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from one version of a proposal to another."""

    before: ProposalVersion
    after: ProposalVersion
    texts: Sequence[TextDifference]

    @property
    def category_changed(self) -> bool:
        """Tell whether it was filed elsewhere."""
        return self.before.category != self.after.category

    @property
    def place_changed(self) -> bool:
        """Tell whether it moved, as far as everybody may know."""
        return _spot(self.before) != _spot(self.after)


def keep_version(
    session: Session, proposal: Proposal, *, kind: str, now: datetime
) -> ProposalVersion | None:
    """Keep what a locked, submitted proposal says as its next version.

    :param kind: ``submitted``, ``resubmitted``, or ``edited`` by the author before the review.
    :return: the version; None for an edit after which everything public is as it was.
    :raises TooManyVersions: when an edit would be one too many.
    """
    session.flush()
    last = find_latest_version(session, proposal.id)
    version = ProposalVersion(
        proposal_id=proposal.id,
        number=last.number + 1 if last else 1,
        kind=kind,
        made_at=now,
        category=proposal.category,
        title=proposal.title,
        problem=proposal.problem or "",
        idea=proposal.idea,
        public_geom=proposal.public_geom,
        emd_code=proposal.emd_code or "",
        generation_id=proposal.generation_id or 0,
    )
    if kind == "edited" and last is not None:
        if _facts(last) == _facts(version):
            return None
        if last.number >= MOST_VERSIONS:
            raise TooManyVersions
    session.add(version)
    session.flush()
    return version


def compare_versions(session: Session, *, proposal_id: UUID, before: int, after: int) -> Difference:
    """Compare two versions of a proposal word by word.

    :param before: number of the version that the comparison starts from; it may be the newer one.
    :param after: number of the version that it leads to.
    :raises VersionNotFound: when there is none of that number.
    """
    old = get_version(session, proposal_id=proposal_id, number=before, field="query.from")
    new = get_version(session, proposal_id=proposal_id, number=after, field="query.to")
    texts = [
        TextDifference(name, compare_words(getattr(old, name) or "", getattr(new, name) or ""))
        for name in TEXTS
    ]
    return Difference(old, new, texts)


def _facts(version: ProposalVersion) -> tuple[Any, ...]:
    return (version.category, *(getattr(version, name) for name in TEXTS), _spot(version))


def _spot(version: ProposalVersion) -> tuple[Any, ...]:
    """Return the place as it can be compared, whether it was read or has just been given."""
    point = to_shape(version.public_geom)
    return (version.emd_code, version.generation_id, point.x, point.y)
