"""Owns reading public proposals as service requests; each read is bounded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from backend.errors import DomainError, NotFound
from backend.maps.queries import select_proposals
from backend.proposals.models import Proposal
from geo.orm import Executor

LONGEST_SPAN = timedelta(days=90)
MOST_REQUESTS = 1000
"""Both as GeoReport v2 sets them for `GET requests`."""

STATUSES = {"open": ("submitted", "supplement_requested"), "closed": ("adopted", "rejected")}
"""Status of a service request -> states of a proposal."""


class SpanTooLong(DomainError):
    """The dates lie further apart than the specification lets them, or the wrong way round."""

    code = "span_too_long"
    ko = "start_date에서 end_date까지는 90일을 넘을 수 없고, 순서가 맞아야 합니다."
    en = "From start_date to end_date there may be 90 days at most, in this order."


class ServiceRequestNotFound(NotFound):
    """There is no such public proposal."""

    code = "service_request_not_found"
    ko = "공개된 제안 가운데 그런 번호가 없습니다."
    en = "There is no public proposal with this id."


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which service requests are asked for; what is None does not matter.

    :param service_request_id: these, whatever else is asked for.
    :param service_code: codes of categories.
    :param status: `open`, `closed` or both.
    """

    service_request_id: Sequence[UUID] | None = None
    service_code: Sequence[str] | None = None
    status: Sequence[str] | None = None
    start_date: datetime | None = None
    end_date: datetime | None = None


def list_requests(conn: Executor, wanted: Wanted, now: datetime) -> Sequence[Any]:
    """Return service requests, the newest first: of the last 90 days unless dates are given.

    :raises SpanTooLong: when the dates lie too far apart.
    """
    newest_first = (Proposal.submitted_at.desc(), Proposal.id.desc())
    statement = select_proposals().order_by(*newest_first).limit(MOST_REQUESTS)
    if wanted.service_request_id is not None:
        return conn.execute(statement.where(Proposal.id.in_(wanted.service_request_id))).all()
    start, end = _span(wanted, now)
    statement = statement.where(Proposal.submitted_at.between(start, end))
    if wanted.service_code is not None:
        statement = statement.where(Proposal.category.in_(wanted.service_code))
    if wanted.status is not None:
        states = [state for status in wanted.status for state in STATUSES[status]]
        statement = statement.where(Proposal.status.in_(states))
    return conn.execute(statement).all()


def get_request(conn: Executor, proposal_id: UUID) -> Any:
    """Return one service request.

    :raises ServiceRequestNotFound: when no public proposal has the id.
    """
    row = conn.execute(select_proposals().where(Proposal.id == proposal_id)).one_or_none()
    if row is None:
        raise ServiceRequestNotFound
    return row


def _span(wanted: Wanted, now: datetime) -> tuple[datetime, datetime]:
    start, end = wanted.start_date, wanted.end_date
    if start is None:
        end = end or now
        start = end - LONGEST_SPAN
    elif end is None:
        end = start + LONGEST_SPAN
    if not start <= end <= start + LONGEST_SPAN:
        raise SpanTooLong
    return start, end
