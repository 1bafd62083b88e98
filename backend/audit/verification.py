"""Owns the proof that no event was edited, deleted, moved or cut off; changes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from backend.audit.chain import GENESIS, event_hash
from backend.audit.models import AuditEvent, AuditPublishedHead

BATCH_ROWS = 2000


class BreakKind(StrEnum):
    """How a chain can be broken."""

    EDITED = "edited"
    """The event's content does not give its hash: it was changed, or moved."""

    UNLINKED = "unlinked"
    """The event does not follow the one before it: one of them was replaced."""

    MISSING = "missing"
    """Events between two others are gone."""

    CUT = "cut"
    """A published end lies beyond the chain's: its last events are gone."""

    REWRITTEN = "rewritten"
    """A published end has another hash than the event: the chain was made anew."""


@dataclass(frozen=True, slots=True)
class Break:
    """One place where a chain does not hold.

    :param seq: the event at which it shows.
    :param detail: what was found, in English.
    """

    chain: str
    seq: int
    kind: BreakKind
    detail: str

    def __str__(self) -> str:
        return f"{self.chain} #{self.seq}: {self.kind}: {self.detail}"


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check looked at, and what it found."""

    events: int
    chains: int
    breaks: list[Break]


def verify(session: Session, chain: str | None = None) -> list[Break]:
    """Return every break, none when the chains are intact.

    :param chain: only this one.
    """
    return check(session, chain).breaks


def check(session: Session, chain: str | None = None) -> Verification:
    """Recompute every hash, and compare with the published ends.

    Reads the events in batches from one snapshot, so that it takes little memory, lasts no longer
    than the statement timeout per batch and can run while events are appended.

    :param chain: only this one.
    """
    published = _published(session, chain)
    query = select(AuditEvent.__table__).order_by(AuditEvent.chain, AuditEvent.seq)
    if chain is not None:
        query = query.where(AuditEvent.chain == chain)
    rows = session.execute(query.execution_options(yield_per=BATCH_ROWS))
    events = chains = 0
    breaks: list[Break] = []
    for name, links in groupby(rows, key=lambda row: str(row.chain)):
        chains += 1
        walk = _Walk(name, published.pop(name, {}))
        for row in links:
            events += 1
            breaks.extend(walk.step(row))
        breaks.extend(walk.end())
    for name, ends in published.items():
        breaks.extend(_Walk(name, ends).end())
    return Verification(events, chains, breaks)


class _Walk:
    """Goes along one chain.

    :param published: hash by sequence number, as published.
    """

    def __init__(self, chain: str, published: dict[int, bytes]) -> None:
        self.chain = chain
        self.published = published
        self.seq = 0
        self.hash = GENESIS

    def step(self, row: Row[Any]) -> Iterator[Break]:
        """Go to the next event and yield what is wrong with it."""
        if row.seq != self.seq + 1:
            yield self._found(row.seq, BreakKind.MISSING, f"no events from {self.seq + 1} on")
        elif row.prev_hash != self.hash:
            yield self._found(row.seq, BreakKind.UNLINKED, "does not follow the event before it")
        content = {name: value for name, value in row._mapping.items() if name in _CONTENT}
        if event_hash(row.prev_hash, **content) != row.hash:
            yield self._found(row.seq, BreakKind.EDITED, "content and hash differ")
        if self.published.pop(row.seq, row.hash) != row.hash:
            yield self._found(row.seq, BreakKind.REWRITTEN, "not the hash that was published")
        self.seq, self.hash = row.seq, row.hash

    def end(self) -> Iterator[Break]:
        """Yield the published ends that the chain does not reach."""
        for seq in sorted(self.published):
            if seq > self.seq:
                yield self._found(
                    seq, BreakKind.CUT, f"published, and the chain ends at {self.seq}"
                )

    def _found(self, seq: int, kind: BreakKind, detail: str) -> Break:
        return Break(self.chain, seq, kind, detail)


_CONTENT = frozenset(AuditEvent.__table__.columns.keys()) - {"prev_hash", "hash"}


def _published(session: Session, chain: str | None) -> dict[str, dict[int, bytes]]:
    """Return the published ends by chain; read before the events, which can only grow."""
    query = select(AuditPublishedHead.chain, AuditPublishedHead.seq, AuditPublishedHead.hash)
    if chain is not None:
        query = query.where(AuditPublishedHead.chain == chain)
    ends: dict[str, dict[int, bytes]] = {}
    for name, seq, digest in session.execute(query):
        ends.setdefault(name, {})[seq] = digest
    return ends
