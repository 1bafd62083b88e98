"""Owns the appending of audit events and the publishing of chain ends; never changes an event."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from backend.audit.chain import JSON, canonical_data, pseudonym
from backend.audit.models import AuditEvent, AuditPublishedHead
from backend.audit.verification import Break, verify

__all__ = ["Break", "Head", "heads", "pseudonym", "publish_heads", "record", "verify"]

PUBLIC_CHAIN = "public"


@dataclass(frozen=True, slots=True)
class Head:
    """The last event of a chain."""

    chain: str
    seq: int
    hash: bytes


def record(
    session: Session,
    *,
    action: str,
    subject_type: str,
    subject_id: UUID | str,
    actor_id: UUID | None,
    now: datetime,
    chain: str = PUBLIC_CHAIN,
    data: Mapping[str, JSON] | None = None,
) -> AuditEvent:
    """Append an event to a chain, in the session's transaction.

    Call it last: the chain is locked from here to the end of the transaction, and whoever takes a
    row's lock after it can deadlock with somebody who has that row and waits for the chain. What
    the session still holds back is therefore flushed first.

    :param action: ``<domain>.<verb>``, such as ``proposal.submit``.
    :param subject_type: what was acted on, such as ``proposal``.
    :param actor_id: the account that acts, None for the system.
    :param now: when (aware).
    :param chain: the id of the organization that answers for the act, or ``public``.
    :param data: what else to know; personal values go in as a `pseudonym`.
    :raises ValueError: when `now` is naive or `data` holds a number that is no JSON.
    :raises TypeError: when `data` holds a value that is no JSON.
    """
    if now.tzinfo is None:
        msg = "an audit event needs an aware time"
        raise ValueError(msg)
    session.flush()
    event = AuditEvent(
        chain=chain,
        occurred_at=now,
        actor_id=actor_id,
        action=action,
        subject_type=subject_type,
        subject_id=str(subject_id),
        data=canonical_data(data or {}),
    )
    session.add(event)
    session.flush()
    return event


def heads(session: Session) -> list[Head]:
    """Return the last event of each chain, by chain."""
    last = (
        select(AuditEvent.chain, func.max(AuditEvent.seq).label("seq"))
        .group_by(AuditEvent.chain)
        .subquery()
    )
    rows = session.execute(
        select(AuditEvent.chain, AuditEvent.seq, AuditEvent.hash)
        .join(last, and_(AuditEvent.chain == last.c.chain, AuditEvent.seq == last.c.seq))
        .order_by(AuditEvent.chain)
    )
    return [Head(*row) for row in rows]


def publish_heads(session: Session, *, now: datetime) -> list[Head]:
    """Keep the present end of each chain that has grown, and return those ends.

    A cut tail is found by what was published before. Whoever owns the database can change that
    too, so the caller also makes the ends known where the database has no say: in the log.

    :param now: the time of publication (aware).
    """
    published = select(AuditPublishedHead.chain, func.max(AuditPublishedHead.seq)).group_by(
        AuditPublishedHead.chain
    )
    known: dict[str, int] = {row[0]: row[1] for row in session.execute(published)}
    grown = [head for head in heads(session) if head.seq > known.get(head.chain, 0)]
    session.add_all(
        AuditPublishedHead(chain=head.chain, seq=head.seq, hash=head.hash, published_at=now)
        for head in grown
    )
    session.flush()
    return grown
