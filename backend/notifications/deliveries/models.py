"""Owns the rows of the outbox."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.db import Id
from backend.notifications.models import Notice
from geo.orm import Base


class Delivery(Base):
    """One notice on its way by one channel; of push, to one device.

    `pending` waits for its time, `sending` is with a worker since `claimed_at`. It ends `sent`,
    `failed` (for good), or `skipped`: read meanwhile, or not wanted any more. `last_error` is a
    code, never what a server said.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint("channel IN ('push', 'email', 'digest')", name="channel"),
        CheckConstraint(
            "state IN ('pending', 'sending', 'sent', 'failed', 'skipped')", name="state"
        ),
        CheckConstraint(
            "(channel = 'push') = (push_subscription_id IS NOT NULL)", name="device_of_push"
        ),
        CheckConstraint("(state IN ('pending', 'sending')) = (ended_at IS NULL)", name="ended_at"),
        CheckConstraint("(state = 'sending') = (claimed_at IS NOT NULL)", name="claimed_at"),
        CheckConstraint("attempts >= 0", name="attempts"),
        Index(
            "uq_delivery_push",
            "notice_id",
            "push_subscription_id",
            unique=True,
            postgresql_where="channel = 'push'",
        ),
        Index(
            "uq_delivery_letter",
            "notice_id",
            unique=True,
            postgresql_where="channel <> 'push'",
        ),
        Index("ix_delivery_recipient_id", "recipient_id"),
        Index("ix_delivery_push_subscription_id", "push_subscription_id"),
        Index("ix_delivery_due", "due_at", "id", postgresql_where="ended_at IS NULL"),
        Index("ix_delivery_ended", "ended_at", postgresql_where="ended_at IS NOT NULL"),
    )

    id: Mapped[Id]
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notice.id", ondelete="CASCADE"))
    recipient_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    channel: Mapped[str]
    push_subscription_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("push_subscription.id", ondelete="CASCADE")
    )
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    last_error: Mapped[str | None]

    notice: Mapped[Notice] = relationship(lazy="raise")
