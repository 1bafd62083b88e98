"""Owns the rows of push subscriptions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Id
from geo.orm import Base


class PushSubscription(Base):
    """Where one device of a person takes messages, and the keys to seal them with (RFC 8291).

    A browser has one endpoint: whoever signed in on it last gets its messages. `device_id` names
    the device without a foreign key, as the app chose it.
    """

    __tablename__ = "push_subscription"
    __table_args__ = (UniqueConstraint("endpoint"), Index(None, "account_id", "id"))

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    device_id: Mapped[UUID | None]
    endpoint: Mapped[str]
    p256dh: Mapped[str]
    auth: Mapped[str]
    created_at: Mapped[datetime]
