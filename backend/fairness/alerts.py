"""Owns the alert before a deadline: local governments hear that nobody there applies."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.auth.identity import Role
from backend.catalogue.models import Product
from backend.catalogue.validity import seoul_date
from backend.fairness.gaps import Gap, list_gaps
from backend.fairness.models import DeadlineAlert
from backend.notifications.service import notify
from backend.organizations.models import Institution, Organization
from backend.organizations.queries import find_local_government_organization, list_staff_ids
from backend.rounds.models import Round
from backend.rounds.states import show_time
from geo.romanization import romanize_name

MOST_NAMED = 5
"""Products that a notice names; the rest is counted."""


def alert_governments(session: Session, *, now: datetime, days: int) -> list[DeadlineAlert]:
    """Tell the staff of each local government with a gap, once a round, before the deadline.

    A local government without staff is told nothing and tried again at the next run.

    :param days: how many days before the day of the deadline, by the calendar of Korea.
    """
    alerts = []
    for round_ in _list_ending(session, now, seoul_date(now) + timedelta(days=days)):
        for gap in list_gaps(session, round_):
            organization = find_local_government_organization(session, gap.local_government_code)
            if organization is None:
                continue
            staff = list_staff_ids(session, organization.id, Role.REVIEWER, Role.MANAGER)
            if not staff or not _note(session, round_, gap, now):
                continue
            params = _params(session, round_, gap, organization)
            for account_id in staff:
                notify(
                    session,
                    recipient_id=account_id,
                    kind="nobody_applies",
                    subject_type="round",
                    subject_id=round_.id,
                    params=params,
                    now=now,
                )
            alerts.append(session.get_one(DeadlineAlert, (round_.id, gap.local_government_code)))
    return alerts


def _list_ending(session: Session, now: datetime, last_day: date) -> list[Round]:
    rounds = session.scalars(
        select(Round)
        .where(Round.status == "open", Round.opens_at <= now, Round.closes_at > now)
        .order_by(Round.id)
    )
    return [round_ for round_ in rounds if seoul_date(round_.closes_at) <= last_day]


def _note(session: Session, round_: Round, gap: Gap, now: datetime) -> bool:
    """Keep that the local government is told now; False when it was told before."""
    noted = session.scalar(
        insert(DeadlineAlert)
        .values(round_id=round_.id, local_government_code=gap.local_government_code, alerted_at=now)
        .on_conflict_do_nothing()
        .returning(DeadlineAlert.round_id)
    )
    return noted is not None


def _params(
    session: Session, round_: Round, gap: Gap, organization: Organization
) -> dict[str, Any]:
    name = organization.name_ko
    return {
        "round": round_.titles,
        "local_government": {"ko": name, "en": romanize_name(name.split()[-1])},
        "products": _name_products(gap.products),
        "closes_at": show_time(round_.closes_at),
        "institutions": _count_institutions(session, gap.local_government_code),
    }


def _name_products(products: tuple[Product, ...]) -> dict[str, str]:
    named, more = products[:MOST_NAMED], len(products) - MOST_NAMED
    korean = ", ".join(f"‘{product.names['ko']}’" for product in named)
    english = ", ".join(f"“{product.names['en']}”" for product in named)
    if more > 0:
        return {"ko": f"{korean} 외 {more}개", "en": f"{english} and {more} more"}
    return {"ko": korean, "en": english}


def _count_institutions(session: Session, local_government_code: str) -> int:
    statement = (
        select(func.count())
        .select_from(Institution)
        .join(Organization, Institution.organization_id == Organization.id)
        .where(
            Institution.local_government_code == local_government_code,
            Organization.closed_at.is_(None),
        )
    )
    return session.scalar(statement) or 0
