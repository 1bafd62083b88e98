"""Owns the rows of comments and of the reports about them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.accounts.models import Account
from backend.db import Id
from backend.proposals.facts import PersonName
from backend.proposals.models import Proposal
from geo.orm import Base

REASONS = "('illegal', 'personal_data', 'abuse', 'spam', 'off_topic')"


class Comment(Base):
    """What a person says about a proposal, or answers to who said something.

    `text` is gone once its author has deleted it; the row stays where somebody answered. What is
    hidden keeps its text, which the author and the competent office alone see.
    """

    __tablename__ = "comment"
    __table_args__ = (
        CheckConstraint("(deleted_at IS NULL) = (text IS NOT NULL)", name="text_until_deleted"),
        CheckConstraint("num_nulls(hidden_at, hidden_reason) IN (0, 2)", name="hidden_whole"),
        CheckConstraint(f"hidden_reason IN {REASONS}", name="hidden_reason"),
        CheckConstraint("reply_count >= 0", name="reply_count"),
        CheckConstraint("parent_id IS NULL OR reply_count = 0", name="one_level"),
        Index(
            "ix_comment_of_proposal",
            "proposal_id",
            "created_at",
            "id",
            postgresql_where="parent_id IS NULL",
        ),
        Index(None, "parent_id", "created_at", "id"),
        Index(None, "author_id"),
    )

    id: Mapped[Id]
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    text: Mapped[str | None]
    reply_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    hidden_reason: Mapped[str | None]

    proposal: Mapped[Proposal] = relationship(viewonly=True)
    account: Mapped[Account] = relationship(viewonly=True)

    @property
    def is_public(self) -> bool:
        """Tell whether everybody may see that it is there: as the proposal that it is about."""
        return self.proposal.is_public

    @property
    def local_government_code(self) -> str | None:
        """Return the body that moderates it: the one competent for the proposal now."""
        return self.proposal.local_government_code

    @property
    def state(self) -> str:
        """Return ``shown``, ``hidden`` or ``deleted``."""
        if self.deleted_at is not None:
            return "deleted"
        return "shown" if self.hidden_at is None else "hidden"

    @property
    def shown_text(self) -> str | None:
        """Return what everybody may read."""
        return self.text if self.state == "shown" else None

    @property
    def by_proposer(self) -> bool:
        """Tell whether somebody wrote it who writes the proposal."""
        return self.proposal.is_written_by(self.author_id)

    @property
    def author(self) -> PersonName | None:
        """Return who wrote it; None where that would name the authors of an anonymous proposal."""
        if self.deleted_at is not None or (self.by_proposer and self.proposal.anonymous):
            return None
        return PersonName(self.account.display_name)


class CommentReport(Base):
    """One person's complaint about one comment, until the office has looked at it."""

    __tablename__ = "comment_report"
    __table_args__ = (
        UniqueConstraint("comment_id", "account_id"),
        Index(None, "account_id"),
        CheckConstraint(f"reason IN {REASONS}", name="reason"),
        CheckConstraint("resolution IN ('hidden', 'kept')", name="resolution"),
        CheckConstraint("(resolved_at IS NULL) = (resolution IS NULL)", name="resolved_at"),
        Index("ix_comment_report_open", "created_at", "id", postgresql_where="resolved_at IS NULL"),
    )

    id: Mapped[Id]
    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    reason: Mapped[str]
    note: Mapped[str | None]
    created_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolution: Mapped[str | None]

    comment: Mapped[Comment] = relationship(viewonly=True)
