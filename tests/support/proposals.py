"""Owns the proposals of the tests, brought by the services to the state that a test begins with."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from geoalchemy2.shape import from_shape
from shapely import Point
from sqlalchemy import insert, inspect
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.proposals.drafts import create_draft
from backend.proposals.models import Proposal
from backend.reviews.decisions import decide
from backend.reviews.submission import submit_proposal
from geo.orm import SRID_WGS84
from tests.support.people import (
    BEFORE,
    CITY_HALL,
    CITY_HALL_EMD,
    local_government_organization,
    make_reviewer,
    register,
)

REASON = "주민 불편이 크고 바로 시범사용할 수 있는 제안입니다."


def make_draft(session: Session, author: Account | None = None, **facts: Any) -> Proposal:
    """Make a complete draft at City Hall, by somebody who lives there, and commit."""
    author = author or register(session, residence=CITY_HALL_EMD)
    given: dict[str, Any] = {
        "category": "safety",
        "title": "골목길 비상벨 연동 감시장치",
        "problem": "밤길에 비상벨을 눌러도 누가 듣는지 알 수 없다.",
        "now": BEFORE + timedelta(days=60),
    }
    if "region_code" not in facts:
        given["location"] = {"lon": CITY_HALL[0], "lat": CITY_HALL[1], "accuracy_m": 12.5}
    proposal, _ = create_draft(session, author_id=author.id, **{**given, **facts})
    session.commit()
    return proposal


def make_submitted(session: Session, author: Account | None = None, **facts: Any) -> Proposal:
    """Make a proposal that waits at the local government of its place, and commit."""
    proposal = make_draft(session, author, **facts)
    local_government_organization(session, proposal.local_government_code or "")
    now: datetime = facts.get("now", proposal.created_at)
    submit_proposal(session, proposal_id=proposal.id, actor_id=proposal.author_id, now=now)
    session.commit()
    return proposal


def make_decided(
    session: Session,
    author: Account | None = None,
    *,
    outcome: str = "adopted",
    reviewer: Account | None = None,
    **facts: Any,
) -> Proposal:
    """Make a proposal that its local government adopted, or decided otherwise, and commit."""
    proposal = make_submitted(session, author, **facts)
    code = proposal.local_government_code or ""
    reviewer = reviewer or make_reviewer(session, code)
    decide(
        session,
        proposal_id=proposal.id,
        local_government_code=code,
        actor_id=reviewer.id,
        outcome=outcome,
        reason=REASON,
        now=proposal.updated_at + timedelta(days=3),
    )
    session.commit()
    return proposal


def make_copies(session: Session, proposal: Proposal, spots: Iterable[tuple[float, float]]) -> None:
    """Have as many more proposals like one as there are public points, and commit.

    They stay in its region, wherever they stand: what counts is where marks are drawn.

    :param spots: (lon, lat) of each.
    """
    like = {column.key: getattr(proposal, column.key) for column in inspect(Proposal).column_attrs}
    rows = [
        like | {"id": uuid4(), "geom": None, "accuracy_m": None, "public_geom": point}
        for point in (from_shape(Point(*spot), srid=SRID_WGS84) for spot in spots)
    ]
    session.execute(insert(Proposal), rows)
    session.commit()
