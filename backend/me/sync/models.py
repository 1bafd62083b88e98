"""Owns the rows of changes, which triggers write (`note_change` in the migrations)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from geo.orm import Base


class Change(Base):
    """The newest change of a subject: whoever keeps a copy has to look at it again.

    What it became is not told here. A row is for one account, or for everybody who follows the
    subject: that a proposal changed is one row, however many endorse it.

    A newer change takes the row of the one before with its own numbers. None is lost by it: as
    long as a transaction runs, nobody has read as far as its number.
    """

    __tablename__ = "change"
    __table_args__ = (
        CheckConstraint("kind IN ('residence', 'proposal', 'notice')", name="kind"),
        Index(
            "uq_change_of_all",
            "kind",
            "subject_id",
            unique=True,
            postgresql_where="account_id IS NULL",
        ),
        Index(
            "uq_change_of_one",
            "account_id",
            "kind",
            "subject_id",
            unique=True,
            postgresql_where="account_id IS NOT NULL",
        ),
        Index(
            "ix_change_of_one",
            "account_id",
            "xid",
            "seq",
            postgresql_where="account_id IS NOT NULL",
        ),
    )

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=False), primary_key=True)
    xid: Mapped[int] = mapped_column(
        BigInteger, server_default=text("pg_current_xact_id()::text::bigint")
    )
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    kind: Mapped[str]
    subject_id: Mapped[UUID]
    noted_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    """For how long it is kept, and nothing else: order is a matter of `xid` and `seq`."""


class ChangeHorizon(Base):
    """The highest number of a transaction whose changes were forgotten; one row, or none yet."""

    __tablename__ = "change_horizon"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    xid: Mapped[int] = mapped_column(BigInteger)
