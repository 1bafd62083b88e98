"""Owns the rows of exports; the archives lie in `backend.files`."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Id
from geo.orm import Base


class PersonalExport(Base):
    """A copy of what is stored about a person, until it is too old.

    Of the link to it only the SHA-256 of its token is kept, until it is used or replaced.
    """

    __tablename__ = "personal_export"
    __table_args__ = (
        CheckConstraint(
            "num_nulls(ready_at, expires_at, file_name, file_bytes, file_sha256) IN (0, 5)",
            name="ready_whole",
        ),
        CheckConstraint(
            "num_nulls(link_sha256, link_expires_at) IN (0, 2)"
            " AND (link_sha256 IS NULL OR ready_at IS NOT NULL)",
            name="link_whole",
        ),
        UniqueConstraint("link_sha256"),
        Index(
            "uq_personal_export_under_way",
            "account_id",
            unique=True,
            postgresql_where="ready_at IS NULL",
        ),
        Index(None, "account_id", "id"),
        Index(None, "requested_at"),
        Index(None, "file_name"),
    )

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    requested_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    file_name: Mapped[str | None]
    file_bytes: Mapped[int | None] = mapped_column(BigInteger)
    file_sha256: Mapped[str | None]
    link_sha256: Mapped[str | None]
    link_expires_at: Mapped[datetime | None]
    downloaded_at: Mapped[datetime | None]

    @property
    def state(self) -> str:
        """Return ``preparing`` or ``ready``."""
        return "preparing" if self.ready_at is None else "ready"
