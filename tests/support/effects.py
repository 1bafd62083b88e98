"""Owns how often something that a phone wanted has been done, read off the database."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from backend.accounts.models import Residence
from backend.audit.models import AuditEvent
from backend.notifications.models import Notice
from backend.proposals.comments.models import Comment
from backend.proposals.events import ProposalEvent
from backend.proposals.follows.models import Follow
from backend.proposals.models import Endorsement, Proposal
from backend.proposals.photos.models import Photo
from backend.proposals.uploads.models import Upload
from backend.reviews.models import Review
from tests.support.journal import Intent

KINDS = {
    *("residence", "draft", "draft_by_key", "edit", "upload", "photo", "submit"),
    *("passing_draft", "discard"),
    *("endorse", "follow", "comment", "comment_by_key", "reading"),
}
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
        "passing_draft": lambda: {audited(session, account, "proposal.drafted", about)},
        "discard": lambda: {
            1 - rows(Proposal, Proposal.id == about),
            audited(session, account, "proposal.discarded", about),
        },
        "edit": lambda: {
            rows(
                Proposal, Proposal.id == about, Proposal.problem == (intent.body or {})["problem"]
            ),
            audited(session, account, "proposal.edited", about),
        },
        "upload": lambda: {rows(Upload, Upload.id == about, Upload.account_id == account)},
        "photo": lambda: {
            rows(Photo, Photo.id == about, Photo.author_id == account),
            rows(Upload, Upload.id == about, Upload.completed_at.is_not(None)),
            audited(session, account, "photo.added", about),
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
        "follow": lambda: {
            rows(Follow, Follow.proposal_id == about, Follow.account_id == account),
            audited(session, account, "proposal.followed", about),
        },
        "comment": lambda: {
            rows(Comment, Comment.id == about, Comment.author_id == account),
            audited(session, account, "comment.added", about),
        },
        "comment_by_key": lambda: {
            rows(Comment, Comment.text == about, Comment.author_id == account),
        },
        "reading": lambda: {rows(Notice, Notice.id == about, Notice.read_at.is_not(None))},
    }
    return counted[intent.kind]()
