"""Owns the rows of files that are on their way; their chunks lie in `backend.files`."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Id
from geo.orm import Base


class Upload(Base):
    """A photo of which a part has arrived; the photo will have the same id.

    It stays for a while after its completion, so that a lost answer can be asked for again.
    """

    __tablename__ = "upload"
    __table_args__ = (
        CheckConstraint("received_bytes BETWEEN 0 AND size_bytes", name="received_bytes"),
        CheckConstraint(
            "completed_at IS NULL OR received_bytes = size_bytes", name="whole_when_completed"
        ),
    )

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    proposal_id: Mapped[UUID] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), index=True
    )
    folder: Mapped[str] = mapped_column(index=True)
    size_bytes: Mapped[int]
    received_bytes: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str | None]
    alt: Mapped[str | None]
    caption: Mapped[str | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    completed_at: Mapped[datetime | None]

    @property
    def author_id(self) -> UUID:
        """Return whose it is, as the policy asks."""
        return self.account_id

    def chunk_name(self, offset: int) -> str:
        """Return the name of the chunk that begins at a byte."""
        return f"{self.folder}/{offset:010d}"
