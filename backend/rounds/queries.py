"""Owns how rounds, offers and applications are read."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from backend.errors import NotFound
from backend.pagination import Page, paginate
from backend.rounds.models import Application, BudgetArea, Offer, Round


class RoundNotFound(NotFound):
    """There is no such round, or it is a draft that the caller may not know of."""

    code = "round_not_found"
    ko = "차수를 찾을 수 없습니다."
    en = "There is no such round."


class AreaNotFound(NotFound):
    """The round has no such budget area."""

    code = "budget_area_not_found"
    ko = "이 차수에 그런 예산 분야가 없습니다."
    en = "The round has no such budget area."


class OfferNotFound(NotFound):
    """The round has no such offer."""

    code = "offer_not_found"
    ko = "이 차수에 그런 대상 제품이 없습니다."
    en = "The round has no such offer."


class ApplicationNotFound(NotFound):
    """The institution has no such application in the round, or took it back."""

    code = "application_not_found"
    ko = "이 기관이 이 차수에 낸 그런 신청이 없습니다."
    en = "The institution has no such application in this round."


def get_round(session: Session, round_id: UUID) -> Round:
    """Return a round.

    :raises RoundNotFound: when there is none.
    """
    round_ = session.get(Round, round_id)
    if round_ is None:
        raise RoundNotFound
    return round_


def lock_round(session: Session, round_id: UUID, *, shared: bool = False) -> Round:
    """Return a round as it is now, locked until the transaction ends.

    :param shared: only keep others from changing it, as applicants do side by side.
    :raises RoundNotFound: when there is none.
    """
    round_ = session.scalar(
        select(Round)
        .where(Round.id == round_id)
        .with_for_update(read=shared)
        .execution_options(populate_existing=True)
    )
    if round_ is None:
        raise RoundNotFound
    return round_


def find_round_by_code(session: Session, code: str) -> Round | None:
    """Return the round with a code such as 2026-1."""
    return session.scalar(select(Round).where(Round.code == code))


def list_rounds(
    session: Session,
    *,
    include_drafts: bool,
    status: str | None,
    programme_year: int | None,
    limit: int,
    after: str | None,
) -> Page:
    """Return rounds, the newest first.

    :param include_drafts: also those that were not announced yet.
    """
    statement = select(Round)
    if not include_drafts:
        statement = statement.where(Round.status != "draft")
    if status is not None:
        statement = statement.where(Round.status == status)
    if programme_year is not None:
        statement = statement.where(Round.programme_year == programme_year)
    return paginate(session, statement, Round.id, limit=limit, after=after, descending=True)


def get_area(session: Session, round_id: UUID, area_id: UUID) -> BudgetArea:
    """Return a budget area of a round.

    :raises AreaNotFound: when the round has no such area.
    """
    area = session.get(BudgetArea, area_id)
    if area is None or area.round_id != round_id:
        raise AreaNotFound
    return area


def get_offer(session: Session, round_id: UUID, offer_id: UUID) -> Offer:
    """Return an offer of a round.

    :raises OfferNotFound: when the round has no such offer.
    """
    offer = session.get(Offer, offer_id)
    if offer is None or offer.round_id != round_id:
        raise OfferNotFound
    return offer


def list_offers(
    session: Session, *, round_id: UUID, area_id: UUID | None, limit: int, after: str | None
) -> Page:
    """Return the offers of a round, in the order in which they were made."""
    statement = (
        select(Offer)
        .where(Offer.round_id == round_id)
        .options(joinedload(Offer.product), joinedload(Offer.area))
    )
    if area_id is not None:
        statement = statement.where(Offer.area_id == area_id)
    return paginate(session, statement, Offer.id, limit=limit, after=after)


def all_offers(session: Session, round_id: UUID) -> list[Offer]:
    """Return every offer of a round, with product and area, by id."""
    statement = (
        select(Offer)
        .where(Offer.round_id == round_id)
        .options(joinedload(Offer.product), joinedload(Offer.area))
        .order_by(Offer.id)
    )
    return list(session.scalars(statement))


def get_application(
    session: Session, *, round_id: UUID, institution_id: UUID, application_id: UUID
) -> Application:
    """Return an application of an institution that stands.

    :raises ApplicationNotFound: when the institution has no such application in the round.
    """
    row = session.get(Application, application_id, populate_existing=True)
    if (
        row is None
        or (row.round_id, row.institution_id) != (round_id, institution_id)
        or row.withdrawn_at is not None
    ):
        raise ApplicationNotFound
    return row


def list_ranking(session: Session, *, round_id: UUID, institution_id: UUID) -> list[Application]:
    """Return what an institution asks for in a round, its first choice first."""
    return list(
        session.scalars(
            select(Application)
            .where(
                Application.round_id == round_id,
                Application.institution_id == institution_id,
                Application.withdrawn_at.is_(None),
            )
            .order_by(Application.position)
        )
    )


def list_applications(
    session: Session,
    *,
    round_id: UUID,
    institution_id: UUID | None,
    offer_id: UUID | None,
    limit: int,
    after: str | None,
) -> Page:
    """Return the applications of a round that stand, the oldest first."""
    statement = select(Application).where(
        Application.round_id == round_id, Application.withdrawn_at.is_(None)
    )
    if institution_id is not None:
        statement = statement.where(Application.institution_id == institution_id)
    if offer_id is not None:
        statement = statement.where(Application.offer_id == offer_id)
    return paginate(session, statement, Application.id, limit=limit, after=after)


def all_applications(session: Session, round_id: UUID) -> Sequence[Application]:
    """Return every application of a round that stands, by institution and rank."""
    return session.scalars(
        select(Application)
        .where(Application.round_id == round_id, Application.withdrawn_at.is_(None))
        .order_by(Application.institution_id, Application.position)
    ).all()
