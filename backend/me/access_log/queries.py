"""Owns how looks at personal facts are read out of the audit chains."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, Text, bindparam, cast, literal_column, select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.organizations.models import Organization
from backend.pagination import Page, paginate
from backend.proposals.personal_data import list_submitted_ids
from backend.rows import as_json

REVIEW = "review.private_facts_read"

TASKS: Mapping[str, tuple[str, str]] = {
    REVIEW: ("제안 심사", "Review of a proposal"),
}
"""Action of an event -> for which task somebody looked, in Korean and English."""

SEEN: ColumnElement[Any] = literal_column("(audit_event.data::jsonb -> 'proposals')")
"""As the index has it."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look of an office at facts of a person; who looked there, the audit chain knows.

    :param proposal_ids: the person's proposals whose exact point and residence were seen.
    """

    seen_at: datetime
    office_ko: str
    office_en: str | None
    task_ko: str
    task_en: str
    proposal_ids: Sequence[UUID]


def list_looks(session: Session, *, account_id: UUID, limit: int, after: str | None) -> Page:
    """Return which offices looked at facts of a person, the latest first."""
    own = {str(proposal_id) for proposal_id in list_submitted_ids(session, account_id)}
    page = paginate(
        session,
        looks_statement(own),
        AuditEvent.occurred_at,
        AuditEvent.chain,
        AuditEvent.seq,
        limit=limit,
        after=after,
        descending=True,
    )
    return Page(_describe(session, page.items, own), page.next_cursor)


def read_looks(session: Session, account_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield every look at facts of a person as JSON values, the latest first."""
    after = None
    while True:
        page = list_looks(session, account_id=account_id, limit=100, after=after)
        for look in page.items:
            yield {
                "seen_at": as_json(look.seen_at),
                "office": look.office_ko,
                "task": look.task_ko,
                "proposal_ids": [str(proposal_id) for proposal_id in look.proposal_ids],
            }
        after = page.next_cursor
        if after is None:
            return


def looks_statement(proposal_ids: set[str]) -> Select[AuditEvent]:
    """Return the statement of the looks at some proposals, which a test has explained."""
    ids = cast(bindparam("own", sorted(proposal_ids), ARRAY(Text)), ARRAY(Text))
    return select(AuditEvent).where(
        AuditEvent.action == literal_column(f"'{REVIEW}'"), SEEN.op("?|")(ids)
    )


def _describe(session: Session, events: Sequence[AuditEvent], own: set[str]) -> list[Look]:
    offices = {
        chain: (name_ko, name_en)
        for chain, name_ko, name_en in session.execute(
            select(cast(Organization.id, Text), Organization.name_ko, Organization.name_en).where(
                cast(Organization.id, Text).in_({event.chain for event in events})
            )
        )
    }
    return [
        Look(
            event.occurred_at,
            *offices[event.chain],
            *TASKS[event.action],
            [UUID(seen) for seen in event.facts["proposals"] if seen in own],
        )
        for event in events
    ]
