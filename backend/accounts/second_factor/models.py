"""Owns the rows of second factors and of the codes that stand in for a lost phone."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from geo.orm import Base


class SecondFactor(Base):
    """The authenticator of an account; until it is confirmed nobody is asked for it."""

    __tablename__ = "second_factor"
    __table_args__ = (CheckConstraint("failures >= 0", name="failures_not_negative"),)

    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int | None] = mapped_column(BigInteger)
    """Number of the last time step whose code was taken; no code is taken twice."""
    failures: Mapped[int] = mapped_column(default=0)
    """Wrong codes since `failing_since`."""
    failing_since: Mapped[datetime | None]


class RecoveryCode(Base):
    """A code for the day on which the authenticator is lost; good once, kept as its HMAC."""

    __tablename__ = "recovery_code"

    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("second_factor.account_id", ondelete="CASCADE"), primary_key=True
    )
    code_hmac: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    used_at: Mapped[datetime | None]
