"""Owns what an author does alone: beginning, changing and discarding a draft."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.audit.service import record
from backend.db import conflict_on, new_id
from backend.errors import Conflict, PermissionDenied
from backend.proposals.categories import check_category
from backend.proposals.models import Proposal
from backend.proposals.photos.disposal import delete_photos_of_proposal
from backend.proposals.places import Place, place_of_point, place_of_region
from backend.proposals.queries import lock_proposal
from backend.proposals.service import append_event
from backend.proposals.states import is_editable
from backend.proposals.uploads.disposal import delete_uploads_for_proposal
from backend.proposals.versions.service import keep_version
from geo.regions import local_government_of


class IdTaken(Conflict):
    """A client chose an id that somebody else's proposal has."""

    code = "id_taken"
    ko = "이미 쓰인 id입니다. 새 UUID로 다시 보내 주세요."
    en = "This id is in use. Send a new UUID."


class NotEditable(Conflict):
    """What is under review is changed only when the local government asks for it."""

    code = "proposal_not_editable"
    ko = "심사가 시작된 제안은 보완 요청을 받았을 때만 고칠 수 있습니다."
    en = "Once its review has started, a proposal can be changed only when that is asked for."


class NotYoursToConsent(PermissionDenied):
    """Nobody consents for somebody else to what becomes public of them."""

    code = "first_author_only"
    ko = "사는 동네 공개와 이름 공개는 처음 제안한 사람만 정할 수 있습니다."
    en = "Only the first author decides that a neighbourhood or names are shown."


class StaysAnonymous(Conflict):
    """Who was promised at the submission not to be named is not named later."""

    code = "proposal_stays_anonymous"
    ko = "익명으로 제출한 제안은 나중에 이름을 드러낼 수 없습니다."
    en = "A proposal that was submitted anonymously does not show names later."


class NotDiscardable(Conflict):
    """What was submitted is withdrawn, not deleted."""

    code = "proposal_not_discardable"
    ko = "제출한 제안은 지울 수 없습니다. 철회를 이용해 주세요."
    en = "A submitted proposal cannot be deleted. Withdraw it instead."


class PlaceOfAnotherGovernment(Conflict):
    """What was submitted may get a more exact place, not another body that is competent."""

    code = "place_of_another_local_government"
    ko = "제출한 뒤에는 장소를 다른 지방자치단체로 옮길 수 없습니다. 철회하고 새로 제안해 주세요."
    en = (
        "Once submitted, the place cannot move to another local government. Withdraw the proposal"
        " and make a new one."
    )


TEXTS = ("category", "title", "problem", "idea", "neighbourhood_public", "anonymous")
"""What an author may set besides the place."""

AT_ANY_TIME = frozenset({"anonymous"})
"""What an author may change in every state."""


def create_draft(
    session: Session,
    *,
    author_id: UUID,
    category: str,
    title: str,
    now: datetime,
    id: UUID | None = None,  # noqa: A002 (the client's name for it)
    problem: str | None = None,
    idea: str | None = None,
    neighbourhood_public: bool = False,
    anonymous: bool = False,
    location: Mapping[str, Any] | None = None,
    region_code: str | None = None,
    is_synthetic: bool = False,
) -> tuple[Proposal, bool]:
    """Begin a draft; return it and whether it is new.

    :param id: chosen by the client, so that the request can be repeated: a second time the same
        author gets the draft that is there, as it is.
    :param neighbourhood_public: consent that the author's neighbourhood (dong) becomes public if
        a product comes of the proposal.
    :param anonymous: show no author's name to the public.
    :param location: ``lon``, ``lat`` in degrees and perhaps ``accuracy_m`` and
        ``confirmed_region_code``.
    :param region_code: eight digits, in place of a point.
    :param is_synthetic: made up for a demonstration, and shown as such.
    :raises UnknownCategory: when there is no such category.
    :raises IdTaken: when the id belongs to somebody else's proposal.
    :raises CoordinatesSwapped, PointOutsideKorea, RegionNotNearPoint, RegionUnknown,
        RegionTooCoarse: for a bad place.
    """
    existing = session.get(Proposal, id) if id else None
    if existing is not None:
        return _own(existing, author_id), False
    check_category(category)
    proposal = Proposal(
        id=id or new_id(),
        author_id=author_id,
        category=category,
        title=title,
        problem=problem,
        idea=idea,
        neighbourhood_public=neighbourhood_public,
        anonymous=anonymous,
        created_at=now,
        updated_at=now,
        is_synthetic=is_synthetic,
    )
    place = _find_place(session, location, region_code)
    if place is not None:
        place.put_on(proposal)
    try:
        with conflict_on(session, pk_proposal=IdTaken(field="json.id")):
            session.add(proposal)
    except IdTaken:
        return _own(lock_proposal(session, proposal.id), author_id), False
    record(
        session,
        action="proposal.drafted",
        subject_type="proposal",
        subject_id=proposal.id,
        actor_id=author_id,
        now=now,
    )
    return proposal, True


