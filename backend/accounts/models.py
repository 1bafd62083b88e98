"""Owns the rows of people, their residences, their sign-ins and lost passwords."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, FetchedValue, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Id
from geo.orm import Base


class Account(Base):
    """A person who can sign in. The e-mail address is the one contact that is asked for.

    Who came from a provider has neither address nor password, but an identity (`accounts.oidc`).
    Of the birth date nothing is kept but the day on which a child turns fourteen, until then.
    Of who was erased only the id is left, for what others built on and for the audit chains.
    """

    __tablename__ = "account"
    __table_args__ = (
        UniqueConstraint("email"),
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint("password_hash IS NULL OR email IS NOT NULL", name="password_with_email"),
        CheckConstraint(
            "guardian_needed_until IS NULL OR age_declared_at IS NOT NULL",
            name="guardian_of_declared_age",
        ),
        CheckConstraint(
            "erased_at IS NULL OR (disabled_at IS NOT NULL AND num_nonnulls(email, password_hash,"
            " age_declared_at, guardian_needed_until) = 0)",
            name="erased_whole",
        ),
        Index("ix_account_erased_at", "erased_at", postgresql_where="erased_at IS NOT NULL"),
    )

    id: Mapped[Id]
    email: Mapped[str | None]
    display_name: Mapped[str]
    password_hash: Mapped[str | None]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    is_synthetic: Mapped[bool] = mapped_column(default=False)
    age_declared_at: Mapped[datetime | None]
    guardian_needed_until: Mapped[date | None]


class Residence(Base):
    """Where a person declared to live, as a legal dong; the row that is not superseded counts.

    Living in a region is no location information: no coordinate is ever kept here. The code
    follows the boundaries; the database keeps the one that was declared, and its generation.
    """

    __tablename__ = "residence"
    __table_args__ = (
        Index(
            "uq_residence_current",
            "account_id",
            unique=True,
            postgresql_where="superseded_at IS NULL",
        ),
        CheckConstraint("superseded_at >= declared_at", name="superseded_after_declared"),
    )

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    region_code: Mapped[str]
    generation_id: Mapped[int] = mapped_column(ForeignKey("region_generation.id"))
    made_region_code: Mapped[str] = mapped_column(server_default=FetchedValue())
    made_generation_id: Mapped[int] = mapped_column(
        ForeignKey("region_generation.id"), server_default=FetchedValue()
    )
    declared_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    superseded_at: Mapped[datetime | None]


class LocationUse(Base):
    """One use of a position that a phone gave, without the position: what for, when, what came.

    Kept because who uses location information has to be able to prove it (Act on the Protection,
    Use, etc. of Location Information, Article 16(2)); the person reads it, and it is cleared.
    """

    __tablename__ = "location_use"
    __table_args__ = (
        CheckConstraint("purpose IN ('residence_confirmation')", name="purpose"),
        CheckConstraint("result IN ('confirmed', 'elsewhere')", name="result"),
        Index(None, "account_id", "id"),
        Index(None, "used_at"),
    )

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    purpose: Mapped[str]
    region_code: Mapped[str]
    result: Mapped[str]
    used_at: Mapped[datetime]


class SignIn(Base):
    """A person signed in on one device, and all refresh tokens that came of it.

    Signing in anew on the same device ends the one before. Days tell when the device was seen;
    no address of it is kept.
    """

    __tablename__ = "sign_in"
    __table_args__ = (
        Index(None, "account_id"),
        Index(None, "expires_at"),
        Index(
            "uq_sign_in_open_device",
            "account_id",
            "device_id",
            unique=True,
            postgresql_where="ended_at IS NULL",
        ),
    )

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    device_id: Mapped[UUID]
    """Made by the app when it was installed, or by us where it has none."""
    device_name: Mapped[str | None]
    platform: Mapped[str | None]
    first_seen_on: Mapped[date]
    last_seen_on: Mapped[date]
    started_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    """Of the newest refresh token."""
    ended_at: Mapped[datetime | None]


class RefreshToken(Base):
    """One link of a sign-in: used once, it is followed by the next.

    Only the token's SHA-256 is kept.
    """

    __tablename__ = "refresh_token"
    __table_args__ = (
        UniqueConstraint("token_sha256"),
        Index(None, "sign_in_id"),
        Index(None, "expires_at"),
    )

    id: Mapped[Id]
    sign_in_id: Mapped[UUID] = mapped_column(ForeignKey("sign_in.id", ondelete="CASCADE"))
    token_sha256: Mapped[str]
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class PasswordReset(Base):
    """Somebody asked for a new password.

    A row without an account stands for an address that nobody has registered, so that both take
    the same steps; it is good for nothing. Only the token's SHA-256 is kept.
    """

    __tablename__ = "password_reset"
    __table_args__ = (
        UniqueConstraint("token_sha256"),
        Index(None, "account_id"),
        Index(None, "asked_at"),
        CheckConstraint("(token_sha256 IS NULL) = (expires_at IS NULL)", name="token_expires"),
    )

    id: Mapped[Id]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    token_sha256: Mapped[str | None]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
