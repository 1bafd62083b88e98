"""Owns how changes are read, and where the transactions stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import literal, select, text, true, tuple_, union_all
from sqlalchemy.orm import Session

from backend.me.sync.models import Change
from backend.me.sync.tokens import Position
from backend.proposals.subscriptions import subscriptions_of

_STANDING = text(
    """
    SELECT (SELECT system_identifier FROM pg_control_system()) AS cluster,
           left(pg_walfile_name(pg_current_wal_lsn()), 8) AS timeline,
           (SELECT oid FROM pg_database WHERE datname = current_database()) AS database,
           pg_relation_filenode('change') AS stored,
           coalesce(
               (SELECT min(running::text::bigint)
                FROM pg_snapshot_xip(now_running.snapshot) AS running
                WHERE NOT EXISTS (
                    SELECT FROM pg_stat_activity elsewhere
                    WHERE elsewhere.datname <> current_database()
                      AND elsewhere.backend_xid::text::bigint
                          = running::text::bigint & 4294967295)),
               pg_snapshot_xmax(now_running.snapshot)::text::bigint) AS ended_below,
           (SELECT xid FROM change_horizon) AS forgotten
    FROM (SELECT pg_current_snapshot() AS snapshot) AS now_running
    """
)
"""A snapshot names the running transactions of the whole server; those known to write in another
database change nothing here. One of which nothing is known any more counts as running here."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the transactions stand.

    :param epoch: another after a restore or a failover, when their numbers mean others.
    :param ended: transactions with a lower number have ended, and are all seen from now on.
    :param forgotten: changes up to this number may be missing.
    """

    epoch: str
    ended: Position
    forgotten: int


@dataclass(frozen=True, slots=True)
class Touched:
    """Something to look at again."""

    kind: str
    subject_id: UUID
    position: Position


def get_standing(session: Session) -> Standing:
    """Return where the transactions stand now."""
    row = session.execute(_STANDING).one()
    # A failover or a restore to a point in time begins a timeline, a dump that is read in stores
    # the table anew.
    epoch = sha256(
        f"{row.cluster}:{row.timeline}:{row.database}:{row.stored}".encode()
    ).hexdigest()[:16]
    return Standing(epoch, Position(row.ended_below), row.forgotten or 0)


def list_touched(
    session: Session, *, account_id: UUID, since: Position, until: Position, limit: int
) -> Sequence[Touched]:
    """Return what changed for a person between two positions, in their order.

    The work is that of the person's own rows and of one look for each proposal they follow,
    however many others change.
    """
    rows = session.execute(touched_statement(account_id, since, until, limit))
    return [Touched(row.kind, row.subject_id, Position(row.xid, row.seq)) for row in rows]


def touched_statement(account_id: UUID, since: Position, until: Position, limit: int) -> Any:
    """Return the statement of `list_touched`, which a test has explained."""
    columns = (Change.kind, Change.subject_id, Change.xid, Change.seq)
    unread = (
        tuple_(Change.xid, Change.seq) > tuple_(literal(since.xid), literal(since.seq)),
        Change.xid < until.xid,
    )
    own = (
        select(*columns)
        .where(Change.account_id == account_id, *unread)
        .order_by(Change.xid, Change.seq)
        .limit(limit)
        .subquery("own")
    )
    followed = subscriptions_of(account_id).cte("followed").prefix_with("MATERIALIZED")
    # Never merged into a scan of what everybody follows: one look by the index for each.
    newest = (
        select(*columns)
        .where(
            Change.kind == "proposal",
            Change.account_id.is_(None),
            Change.subject_id == followed.c.id,
        )
        .offset(0)
        .lateral("newest")
    )
    shared = (
        select(newest)
        .select_from(followed)
        .join(newest, true())
        .where(
            tuple_(newest.c.xid, newest.c.seq) > tuple_(literal(since.xid), literal(since.seq)),
            newest.c.xid < until.xid,
        )
    )
    both = union_all(select(own), shared).subquery("touched")
    return select(both).order_by(both.c.xid, both.c.seq).limit(limit)
