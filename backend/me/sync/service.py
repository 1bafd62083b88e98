"""Owns what a person's copy is told: everything at first, then what changed, and what is gone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.accounts.queries import find_residence
from backend.me.sync.models import Change, ChangeHorizon
from backend.me.sync.queries import Standing, Touched, get_standing, list_touched
from backend.me.sync.tokens import (
    Position,
    Reading,
    SyncTokenExpired,
    SyncTokenInvalid,
    read_token,
    write_token,
)
from backend.notifications.service import find_notices, list_notice_ids
from backend.proposals.subscriptions import find_copies, list_subscriptions

KINDS = ("residence", "proposal", "notice")
"""What a copy holds, in the order in which it is read at first."""

FORGOTTEN_AT_ONCE = 2_000
"""Rows that one transaction of the clearing deletes."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing as it is now.

    :param content: what the person may see of it; None when it is gone, or is not theirs to keep.
    :param is_own: whether it is shown as to its author.
    """

    kind: str
    id: UUID
    content: Any | None
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """One page of what changed.

    :param next_since: what to ask with next.
    :param has_more: whether there is more now.
    """

    items: Sequence[Item]
    next_since: str
    has_more: bool


def list_changes(session: Session, *, account_id: UUID, since: str | None, limit: int) -> Changes:
    """Return what changed for a person since they last asked, or all there is at first.

    No change is lost to transactions that overlap: told is of those which ended before the oldest
    one that still runs began (PostgreSQL, `pg_snapshot_xmin`), and the next question begins there.

    :param since: `next_since` of the answer before.
    :raises SyncTokenInvalid: when it is no token.
    :raises SyncTokenExpired: when what it would have to be told is not kept any more.
    """
    standing = get_standing(session)
    place: Position | Reading = Reading(standing.ended, KINDS[0])
    if since is not None:
        place = read_token(since, account_id=account_id, epoch=standing.epoch)
        _check_is_kept(place, standing)
    if isinstance(place, Reading):
        items, following, more = _read_state(session, account_id, place, limit)
    else:
        items, following, more = _read_changes(session, account_id, place, standing.ended, limit)
    token = write_token(following, account_id=account_id, epoch=standing.epoch)
    return Changes(items, token, more)


def forget_old(session: Session, *, kept_for: timedelta, now: datetime) -> int:
    """Delete some of the changes that are too old to be told, and return how many.

    They are walked in the order of their making; the highest number among them is remembered, so
    that whoever has not read as far is told to start anew.
    """
    oldest = (
        select(Change.seq)
        .order_by(Change.seq)
        .limit(FORGOTTEN_AT_ONCE)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    gone = session.scalars(
        delete(Change)
        .where(Change.seq.in_(oldest), Change.noted_at <= now - kept_for)
        .returning(Change.xid)
    ).all()
    if gone:
        horizon = insert(ChangeHorizon).values(id=1, xid=max(gone))
        session.execute(
            horizon.on_conflict_do_update(
                index_elements=["id"],
                set_={"xid": func.greatest(ChangeHorizon.xid, horizon.excluded.xid)},
            )
        )
    return len(gone)


def _check_is_kept(place: Position | Reading, standing: Standing) -> None:
    """Refuse a place behind what was forgotten, or ahead of all there is."""
    began = place.began if isinstance(place, Reading) else place
    if not standing.forgotten < began.xid <= standing.ended.xid:
        raise SyncTokenExpired(field="query.since")


def _read_changes(
    session: Session, account_id: UUID, since: Position, until: Position, limit: int
) -> tuple[Sequence[Item], Position, bool]:
    touched = list_touched(
        session, account_id=account_id, since=since, until=until, limit=limit + 1
    )
    more = len(touched) > limit
    read = touched[:limit]
    return _show(session, account_id, read), read[-1].position if more else until, more


def _read_state(
    session: Session, account_id: UUID, place: Reading, limit: int
) -> tuple[Sequence[Item], Position | Reading, bool]:
    """Read on in what there is; what changes meanwhile is told afterwards, from the beginning."""
    if place.kind not in KINDS:
        raise SyncTokenInvalid(field="query.since")
    found: list[Touched] = []
    after = place.after
    for kind in KINDS[KINDS.index(place.kind) :]:
        ids = _list_ids(session, kind, account_id, after, limit + 1 - len(found))
        found += [Touched(kind, found_id, place.began) for found_id in ids]
        if len(found) > limit:
            last = found[limit - 1]
            items = _show(session, account_id, found[:limit])
            return items, Reading(place.began, last.kind, last.subject_id), True
        after = None
    return _show(session, account_id, found), place.began, False


def _list_ids(
    session: Session, kind: str, account_id: UUID, after: UUID | None, limit: int
) -> Sequence[UUID]:
    if kind == "proposal":
        return list_subscriptions(session, account_id=account_id, after=after, limit=limit)
    if kind == "notice":
        return list_notice_ids(session, recipient_id=account_id, after=after, limit=limit)
    return [account_id] if after is None and find_residence(session, account_id) else []


def _show(session: Session, account_id: UUID, touched: Sequence[Touched]) -> Sequence[Item]:
    """Return each thing as it is by now, or that it is gone; each once, where it came last."""
    last = {(one.kind, one.subject_id): number for number, one in enumerate(touched)}
    ordered = sorted(last, key=last.__getitem__)
    ids = {kind: [found for about, found in ordered if about == kind] for kind in KINDS}
    copies = find_copies(session, account_id=account_id, proposal_ids=ids["proposal"])
    contents: Mapping[str, Mapping[UUID, Any]] = {
        "residence": {found: find_residence(session, found) for found in ids["residence"]},
        "proposal": {found: copy.proposal for found, copy in copies.items()},
        "notice": find_notices(session, recipient_id=account_id, notice_ids=ids["notice"]),
    }
    return [
        Item(
            kind,
            found,
            contents[kind].get(found),
            is_own=kind != "proposal" or (found in copies and copies[found].is_own),
        )
        for kind, found in ordered
    ]