def edit_proposal(
    session: Session,
    *,
    proposal_id: UUID,
    actor_id: UUID,
    changes: Mapping[str, Any],
    now: datetime,
) -> Proposal:
    """Change a draft, what was sent back, or a submission whose review has not started.

    A change after the submission is kept as a version and told in the thread. To be anonymous can
    be chosen in every state; to be named, only for a draft.

    :param changes: any of `TEXTS`, ``location`` and ``region_code``; what is absent stays.
    :raises ProposalNotFound: when there is none.
    :raises NotEditable: when it is under review or decided.
    :raises NotYoursToConsent: when a co-author would consent for the first author.
    :raises StaysAnonymous: when names would be shown after the submission.
    :raises TooManyVersions: when it was changed too often since its submission.
    :raises PlaceOfAnotherGovernment: when the place of what was submitted moves.
    :raises UnknownCategory: when there is no such category.
    :raises CoordinatesSwapped, PointOutsideKorea, RegionNotNearPoint, RegionUnknown,
        RegionTooCoarse: for a bad place.
    """
    proposal = lock_proposal(session, proposal_id)
    if not is_editable(proposal) and not (changes and changes.keys() <= AT_ANY_TIME):
        raise NotEditable
    _check_consents(proposal, actor_id, changes)
    if "category" in changes:
        check_category(changes["category"])
    place = _find_place(session, changes.get("location"), changes.get("region_code"))
    if place is not None:
        _put_place(session, proposal, place)
    for name in TEXTS:
        if name in changes:
            setattr(proposal, name, changes[name])
    proposal.updated_at = now
    record(
        session,
        action="proposal.edited",
        subject_type="proposal",
        subject_id=proposal.id,
        actor_id=actor_id,
        now=now,
        data={"fields": sorted(changes)},
    )
    if proposal.status == "submitted":
        _keep_edit(session, proposal, actor_id, now)
    return proposal


def discard_draft(session: Session, *, proposal_id: UUID, actor_id: UUID, now: datetime) -> None:
    """Delete a draft, which nobody else has seen.

    :raises ProposalNotFound: when there is none.
    :raises NotDiscardable: when it was submitted.
    """
    proposal = lock_proposal(session, proposal_id)
    if proposal.status != "draft":
        raise NotDiscardable
    delete_photos_of_proposal(session, proposal_id)
    delete_uploads_for_proposal(session, proposal_id)
    session.delete(proposal)
    record(
        session,
        action="proposal.discarded",
        subject_type="proposal",
        subject_id=proposal_id,
        actor_id=actor_id,
        now=now,
    )


def _keep_edit(session: Session, proposal: Proposal, actor_id: UUID, now: datetime) -> None:
    version = keep_version(session, proposal, kind="edited", now=now)
    if version is None:
        return
    append_event(
        session,
        proposal_id=proposal.id,
        kind="edited",
        actor_id=actor_id,
        data={"version": version.number},
        public=True,
        now=now,
    )


def _check_consents(proposal: Proposal, actor_id: UUID, changes: Mapping[str, Any]) -> None:
    shows_names = changes.get("anonymous") is False and proposal.anonymous
    consents = "neighbourhood_public" in changes or shows_names
    if consents and actor_id != proposal.author_id:
        raise NotYoursToConsent
    if shows_names and proposal.is_public:
        raise StaysAnonymous(field="json.anonymous")


def _own(proposal: Proposal, author_id: UUID) -> Proposal:
    if proposal.author_id != author_id:
        raise IdTaken(field="json.id")
    return proposal


def _find_place(
    session: Session, location: Mapping[str, Any] | None, region_code: str | None
) -> Place | None:
    if location is not None:
        return place_of_point(session, **location)
    if region_code is not None:
        return place_of_region(session, region_code=region_code)
    return None


def _put_place(session: Session, proposal: Proposal, place: Place) -> None:
    """Store a place; once submitted, who is competent stays as it is, transfers included."""
    competent = proposal.local_government_code
    if proposal.is_public and proposal.emd_code is not None:
        before = local_government_of(session, proposal.emd_code)
        if place.local_government_code != before.code:
            raise PlaceOfAnotherGovernment(field="json.location")
    place.put_on(proposal)
    if proposal.is_public:
        proposal.local_government_code = competent
    session.flush()
