"""Owns how changes of the boundaries and the cases that they leave are read."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.errors import NotFound
from backend.pagination import Page, paginate
from backend.regions.models import BoundaryCase, BoundaryChange


class BoundaryChangeNotFound(NotFound):
    """There is no such change of the boundaries."""

    code = "boundary_change_not_found"
    ko = "경계 변경 기록을 찾을 수 없습니다."
    en = "There is no such change of the boundaries."


class BoundaryCaseNotFound(NotFound):
    """The change left no such case."""

    code = "boundary_case_not_found"
    ko = "이 경계 변경에 그런 확인 대상이 없습니다."
    en = "This change of the boundaries left no such case."


def get_change(session: Session, change_id: UUID) -> BoundaryChange:
    """Return a change of the boundaries.

    :raises BoundaryChangeNotFound: when there is none.
    """
    change = session.get(BoundaryChange, change_id)
    if change is None:
        raise BoundaryChangeNotFound
    return change


def find_latest_change(session: Session) -> BoundaryChange | None:
    """Return the last change of the boundaries, a roll-back too."""
    return session.scalar(
        select(BoundaryChange)
        .order_by(BoundaryChange.happened_at.desc(), BoundaryChange.id.desc())
        .limit(1)
    )


def list_cases(
    session: Session, *, change_id: UUID, is_open: bool, limit: int, after: str | None
) -> Page:
    """Return the cases of a change, by id.

    :param is_open: only those about which nobody has decided yet.
    """
    statement = select(BoundaryCase).where(BoundaryCase.change_id == change_id)
    if is_open:
        statement = statement.where(BoundaryCase.closed_at.is_(None))
    return paginate(session, statement, BoundaryCase.id, limit=limit, after=after)


def lock_case(session: Session, change_id: UUID, case_id: UUID) -> BoundaryCase:
    """Return a case of a change as it is now, locked until the transaction ends.

    :raises BoundaryCaseNotFound: when the change left none of that id.
    """
    case = session.scalar(
        select(BoundaryCase)
        .where(BoundaryCase.id == case_id, BoundaryCase.change_id == change_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if case is None:
        raise BoundaryCaseNotFound
    return case
