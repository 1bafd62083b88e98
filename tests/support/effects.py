"""Owns how often something that a phone wanted has been done, read off the database."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from backend.accounts.models import Residence
from backend.audit.models import AuditEvent
from backend.notifications.models import Notice
from backend.proposals.events import ProposalEvent
from backend.proposals.models import Endorsement, Proposal
from backend.reviews.models import Review
from tests.support.journal import Intent

KINDS = {"residence", "draft", "draft_by_key", "edit", "submit", "endorse", "reading"}
"""Of intents whose traces are known here."""


def audited(session: Session, actor: UUID, action: str, subject: str) -> int:
    """Return how often somebody did something, by the audit trail."""
    statement = select(func.count()).where(
        AuditEvent.actor_id == actor,
        AuditEvent.action == action,
        AuditEvent.subject_id == subject,
    )
    return session.scalar(statement) or 0


def effects(session: Session, account: UUID, intent: Intent) -> set[int]:
    """Return how often an intent has been carried out, counted by every trace that it leaves."""

    def rows(entity: type, *conditions: ColumnElement[bool]) -> int:
        return session.scalar(select(func.count()).select_from(entity).where(*conditions)) or 0

    about = intent.about
    counted: dict[str, Callable[[], set[int]]] = {
        "residence": lambda: {
            rows(Residence, Residence.account_id == account),
            audited(session, account, "residence.declared", str(account)),
        },
        "draft": lambda: {
            rows(Proposal, Proposal.id == about, Proposal.author_id == account),
            audited(session, account, "proposal.drafted", about),
        },
        "draft_by_key": lambda: {
            rows(Proposal, Proposal.title == about, Proposal.author_id == account),
        },
        "edit": lambda: {
            rows(
                Proposal, Proposal.id == about, Proposal.problem == (intent.body or {})["problem"]
            ),
            audited(session, account, "proposal.edited", about),
        },
        "submit": lambda: {
            rows(Review, Review.proposal_id == about),
            rows(
                ProposalEvent, ProposalEvent.proposal_id == about, ProposalEvent.kind == "submitted"
            ),
            rows(Notice, Notice.subject_id == about, Notice.kind == "proposal_submitted"),
            audited(session, account, "proposal.submitted", about),
        },
        "endorse": lambda: {
            rows(Endorsement, Endorsement.proposal_id == about, Endorsement.account_id == account),
            audited(session, account, "proposal.endorsed", about),
        },
        "reading": lambda: {rows(Notice, Notice.id == about, Notice.read_at.is_not(None))},
    }
    return counted[intent.kind]()
