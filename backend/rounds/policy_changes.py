"""Owns the changing of a round's policy before anybody can have relied on it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.errors import Conflict
from backend.rounds import states
from backend.rounds.models import PolicyVersion
from backend.rounds.notices import NothingChanged, issue_notice
from backend.rounds.policy import complete
from backend.rounds.policy_versions import replace_policy
from backend.rounds.queries import lock_round
from backend.rounds.service import check_terms, ensure_runnable
from backend.rounds.trail import record_change


class PolicyFixed(Conflict):
    """From the window's opening on, institutions rely on the rules as they stand."""

    code = "policy_fixed"
    ko = "신청 기간이 시작된 {opens_at}부터는 규칙을 바꿀 수 없습니다."
    en = "The rules are fixed since the window opened on {opens_at} (Korean time)."


def change_policy(
    session: Session,
    *,
    round_id: UUID,
    policy: Mapping[str, Any],
    reason: str,
    actor_id: UUID | None,
    now: datetime,
) -> PolicyVersion:
    """Change rules of a round before anybody can have relied on them; the rest stays.

    :param policy: the rules that change.
    :raises RoundNotFound: when there is no such round.
    :raises RoundCancelled: when it was cancelled.
    :raises PolicyFixed: when its window has opened.
    :raises NothingChanged: when everything is so already.
    :raises PolicyKeyUnknown: when a priority compares something unknown.
    :raises InstanceNotAccepted: when the engine refuses the round with the change.
    """
    round_ = lock_round(session, round_id)
    states.check_not_cancelled(round_)
    if round_.status not in ("draft", "open") or (round_.is_public and now >= round_.opens_at):
        raise PolicyFixed(opens_at=states.show_time(round_.opens_at))
    before = round_.policy
    version = replace_policy(
        session, round_, complete(policy, before), reason=reason, actor_id=actor_id, now=now
    )
    if version is None:
        raise NothingChanged(field="json.policy")
    check_terms(round_)
    ensure_runnable(session, round_, now)
    changes = {
        f"policy.{name}": [before.get(name), version.policy.get(name)]
        for name in version.changed_fields
    }
    if round_.is_public:
        issue_notice(session, round_, "policy_changed", reason, changes, actor_id=actor_id, now=now)
    else:
        record_change(
            session,
            round_,
            "round.policy_changed",
            actor_id=actor_id,
            now=now,
            reason=reason,
            changes=changes,
        )
    return version
