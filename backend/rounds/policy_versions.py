"""Owns the history of a round's policy: each version as it was, and what changed with it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.pagination import Page, paginate
from backend.rounds.models import PolicyVersion, Round


def keep_first_version(
    session: Session, round_: Round, *, actor_id: UUID | None, now: datetime
) -> PolicyVersion:
    """Keep the policy with which a round begins."""
    round_.policy_version = 1
    return _keep(session, round_, [], reason=None, actor_id=actor_id, now=now)


def replace_policy(
    session: Session,
    round_: Round,
    policy: dict[str, Any],
    *,
    reason: str | None,
    actor_id: UUID | None,
    now: datetime,
) -> PolicyVersion | None:
    """Give a locked round another policy and keep it as the next version.

    :param policy: the whole policy.
    :return: None when nothing differs; then there is no new version.
    """
    before = round_.policy
    names = sorted(before.keys() | policy.keys())
    changed = [name for name in names if before.get(name) != policy.get(name)]
    if not changed:
        return None
    round_.policy = policy
    round_.policy_version += 1
    return _keep(session, round_, changed, reason=reason, actor_id=actor_id, now=now)


def list_policy_versions(
    session: Session, *, round_id: UUID, limit: int, after: str | None
) -> Page:
    """Return the versions of a round's policy, the one in force first."""
    statement = select(PolicyVersion).where(PolicyVersion.round_id == round_id)
    return paginate(
        session, statement, PolicyVersion.version, limit=limit, after=after, descending=True
    )


def _keep(
    session: Session,
    round_: Round,
    changed: list[str],
    *,
    reason: str | None,
    actor_id: UUID | None,
    now: datetime,
) -> PolicyVersion:
    version = PolicyVersion(
        round_id=round_.id,
        version=round_.policy_version,
        policy=round_.policy,
        changed_fields=changed,
        reason=reason,
        changed_by=actor_id,
        changed_at=now,
    )
    session.add(version)
    return version
