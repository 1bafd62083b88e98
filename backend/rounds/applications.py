"""Owns the rules of an institution's wishes: a ranking, replaced as a whole until the deadline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from geoalchemy2.shape import from_shape
from shapely import Point
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.service import record
from backend.db import new_id
from backend.errors import Conflict, Invalid
from backend.organizations.models import Institution, Position
from backend.organizations.queries import InstitutionNotFound
from backend.organizations.sites import place_site
from backend.rounds import states
from backend.rounds.facts import load_governments
from backend.rounds.models import Application, Round
from backend.rounds.queries import RoundNotFound, all_offers, list_ranking, lock_round
from backend.rounds.residence import covers
from backend.rounds.rules import FIXED_SKIPS_MATCHING
from geo.orm import SRID_WGS84


class OfferUnknown(Invalid):
    """The round does not offer what is asked for."""

    code = "offer_unknown"
    ko = "이 차수의 대상 제품이 아닙니다."
    en = "The round has no such offer."


class OfferRepeated(Invalid):
    """One package of an offer can be asked for once."""

    code = "offer_repeated"
    ko = "같은 제품을 두 번 신청할 수 없습니다."
    en = "The same offer is asked for twice."


class InstitutionFixed(Conflict):
    """The institution gets the offer without a matching (rule `fixed_skips_matching`)."""

    code = "institution_fixed"
    ko = "이 제품의 시범사용기관으로 이미 지정되어 있어 신청할 필요가 없습니다(규칙 {rule})."
    en = "The institution is fixed for this offer already and need not apply (rule {rule})."


class OfferForFixedOnly(Conflict):
    """The offer is for the institutions that asked for it first (rule `fixed_skips_matching`)."""

    code = "offer_for_fixed_only"
    ko = "시범사용기관이 이미 정해져 신청을 받지 않는 제품입니다(규칙 {rule})."
    en = "The institutions for this offer are fixed; it takes no applications (rule {rule})."


class OfferWithdrawn(Conflict):
    """The supplier took the offer back."""

    code = "offer_withdrawn"
    ko = "공급기업이 철회한 제품입니다. 철회 이유: {reason}"
    en = "The supplier has withdrawn this offer. Its reason: {reason}"


class PledgeIncomplete(Invalid):
    """A pledge to buy says what is pledged, and without a pledge there is nothing to say."""

    code = "pledge_incomplete"
    ko = "후속 구매를 약속할 때에만 그 내용을 함께 적어 주세요."
    en = "Say what is pledged, and only where a purchase is pledged."


class InstitutionClosed(Conflict):
    """An institution that exists no more cannot apply."""

    code = "institution_closed"
    ko = "폐지된 기관은 신청할 수 없습니다."
    en = "An institution that exists no more cannot apply."


class SiteOutsideJurisdiction(Invalid):
    """A body of some regions uses a product in its regions, or at its own site."""

    code = "site_outside_jurisdiction"
    ko = "설치 장소가 기관의 관할 지역 밖입니다."
    en = "The site lies outside the institution's jurisdiction."


@dataclass(frozen=True, slots=True)
class Wish:
    """One offer that an institution asks for.

    :param site: where the product would stand; the institution's own site when None.
    :param pledges_purchase: whether the institution pledges to buy the product after the trial.
    :param pledge_text: what exactly it pledges; None without a pledge.
    """

    offer_id: UUID
    reason: str
    site: Position | None = None
    pledges_purchase: bool = False
    pledge_text: str | None = None


def replace_ranking(
    session: Session,
    *,
    round_id: UUID,
    institution_id: UUID,
    wishes: Sequence[Wish],
    actor_id: UUID | None,
    now: datetime,
) -> list[Application]:
    """Replace all that an institution asks for in a round; what is left out is withdrawn.

    :param wishes: first choice first; none withdraws everything.
    :return: the applications that stand, first choice first.
    :raises OfferUnknown: when the round does not offer it.
    :raises OfferRepeated: when an offer is there twice.
    :raises OfferWithdrawn: when its supplier took it back.
    :raises OfferForFixedOnly: when it is for fixed institutions alone.
    :raises InstitutionFixed: when the institution gets the offer anyway.
    :raises PledgeIncomplete: when a pledge has no words, or words no pledge.
    :raises Invalid: when a site is wrong, as `organizations.sites` or here.
    :raises DomainError: as `enter_window`.
    """
    round_, institution = enter_window(
        session, round_id=round_id, institution_id=institution_id, now=now
    )
    paths = [f"json.applications.{index}" for index in range(len(wishes))]
    check_wishes(session, round_id, institution_id, wishes, paths)
    places = place_wishes(session, institution, wishes, paths)

    rows = {
        row.offer_id: row
        for row in session.scalars(
            select(Application).where(
                Application.round_id == round_id, Application.institution_id == institution_id
            )
        )
    }
    # Two steps, because positions are unique among the applications that stand.
    for row in rows.values():
        if row.withdrawn_at is None:
            row.withdrawn_at, row.withdrawn_by = now, actor_id
    session.flush()
    for position, (wish, place) in enumerate(zip(wishes, places, strict=True), start=1):
        row = rows.get(wish.offer_id) or Application(
            id=new_id(),
            round_id=round_id,
            offer_id=wish.offer_id,
            institution_id=institution_id,
            applied_by=actor_id,
            applied_at=now,
        )
        row.position = position
        row.reason = wish.reason
        row.pledges_purchase, row.pledge_text = wish.pledges_purchase, wish.pledge_text
        row.site_geom, row.site_emd_code, row.generation_id = place
        row.changed_by, row.changed_at = actor_id, now
        row.withdrawn_at = row.withdrawn_by = None
        session.add(row)
    record(
        session,
        action="applications.replaced",
        subject_type="institution",
        subject_id=institution_id,
        actor_id=actor_id,
        now=now,
        chain=str(institution_id),
        data={"round": round_.code, "offers": [str(wish.offer_id) for wish in wishes]},
    )
    return list_ranking(session, round_id=round_id, institution_id=institution_id)


def enter_window(
    session: Session, *, round_id: UUID, institution_id: UUID, now: datetime
) -> tuple[Round, Institution]:
    """Return a round and an institution, both locked while the institution changes its wishes.

    Applicants share the round's lock and whoever closes, extends or cancels it holds it alone:
    `now`, read once when the request came, and the state under the lock decide, nothing else.

    :raises RoundNotFound: when there is no such round, or nobody knows of it yet.
    :raises RoundNotOpen: before the window and from the deadline on.
    :raises RoundCancelled: when the round was cancelled.
    :raises InstitutionNotFound: when there is no such institution.
    :raises InstitutionClosed: when it exists no more.
    """
    round_ = lock_round(session, round_id, shared=True)
    if not round_.is_public:
        raise RoundNotFound
    states.check_window(round_, now)
    return round_, _lock_institution(session, institution_id)


def _lock_institution(session: Session, institution_id: UUID) -> Institution:
    # Two people of one institution replace its ranking one after the other.
    institution = session.scalar(
        select(Institution)
        .where(Institution.organization_id == institution_id)
        .with_for_update(of=Institution, key_share=True)
        .execution_options(populate_existing=True)
    )
    if institution is None:
        raise InstitutionNotFound
    if institution.organization.closed_at is not None:
        raise InstitutionClosed
    return institution


def check_wishes(
    session: Session,
    round_id: UUID,
    institution_id: UUID,
    wishes: Sequence[Wish],
    paths: Sequence[str],
) -> None:
    """Refuse wishes that the round does not take.

    :param paths: where each wish stands in the request, such as ``json.applications.0``.
    :raises DomainError: as `replace_ranking`, of the offers and pledges.
    """
    offers = {offer.id: offer for offer in all_offers(session, round_id)}
    seen: set[UUID] = set()
    for wish, path in zip(wishes, paths, strict=True):
        field = f"{path}.offer_id"
        offer = offers.get(wish.offer_id)
        if offer is None:
            raise OfferUnknown(field=field)
        if wish.offer_id in seen:
            raise OfferRepeated(field=field)
        if offer.withdrawn_at is not None:
            raise OfferWithdrawn(field=field, reason=offer.withdrawal_reason)
        if institution_id in offer.fixed_institution_ids:
            raise InstitutionFixed(field=field, rule=FIXED_SKIPS_MATCHING)
        if not offer.takes_applications:
            raise OfferForFixedOnly(field=field, rule=FIXED_SKIPS_MATCHING)
        if wish.pledges_purchase != (wish.pledge_text is not None):
            raise PledgeIncomplete(field=f"{path}.pledge_text")
        seen.add(wish.offer_id)


def place_wishes(
    session: Session, institution: Institution, wishes: Sequence[Wish], paths: Sequence[str]
) -> list[tuple[Any, str | None, int]]:
    """Return per wish the point, its emd and the generation of the boundaries.

    :param paths: where each wish stands in the request.
    :raises Invalid: when a site is wrong, as `organizations.sites` or outside the jurisdiction.
    """
    own = (institution.site_geom, institution.site_emd_code, institution.generation_id)
    if all(wish.site is None for wish in wishes):
        return [own] * len(wishes)
    governments = load_governments(session)
    places = []
    for wish, path in zip(wishes, paths, strict=True):
        if wish.site is None:
            places.append(own)
            continue
        field = f"{path}.site"
        try:
            placing = place_site(session, wish.site, scope=institution.scope)
        except Invalid as error:
            error.field = field
            raise
        emd_code = placing.emd_code
        if institution.scope == "regions" and not any(
            covers(code, emd_code or "", governments) for code in institution.jurisdiction_codes
        ):
            raise SiteOutsideJurisdiction(field=field)
        point = from_shape(Point(*wish.site), srid=SRID_WGS84)
        places.append((point, emd_code, placing.generation_id))
    return places
