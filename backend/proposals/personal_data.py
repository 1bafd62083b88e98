"""Owns what proposals keep of a person: the copy they may have, and its erasure.

What others built on stays without the name: submitted proposals with their versions, and comments.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from backend.notifications.personal_data import forget_about
from backend.proposals.co_authors.models import CoAuthor, CoAuthorInvitation
from backend.proposals.comments.models import Comment, CommentReport
from backend.proposals.events import ProposalEvent
from backend.proposals.follows.models import Follow
from backend.proposals.merges.models import CarriedEndorsement
from backend.proposals.models import Endorsement, Proposal
from backend.proposals.photos.disposal import delete_photos_of, delete_photos_of_proposal
from backend.proposals.photos.models import Photo
from backend.proposals.photos.queries import list_photos_of
from backend.proposals.remapping import RESIDENCE
from backend.proposals.uploads.disposal import delete_uploads_for_proposal, delete_uploads_of
from backend.proposals.uploads.models import Upload
from backend.proposals.versions.models import ProposalVersion
from backend.regions.models import BoundaryCase, RecordMove
from backend.rows import Part

DERIVED = frozenset({"made_emd_code", "made_generation_id", "made_residence_generation_id"})
STORED = frozenset({"full_name", "full_sha256", "thumb_name", "thumb_sha256"})


def export_for(account_id: UUID) -> Sequence[Part]:
    """Return which rows are a person's own; photos' pixels are `list_photo_files`'s."""
    own = select(Proposal.id).where(Proposal.author_id == account_id)
    return (
        Part("proposals", Proposal, Proposal.author_id == account_id, DERIVED),
        Part("proposal_versions", ProposalVersion, ProposalVersion.proposal_id.in_(own)),
        Part("proposal_events", ProposalEvent, ProposalEvent.proposal_id.in_(own)),
        Part("co_authorships", CoAuthor, CoAuthor.account_id == account_id),
        Part(
            "co_author_invitations",
            CoAuthorInvitation,
            CoAuthorInvitation.accepted_by == account_id,
            {"token_sha256"},
        ),
        Part("photos", Photo, Photo.author_id == account_id, STORED),
        Part("uploads", Upload, Upload.account_id == account_id, {"folder"}),
        Part("endorsements", Endorsement, Endorsement.account_id == account_id),
        Part(
            "carried_endorsements", CarriedEndorsement, CarriedEndorsement.account_id == account_id
        ),
        Part("follows", Follow, Follow.account_id == account_id),
        Part("comments", Comment, Comment.author_id == account_id),
        Part("comment_reports", CommentReport, CommentReport.account_id == account_id),
    )


def list_photo_files(session: Session, account_id: UUID) -> Iterator[tuple[UUID, str]]:
    """Yield the photos that a person sent, each with the name of its full size in the storage."""
    for photo in list_photos_of(session, account_id):
        yield photo.id, photo.full_name


def list_submitted_ids(session: Session, account_id: UUID) -> Sequence[UUID]:
    """Return the proposals of a first author that everybody may see."""
    return session.scalars(
        select(Proposal.id).where(
            Proposal.author_id == account_id, Proposal.submitted_at.is_not(None)
        )
    ).all()


def erase_for(
    session: Session, account_id: UUID, *, answered: Collection[UUID], now: datetime
) -> None:
    """Delete what is a person's alone, and take them out of what others built on.

    :param answered: proposals that a product answers: rounds place it first where their proposers
        lived, so that the residence on record stays, as a code. Elsewhere the place of the
        proposal, which everybody knows, takes its place.
    """
    _leave(session, account_id)
    _end_drafts(session, account_id)
    _take_out(session, account_id, answered)
    delete_uploads_of(session, account_id)
    # Records what it does, and comes last for that.
    delete_photos_of(session, account_id, now=now)


def _leave(session: Session, account_id: UUID) -> None:
    """Take back what somebody did about proposals of others; their counts stay true."""
    backed = (
        select(Proposal.id)
        .join(Endorsement, Endorsement.proposal_id == Proposal.id)
        .where(Endorsement.account_id == account_id)
        .order_by(Proposal.id)
        .with_for_update(key_share=True, of=Proposal)
    )
    ids = session.scalars(backed).all()
    gone = session.scalars(
        delete(Endorsement)
        .where(Endorsement.account_id == account_id, Endorsement.proposal_id.in_(ids))
        .returning(Endorsement.proposal_id)
    ).all()
    session.execute(
        update(Proposal)
        .where(Proposal.id.in_(gone))
        .values(endorsement_count=Proposal.endorsement_count - 1)
    )
    session.execute(delete(CarriedEndorsement).where(CarriedEndorsement.account_id == account_id))
    session.execute(delete(Follow).where(Follow.account_id == account_id))
    session.execute(delete(CommentReport).where(CommentReport.account_id == account_id))
    session.execute(delete(CoAuthor).where(CoAuthor.account_id == account_id))
    session.execute(delete(CoAuthorInvitation).where(CoAuthorInvitation.accepted_by == account_id))


def _end_drafts(session: Session, account_id: UUID) -> None:
    """Delete drafts; one that others write too becomes that of who came first after its author."""
    drafts = session.scalars(
        select(Proposal)
        .where(Proposal.author_id == account_id, Proposal.submitted_at.is_(None))
        .order_by(Proposal.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    ended = []
    for draft in drafts:
        heir = session.scalar(
            select(CoAuthor)
            .where(CoAuthor.proposal_id == draft.id)
            .order_by(CoAuthor.joined_at, CoAuthor.id)
            .limit(1)
        )
        if heir is None:
            delete_photos_of_proposal(session, draft.id)
            delete_uploads_for_proposal(session, draft.id)
            ended.append(draft.id)
            session.delete(draft)
        else:
            draft.author_id = heir.account_id
            draft.geom, draft.accuracy_m, draft.emd_confirmed = None, None, False
            session.delete(heir)
        session.flush()
    # Who was asked to write along was told the title.
    forget_about(session, ended)


def _take_out(session: Session, account_id: UUID, answered: Collection[UUID]) -> None:
    submitted = (Proposal.author_id == account_id, Proposal.submitted_at.is_not(None))
    session.execute(
        update(Proposal)
        .where(*submitted)
        .values(
            geom=None, accuracy_m=None, border=[], emd_confirmed=False, neighbourhood_public=False
        )
    )
    forgotten = session.scalars(
        update(Proposal)
        .where(*submitted, Proposal.id.not_in(answered))
        .values(
            residence_code=Proposal.emd_code,
            residence_generation_id=Proposal.generation_id,
            made_residence_code=Proposal.made_emd_code,
            made_residence_generation_id=Proposal.made_generation_id,
            residence_confirmed=False,
            residence_moved_recently=False,
        )
        .returning(Proposal.id)
    ).all()
    for table in (RecordMove, BoundaryCase):
        session.execute(
            delete(table).where(
                table.subject_type == RESIDENCE.subject_type, table.subject_id.in_(forgotten)
            )
        )
    session.execute(
        update(ProposalEvent).where(ProposalEvent.actor_id == account_id).values(actor_id=None)
    )
    # What was hidden is nothing that others read, so that nobody needs it.
    session.execute(
        update(Comment)
        .where(
            Comment.author_id == account_id,
            Comment.hidden_at.is_not(None),
            Comment.deleted_at.is_(None),
        )
        .values(text=None, deleted_at=Comment.hidden_at)
    )
    session.expire_all()
