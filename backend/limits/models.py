"""Owns the rows of counted requests; UNLOGGED, since a crash may well forget them."""

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from geo.orm import Base


class RateLimit(Base):
    """How often something was done in a window of time that ends at `expires_at`.

    The key is an HMAC: neither an address nor an account can be read out of it.
    """

    __tablename__ = "rate_limit"
    __table_args__ = (Index(None, "expires_at"), {"prefixes": ["UNLOGGED"]})

    key: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)
    expires_at: Mapped[datetime]
