"""Owns what may still change of a round that was announced: each change is a notice with a reason.

Corrections hurt nobody, an extension takes nothing away, and a round that cannot go on ends.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db import new_id
from backend.errors import Conflict, Invalid
from backend.pagination import Page, paginate
from backend.rounds import states
from backend.rounds.applicants import involved_institutions, tell_institutions
from backend.rounds.inputs import check_not_frozen
from backend.rounds.models import Round, RoundNotice
from backend.rounds.proposers import tell_cancelled
from backend.rounds.queries import AreaNotFound, lock_round
from backend.rounds.trail import record_change

CORRECTABLE = ("title_ko", "title_en")
"""What of a round is corrected after its notice; of its areas, the names."""

AREA_CORRECTABLE = ("name_ko", "name_en")

Changes = dict[str, list[Any]]


class NothingChanged(Invalid):
    """A change that changes nothing is no notice."""

    code = "nothing_changed"
    ko = "달라지는 내용이 없습니다."
    en = "This changes nothing."


class DeadlineNotLater(Invalid):
    """A deadline is only ever put off."""

    code = "deadline_not_later"
    ko = "마감은 지금 공고한 {closes_at}보다 늦은 때로만 바꿀 수 있습니다."
    en = "The deadline can only be put off beyond {closes_at} (Korean time)."


class DeadlinePassed(Conflict):
    """A window that has closed stays closed."""

    code = "deadline_passed"
    ko = "신청 마감({closes_at})이 지나 연장할 수 없습니다."
    en = "The deadline, {closes_at} (Korean time), has passed; it cannot be extended."


def correct_round(
    session: Session,
    *,
    round_id: UUID,
    reason: str,
    actor_id: UUID | None,
    now: datetime,
    areas: Sequence[Mapping[str, str]] = (),
    **titles: str,
) -> RoundNotice:
    """Correct the titles of an announced round and the names of its areas.

    :param areas: per area its ``key`` and new names, of `AREA_CORRECTABLE`.
    :param titles: new values, of `CORRECTABLE`.
    :raises RoundNotFound: when there is no such round.
    :raises RoundNotAnnounced: when it is a draft.
    :raises RoundCancelled: when it was cancelled.
    :raises InputsFrozen: when its inputs are frozen.
    :raises RoundRun: when its matching was run, which names the areas.
    :raises AreaNotFound: when it has no area of a key.
    :raises NothingChanged: when everything is so already.
    """
    round_ = _lock_announced(session, round_id)
    check_not_frozen(session, round_)
    changes = _correct(round_, {name: titles[name] for name in CORRECTABLE if name in titles})
    by_key = {area.key: area for area in round_.areas}
    for given in areas:
        area = by_key.get(given["key"])
        if area is None:
            raise AreaNotFound
        names = {name: given[name] for name in AREA_CORRECTABLE if name in given}
        for name, change in _correct(area, names).items():
            changes[f"areas.{area.key}.{name}"] = change
    if not changes:
        raise NothingChanged(field="json")
    params = {"reason": reason}
    tell_institutions(
        session,
        round_,
        involved_institutions(session, round_id),
        "round_corrected",
        params,
        now=now,
    )
    return issue_notice(session, round_, "corrected", reason, changes, actor_id=actor_id, now=now)


def extend_round(
    session: Session,
    *,
    round_id: UUID,
    closes_at: datetime,
    reason: str,
    actor_id: UUID | None,
    now: datetime,
) -> RoundNotice:
    """Put the deadline of an announced round off, before it has passed.

    :raises RoundNotFound: when there is no such round.
    :raises RoundNotAnnounced: when it is a draft.
    :raises RoundCancelled: when it was cancelled.
    :raises DeadlinePassed: from the deadline on.
    :raises DeadlineNotLater: when the new deadline is no later one.
    """
    round_ = _lock_announced(session, round_id)
    states.check_not_cancelled(round_)
    before = round_.closes_at
    shown = states.show_time(before)
    if round_.status != "open" or now >= before:
        raise DeadlinePassed(closes_at=shown)
    if closes_at <= before:
        raise DeadlineNotLater(field="json.closes_at", closes_at=shown)
    round_.closes_at = closes_at
    params = {"reason": reason, "closes_at": states.show_time(closes_at)}
    tell_institutions(
        session, round_, involved_institutions(session, round_id), "round_extended", params, now=now
    )
    changes = {"closes_at": [before.isoformat(), closes_at.isoformat()]}
    return issue_notice(session, round_, "extended", reason, changes, actor_id=actor_id, now=now)


def cancel_round(
    session: Session, *, round_id: UUID, reason: str, actor_id: UUID | None, now: datetime
) -> RoundNotice:
    """End an announced round for good; the applicants and the proposers of its offers are told.

    :raises RoundNotFound: when there is no such round.
    :raises RoundNotAnnounced: when it is a draft.
    :raises RoundTransition: when its plan is published, or it was cancelled already.
    """
    round_ = _lock_announced(session, round_id)
    before = round_.status
    states.move(round_, "cancelled", now)
    params = {"reason": reason}
    tell_institutions(
        session,
        round_,
        involved_institutions(session, round_id),
        "round_cancelled",
        params,
        now=now,
    )
    tell_cancelled(session, round_, reason, actor_id=actor_id, now=now)
    changes = {"status": [before, "cancelled"]}
    return issue_notice(session, round_, "cancelled", reason, changes, actor_id=actor_id, now=now)


def issue_notice(
    session: Session,
    round_: Round,
    kind: str,
    reason: str,
    changes: Changes,
    *,
    actor_id: UUID | None,
    now: datetime,
) -> RoundNotice:
    """Put a change of an announced round up for everybody, and on record."""
    notice = RoundNotice(
        id=new_id(),
        round_id=round_.id,
        kind=kind,
        reason=reason,
        changes=changes,
        issued_by=actor_id,
        issued_at=now,
    )
    session.add(notice)
    record_change(
        session,
        round_,
        f"round.{kind}",
        actor_id=actor_id,
        now=now,
        notice_id=str(notice.id),
        reason=reason,
        changes=changes,
    )
    return notice


def list_notices(session: Session, *, round_id: UUID, limit: int, after: str | None) -> Page:
    """Return the notices of a round, the newest first."""
    statement = select(RoundNotice).where(RoundNotice.round_id == round_id)
    return paginate(session, statement, RoundNotice.id, limit=limit, after=after, descending=True)


def _lock_announced(session: Session, round_id: UUID) -> Round:
    round_ = lock_round(session, round_id)
    states.check_announced(round_)
    return round_


def _correct(row: Any, given: Mapping[str, str]) -> Changes:
    changes: Changes = {}
    for name, value in given.items():
        before = getattr(row, name)
        if value != before:
            setattr(row, name, value)
            changes[name] = [before, value]
    return changes
