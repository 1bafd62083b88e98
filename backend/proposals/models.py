"""Owns the rows of proposals and of who backs them."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from geoalchemy2.shape import to_shape
from sqlalchemy import CheckConstraint, FetchedValue, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.accounts.models import Account
from backend.db import Id
from backend.proposals.co_authors.models import CoAuthor
from backend.proposals.facts import (
    BorderCheck,
    ExactPoint,
    MergedProposal,
    PersonName,
    PublicPlace,
    ResidenceSnapshot,
)
from backend.proposals.photos.models import Photo
from geo.orm import Base, spatial
from geo.regions.models import LocalGovernmentRow, RegionRow

if TYPE_CHECKING:
    from backend.proposals.merges.models import ProposalMerge


class Proposal(Base):
    """A citizen's idea for a place; what a stranger may see of it is a matter of its schema.

    `geom` is the exact point, for its author and the competent reviewers. `public_geom` is
    computed once from it, or is the label point of the neighbourhood when only that was given.
    `local_government_code` is the body that is competent now: the one of the place, until a
    transfer. The residence is the first author's on record at the first submission, and stays it.
    All codes follow the boundaries; the database keeps those that were given, with their
    generation.

    `border` names the neighbourhoods so near the point that it may lie there, as they were called
    when it was given; `emd_confirmed` says that the author chose among them.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint(
            "status IN ('draft', 'submitted', 'supplement_requested', 'adopted', 'rejected',"
            " 'withdrawn', 'merged')",
            name="status",
        ),
        CheckConstraint("(status = 'draft') = (submitted_at IS NULL)", name="submitted_at"),
        CheckConstraint(
            "(status IN ('adopted', 'rejected')) = (decided_at IS NOT NULL)", name="decided_at"
        ),
        CheckConstraint("(status = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_at"),
        CheckConstraint("(status = 'merged') = (merged_at IS NOT NULL)", name="merged_at"),
        CheckConstraint(
            "submitted_at IS NULL OR num_nulls(problem, emd_code, residence_code,"
            " residence_generation_id, residence_confirmed, residence_moved_recently) = 0",
            name="complete_when_submitted",
        ),
        CheckConstraint(
            "num_nulls(public_geom, emd_code, sigungu_code, local_government_code, generation_id)"
            " IN (0, 5)",
            name="place_whole",
        ),
        CheckConstraint("geom IS NULL OR public_geom IS NOT NULL", name="point_has_public_point"),
        CheckConstraint(
            "accuracy_m IS NULL OR (accuracy_m >= 0 AND geom IS NOT NULL)", name="accuracy_of_point"
        ),
        CheckConstraint("NOT emd_confirmed OR geom IS NOT NULL", name="confirmed_has_point"),
        CheckConstraint("jsonb_typeof(border) = 'array'", name="border_array"),
        CheckConstraint("endorsement_count >= 0", name="endorsement_count"),
        CheckConstraint(
            "review_started_at IS NULL OR submitted_at IS NOT NULL", name="review_started_at"
        ),
        CheckConstraint(
            "num_nulls(made_generation_id, made_emd_code, generation_id) IN (0, 3)",
            name="origin_of_place",
        ),
        CheckConstraint(
            "num_nulls(made_residence_generation_id, made_residence_code, residence_code)"
            " IN (0, 3)",
            name="origin_of_residence",
        ),
        ForeignKeyConstraint(
            ["made_generation_id", "made_emd_code"], ["region.generation_id", "region.code"]
        ),
        ForeignKeyConstraint(
            ["made_residence_generation_id", "made_residence_code"],
            ["region.generation_id", "region.code"],
            name="fk_proposal_made_residence",
        ),
        ForeignKeyConstraint(
            ["generation_id", "emd_code"], ["region.generation_id", "region.code"]
        ),
        ForeignKeyConstraint(
            ["generation_id", "sigungu_code"], ["region.generation_id", "region.code"]
        ),
        ForeignKeyConstraint(
            ["generation_id", "local_government_code"],
            ["local_government.generation_id", "local_government.code"],
            name="fk_proposal_local_government",
        ),
        ForeignKeyConstraint(
            ["residence_generation_id", "residence_code"], ["region.generation_id", "region.code"]
        ),
        Index(None, "author_id", "id"),
        Index(None, "submitted_at", "id"),
        Index(None, "category", "submitted_at", "id"),
        Index(None, "local_government_code", "submitted_at", "id"),
        Index(None, "emd_code", "submitted_at", "id"),
        Index(None, "sigungu_code", "submitted_at", "id"),
        Index("ix_proposal_grams", text("proposal_grams(title, problem)"), postgresql_using="gin"),
        Index(
            "ix_proposal_emd_code_prefix",
            "emd_code",
            postgresql_ops={"emd_code": "text_pattern_ops"},
        ),
        Index("ix_proposal_public_geom", "public_geom", postgresql_using="gist"),
        Index(
            "ix_proposal_text_trgm",
            "title",
            "problem",
            postgresql_using="gin",
            postgresql_ops={"title": "gin_trgm_ops", "problem": "gin_trgm_ops"},
        ),
    )

    id: Mapped[Id]
    author_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    category: Mapped[str]
    title: Mapped[str]
    problem: Mapped[str | None]
    idea: Mapped[str | None]

    geom: Mapped[Any] = mapped_column(spatial("POINT"), nullable=True)
    accuracy_m: Mapped[float | None]
    border: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    emd_confirmed: Mapped[bool] = mapped_column(default=False)
    public_geom: Mapped[Any] = mapped_column(spatial("POINT"), nullable=True)
    emd_code: Mapped[str | None]
    sigungu_code: Mapped[str | None]
    local_government_code: Mapped[str | None]
    generation_id: Mapped[int | None]
    made_emd_code: Mapped[str | None] = mapped_column(
        server_default=FetchedValue(), server_onupdate=FetchedValue()
    )
    made_generation_id: Mapped[int | None] = mapped_column(
        server_default=FetchedValue(), server_onupdate=FetchedValue()
    )

    residence_code: Mapped[str | None]
    residence_generation_id: Mapped[int | None]
    made_residence_code: Mapped[str | None] = mapped_column(
        server_default=FetchedValue(), server_onupdate=FetchedValue()
    )
    made_residence_generation_id: Mapped[int | None] = mapped_column(
        server_default=FetchedValue(), server_onupdate=FetchedValue()
    )
    residence_confirmed: Mapped[bool | None]
    residence_moved_recently: Mapped[bool | None]
    neighbourhood_public: Mapped[bool] = mapped_column(default=False)
    anonymous: Mapped[bool] = mapped_column(default=False)

    status: Mapped[str] = mapped_column(default="draft")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    review_started_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    merged_at: Mapped[datetime | None]
    endorsement_count: Mapped[int] = mapped_column(default=0)
    is_synthetic: Mapped[bool] = mapped_column(default=False)

    account: Mapped[Account] = relationship(viewonly=True)
    co_authors: Mapped[list[CoAuthor]] = relationship(
        viewonly=True, order_by=[CoAuthor.joined_at, CoAuthor.id]
    )
    emd: Mapped[RegionRow | None] = relationship(
        foreign_keys="[Proposal.generation_id, Proposal.emd_code]", viewonly=True
    )
    sigungu: Mapped[RegionRow | None] = relationship(
        foreign_keys="[Proposal.generation_id, Proposal.sigungu_code]", viewonly=True
    )
    local_government: Mapped[LocalGovernmentRow | None] = relationship(viewonly=True)
    residence_region: Mapped[RegionRow | None] = relationship(
        foreign_keys="[Proposal.residence_generation_id, Proposal.residence_code]", viewonly=True
    )
    photos: Mapped[list[Photo]] = relationship(order_by=Photo.position, viewonly=True)

    merge: Mapped["ProposalMerge | None"] = relationship(
        primaryjoin="and_(ProposalMerge.merged_id == Proposal.id,"
        " ProposalMerge.undone_at.is_(None))",
        viewonly=True,
    )
    taken_in: Mapped[list["ProposalMerge"]] = relationship(
        primaryjoin="and_(ProposalMerge.end_id == Proposal.id, ProposalMerge.undone_at.is_(None))",
        order_by="ProposalMerge.merged_at, ProposalMerge.id",
        viewonly=True,
    )

    @property
    def is_public(self) -> bool:
        """Tell whether everybody may see it: from the first submission on."""
        return self.submitted_at is not None

    @property
    def co_author_ids(self) -> frozenset[UUID]:
        """Return the accounts that write it together with its first author."""
        return frozenset(co_author.account_id for co_author in self.co_authors)

    def is_written_by(self, account_id: UUID) -> bool:
        """Tell whether a person is its first author or a co-author."""
        return account_id == self.author_id or account_id in self.co_author_ids

    @property
    def author(self) -> PersonName | None:
        """Return its first author, as everybody may know them; None where they chose that."""
        return None if self.anonymous else PersonName(self.account.display_name)

    @property
    def credited_co_authors(self) -> list[PersonName]:
        """Return who wrote with the first author, as everybody may know them."""
        if self.anonymous:
            return []
        return [PersonName(co_author.account.display_name) for co_author in self.co_authors]

    @property
    def merged_into(self) -> UUID | None:
        """Return what stands for it since it was merged; None while it stands by itself."""
        return self.merge.end_id if self.status == "merged" and self.merge else None

    @property
    def merged_proposals(self) -> list[MergedProposal]:
        """Return the proposals that are a part of it, with whom they are credited to."""
        return [
            MergedProposal(
                id=merge.merged.id,
                title=merge.merged.title,
                submitted_at=merge.merged.submitted_at,
                merged_at=merge.merged_at,
                proposer=merge.merged.author.display_name if merge.merged.author else None,
            )
            for merge in self.taken_in
        ]

    @property
    def public_place(self) -> PublicPlace | None:
        """Return where it is about, as everybody may know it; None while a draft has no place."""
        if self.emd is None or self.sigungu is None or self.local_government is None:
            return None
        point = to_shape(self.public_geom)
        return PublicPlace(point.x, point.y, self.emd, self.sigungu, self.local_government)

    @property
    def exact_point(self) -> ExactPoint | None:
        """Return the point as it was given; None where only a neighbourhood was."""
        if self.geom is None:
            return None
        point = to_shape(self.geom)
        return ExactPoint(point.x, point.y, self.accuracy_m)

    @property
    def border_check(self) -> BorderCheck:
        """Return whether the author has to say on which side of a border the point lies."""
        return BorderCheck(bool(self.border) and not self.emd_confirmed, self.border)

    @property
    def residence(self) -> ResidenceSnapshot | None:
        """Return where the author lived at the first submission; None before it."""
        if self.residence_region is None:
            return None
        return ResidenceSnapshot(
            self.residence_region,
            bool(self.residence_confirmed),
            bool(self.residence_moved_recently),
        )


class Endorsement(Base):
    """One person's backing of one proposal."""

    __tablename__ = "endorsement"
    __table_args__ = (Index(None, "account_id", "created_at", "proposal_id"),)

    proposal_id: Mapped[UUID] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    created_at: Mapped[datetime]

    proposal: Mapped[Proposal] = relationship(viewonly=True)
