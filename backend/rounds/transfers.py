"""Owns the rules of moving money between the budget areas of a round, until the matching is run."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from backend.db import new_id
from backend.errors import Conflict, Invalid
from backend.pagination import Page, paginate
from backend.rounds.inputs import check_not_frozen
from backend.rounds.models import BudgetTransfer
from backend.rounds.queries import get_area, lock_round
from backend.rounds.service import ensure_runnable
from backend.rounds.trail import record_change


class TransferToItself(Invalid):
    """Money goes from one area to another."""

    code = "transfer_to_itself"
    ko = "서로 다른 두 예산 분야를 골라 주세요."
    en = "Choose two different areas."


class BalanceTooLow(Conflict):
    """An area does not give what it has not."""

    code = "balance_too_low"
    ko = "예산 분야의 잔액({balance_krw:,}원)보다 많이 옮길 수 없습니다."
    en = "The area has {balance_krw:,} won; no more can be moved."


class AmountsDiffer(Conflict):
    """Won with VAT and won without, or of two years' budgets, do not add up."""

    code = "amounts_differ"
    ko = "부가가치세 포함 여부와 예산 연도가 같은 분야끼리만 옮길 수 있습니다."
    en = "Money moves between areas of one budget year that both include VAT, or both do not."


def transfer_money(
    session: Session,
    *,
    round_id: UUID,
    from_area_id: UUID,
    to_area_id: UUID,
    amount_krw: int,
    reason: str,
    actor_id: UUID | None,
    now: datetime,
) -> BudgetTransfer:
    """Move money from one area of a round to another.

    :param amount_krw: in won, VAT included exactly when it is in both areas.
    :raises RoundNotFound: when there is no such round.
    :raises RoundCancelled: when it was cancelled.
    :raises InputsFrozen: when its inputs are frozen.
    :raises RoundRun: when its matching was run.
    :raises AreaNotFound: when the round has no such area.
    :raises TransferToItself: when both areas are one.
    :raises AmountsDiffer: when the areas are not of one kind and year.
    :raises BalanceTooLow: when the area has less.
    :raises InstanceNotAccepted: when fixed placements need the money.
    """
    round_ = lock_round(session, round_id)
    check_not_frozen(session, round_)
    giving = get_area(session, round_id, from_area_id)
    taking = get_area(session, round_id, to_area_id)
    if giving.id == taking.id:
        raise TransferToItself(field="json.to_area_id")
    for area in (giving, taking):
        # Whoever held the round's lock before may have changed what this session has read.
        session.refresh(area)
    if (giving.vat_included, giving.budget_year) != (taking.vat_included, taking.budget_year):
        raise AmountsDiffer(field="json.to_area_id")
    if amount_krw > giving.budget_krw:
        raise BalanceTooLow(field="json.amount_krw", balance_krw=giving.budget_krw)
    giving.budget_krw -= amount_krw
    taking.budget_krw += amount_krw
    transfer = BudgetTransfer(
        id=new_id(),
        round_id=round_id,
        from_area_id=giving.id,
        to_area_id=taking.id,
        amount_krw=amount_krw,
        vat_included=giving.vat_included,
        budget_year=giving.budget_year,
        reason=reason,
        transferred_by=actor_id,
        transferred_at=now,
    )
    session.add(transfer)
    ensure_runnable(session, round_, now)
    record_change(
        session,
        round_,
        "round.budget_transferred",
        actor_id=actor_id,
        now=now,
        transfer_id=str(transfer.id),
        from_area=giving.key,
        to_area=taking.key,
        amount_krw=amount_krw,
        reason=reason,
    )
    return transfer


def has_transfers(session: Session, area_id: UUID) -> bool:
    """Tell whether money was ever moved from or to an area."""
    return (
        session.scalar(
            select(BudgetTransfer.id)
            .where(
                (BudgetTransfer.from_area_id == area_id) | (BudgetTransfer.to_area_id == area_id)
            )
            .limit(1)
        )
        is not None
    )


def list_transfers(session: Session, *, round_id: UUID, limit: int, after: str | None) -> Page:
    """Return the transfers between the areas of a round, the newest first."""
    statement = (
        select(BudgetTransfer)
        .where(BudgetTransfer.round_id == round_id)
        .options(joinedload(BudgetTransfer.from_area), joinedload(BudgetTransfer.to_area))
    )
    return paginate(
        session, statement, BudgetTransfer.id, limit=limit, after=after, descending=True
    )
