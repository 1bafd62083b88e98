"""Owns the rows of signing in with a provider: attempts under way, and who came from where."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Id
from geo.orm import Base


class SignInAttempt(Base):
    """One try to sign in with a provider, good once and for minutes.

    With a code, it has redirect, challenge and state; with an ID token of the provider's own kit,
    none of them. Of state and nonce only the SHA-256 is kept.
    """

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        CheckConstraint(
            "(redirect_uri IS NULL) = (code_challenge IS NULL)"
            " AND (redirect_uri IS NULL) = (state_sha256 IS NULL)",
            name="code_flow_whole",
        ),
        CheckConstraint("expires_at > begun_at", name="expires_after_begun"),
        Index(None, "expires_at"),
    )

    id: Mapped[Id]
    provider: Mapped[str]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    """Who was signed in and wants to add the provider to the account; None to sign in."""
    redirect_uri: Mapped[str | None]
    code_challenge: Mapped[str | None]
    state_sha256: Mapped[str | None]
    nonce_sha256: Mapped[str]
    begun_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ExternalIdentity(Base):
    """Somebody at a provider who is a person here: a keyed hash of issuer and subject.

    The e-mail address that a provider may tell is never asked for, and nobody is found by it.
    """

    __tablename__ = "external_identity"
    __table_args__ = (
        UniqueConstraint("subject_hmac"),
        Index(None, "account_id"),
        CheckConstraint("subject_hmac ~ '^[0-9a-f]{64}$'", name="subject_hmac_form"),
    )

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    provider: Mapped[str]
    subject_hmac: Mapped[str]
    linked_at: Mapped[datetime]
