"""Owns the rows of photos and of what was covered in them; the pixels lie in `backend.files`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Id
from geo.orm import Base


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """One size of a photo, as it lies in the storage.

    :param size: ``full`` or ``thumb``.
    :param version: counts redactions, so that no cache shows what was there before.
    :param name: in the storage.
    """

    photo_id: UUID
    size: str
    version: int
    name: str
    sha256: str
    size_bytes: int
    width: int
    height: int


class Photo(Base):
    """A picture that belongs to a proposal: only what was made of the file that was sent.

    The full size is there from the beginning, the thumbnail as soon as a job has made it.
    """

    __tablename__ = "photo"
    __table_args__ = (
        CheckConstraint("version > 0", name="version"),
        CheckConstraint(
            "num_nulls(thumb_name, thumb_sha256, thumb_bytes, thumb_width, thumb_height) IN (0, 5)",
            name="thumb_whole",
        ),
        # Deferred: a new order passes through states in which two have the same place.
        UniqueConstraint("proposal_id", "position", deferrable=True, initially="DEFERRED"),
    )

    id: Mapped[Id]
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    position: Mapped[int]
    alt: Mapped[str | None]
    caption: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)
    full_name: Mapped[str] = mapped_column(index=True)
    full_sha256: Mapped[str]
    full_bytes: Mapped[int]
    full_width: Mapped[int]
    full_height: Mapped[int]
    thumb_name: Mapped[str | None] = mapped_column(index=True)
    thumb_sha256: Mapped[str | None]
    thumb_bytes: Mapped[int | None]
    thumb_width: Mapped[int | None]
    thumb_height: Mapped[int | None]
    created_at: Mapped[datetime]
    redacted_at: Mapped[datetime | None]

    @property
    def full(self) -> PhotoFile:
        """Return the photo in its full size."""
        return PhotoFile(
            self.id,
            "full",
            self.version,
            self.full_name,
            self.full_sha256,
            self.full_bytes,
            self.full_width,
            self.full_height,
        )

    @property
    def thumb(self) -> PhotoFile | None:
        """Return the thumbnail; None until it is made."""
        if self.thumb_name is None:
            return None
        return PhotoFile(
            self.id,
            "thumb",
            self.version,
            self.thumb_name,
            self.thumb_sha256 or "",
            self.thumb_bytes or 0,
            self.thumb_width or 0,
            self.thumb_height or 0,
        )


class PhotoRedaction(Base):
    """What an office covered in a photo, and why; what was under it is nowhere any more."""

    __tablename__ = "photo_redaction"
    __table_args__ = (
        CheckConstraint("jsonb_typeof(rectangles) = 'array'", name="rectangles_list"),
    )

    id: Mapped[Id]
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photo.id", ondelete="CASCADE"), index=True)
    redacted_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    rectangles: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    reason: Mapped[str]
    redacted_at: Mapped[datetime]
