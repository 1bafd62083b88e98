"""Owns the rows of what people said to which version of which document; each is a new one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from geo.orm import Base


class Consent(Base):
    """What one person said to one version of a document; the latest of each document counts."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_account_document", "account_id", "document", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    document: Mapped[str]
    version: Mapped[str]
    agreed: Mapped[bool]
    decided_at: Mapped[datetime]
