"""Owns keys of requests: who works under one, what it answered, and for how long that is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from backend.errors import Conflict, Invalid
from backend.idempotency.models import KeptAnswer

KEPT_FOR = timedelta(hours=24)
"""How long a key's answer is given again; afterwards the key is new."""

FORGOTTEN_AT_ONCE = 2_000
"""Rows that one transaction of the clearing deletes."""


class RequestUnderWay(Conflict):
    """The same request is being worked on; its answer comes with the next try."""

    code = "request_under_way"
    ko = "같은 요청을 처리하고 있습니다. 잠시 뒤에 다시 보내 주세요."
    en = "This very request is being worked on. Send it again shortly."
    retry_after_s = 1


class KeyReused(Invalid):
    """A key stands for one request, and this is another."""

    code = "idempotency_key_reused"
    ko = "이 Idempotency-Key는 다른 요청에 쓰였습니다. 새 키로 보내 주세요."
    en = "This Idempotency-Key was used for another request. Send a new key."


@dataclass(frozen=True, slots=True)
class KeyedRequest:
    """A request and the key that its sender chose for it.

    :param fingerprint: 32 bytes that tell the request from another.
    """

    account_id: UUID
    key: str
    fingerprint: bytes

    @property
    def lock(self) -> int:
        """Return the number of the advisory lock that stands for the key."""
        digest = sha256(b"idempotency" + self.account_id.bytes + self.key.encode()).digest()
        return int.from_bytes(digest[:8], signed=True)


def claim(session: Session, asked: KeyedRequest, *, now: datetime) -> KeptAnswer | None:
    """Take a key until the transaction ends; return the answer that is kept under it, if any.

    A twin is turned away at once: waiting, it would hold a thread and a connection.

    :raises RequestUnderWay: when another transaction works under the key.
    :raises KeyReused: when the key was used for another request.
    """
    if not session.scalar(select(func.pg_try_advisory_xact_lock(asked.lock))):
        raise RequestUnderWay
    # A statement of its own: its snapshot is taken when the lock is held.
    kept = session.get(KeptAnswer, (asked.account_id, asked.key))
    if kept is None:
        return None
    if kept.kept_at <= now - KEPT_FOR:
        session.delete(kept)
        session.flush()
        return None
    if kept.fingerprint != asked.fingerprint:
        raise KeyReused(field="headers.Idempotency-Key")
    return kept


def keep(
    session: Session,
    asked: KeyedRequest,
    *,
    status: int,
    headers: Sequence[tuple[str, str]],
    body: bytes,
    now: datetime,
) -> None:
    """Keep the answer under its claimed key, in the transaction of what it tells of."""
    session.add(
        KeptAnswer(
            account_id=asked.account_id,
            key=asked.key,
            fingerprint=asked.fingerprint,
            status=status,
            headers=[list(pair) for pair in headers],
            body=body,
            kept_at=now,
        )
    )
    session.flush()


def forget_of(session: Session, account_id: UUID) -> None:
    """Delete every answer that is kept for an account, for its erasure."""
    session.execute(delete(KeptAnswer).where(KeptAnswer.account_id == account_id))


def forget_old(session: Session, *, now: datetime) -> int:
    """Delete some of the answers that are not given again, and return how many."""
    old: Any = (
        select(KeptAnswer.account_id, KeptAnswer.key)
        .where(KeptAnswer.kept_at <= now - KEPT_FOR)
        .order_by(KeptAnswer.kept_at)
        .limit(FORGOTTEN_AT_ONCE)
        .with_for_update(skip_locked=True)
        .subquery()
    )
    forgotten = session.execute(
        delete(KeptAnswer)
        .where(KeptAnswer.account_id == old.c.account_id, KeptAnswer.key == old.c.key)
        .returning(KeptAnswer.key)
    )
    return len(forgotten.all())
