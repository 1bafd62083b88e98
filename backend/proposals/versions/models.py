"""Owns the rows of versions: what a proposal said whenever its reviewers were given it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from geoalchemy2.shape import to_shape
from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.proposals.facts import VersionPlace
from geo.orm import Base, spatial
from geo.regions.models import RegionRow


class ProposalVersion(Base):
    """The public part of a proposal as it was handed in, or as its author corrected it after.

    Rows are added, never changed: the place keeps the codes of its time, with their generation,
    and the exact point is not here.
    """

    __tablename__ = "proposal_version"
    __table_args__ = (
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("kind IN ('submitted', 'edited', 'resubmitted')", name="kind"),
        ForeignKeyConstraint(
            ["generation_id", "emd_code"], ["region.generation_id", "region.code"]
        ),
    )

    proposal_id: Mapped[UUID] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    made_at: Mapped[datetime]
    category: Mapped[str]
    title: Mapped[str]
    problem: Mapped[str]
    idea: Mapped[str | None]
    public_geom: Mapped[Any] = mapped_column(spatial("POINT"), nullable=False)
    emd_code: Mapped[str]
    generation_id: Mapped[int]

    emd: Mapped[RegionRow] = relationship(viewonly=True)

    @property
    def place(self) -> VersionPlace:
        """Return where it was about, as everybody may know it."""
        point = to_shape(self.public_geom)
        return VersionPlace(point.x, point.y, self.emd)
