"""Owns the rows of people's choices; who has none has the defaults."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo.orm import Base


class NotificationPreference(Base):
    """What one person chose; groups that are missing from `channels` have their defaults."""

    __tablename__ = "notification_preference"
    __table_args__ = (
        CheckConstraint("language IN ('ko', 'en')", name="language"),
        CheckConstraint("num_nulls(quiet_from, quiet_until) IN (0, 2)", name="quiet_whole"),
        CheckConstraint("quiet_from <> quiet_until", name="quiet_not_all_day"),
        CheckConstraint("digest_every IN ('daily', 'weekly')", name="digest_every"),
        CheckConstraint("digest_hour BETWEEN 0 AND 23", name="digest_hour"),
        CheckConstraint("digest_weekday BETWEEN 1 AND 7", name="digest_weekday"),
        CheckConstraint("jsonb_typeof(channels) = 'object'", name="channels_object"),
    )

    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str]
    quiet_from: Mapped[time | None]
    quiet_until: Mapped[time | None]
    digest_every: Mapped[str]
    digest_hour: Mapped[int]
    digest_weekday: Mapped[int]
    channels: Mapped[dict[str, Any]] = mapped_column(JSONB)
    updated_at: Mapped[datetime]
