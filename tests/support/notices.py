"""Owns people of the tests who can be reached, and notices to tell them."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.db import new_id
from backend.notifications.deliveries.models import Delivery
from backend.notifications.letters.models import EmailConfirmation
from backend.notifications.models import Notice
from backend.notifications.push.models import PushSubscription
from backend.notifications.service import notify
from tests.conftest import NOW
from tests.support.people import BEFORE
from tests.support.push_service import Device

TITLE = "야광 차선"
"""Of the proposal that notices are about; it must not leave by push."""


def confirm_address(session: Session, account: Account) -> None:
    """Have the address of an account confirmed, and commit."""
    session.add(
        EmailConfirmation(
            account_id=account.id, email=account.email, requested_at=BEFORE, confirmed_at=BEFORE
        )
    )
    session.commit()


def subscribe(session: Session, account: Account, endpoint: str, device: Device) -> UUID:
    """Have a device take messages of an account, commit, and return the subscription's id."""
    subscription = PushSubscription(
        id=new_id(), account_id=account.id, endpoint=endpoint, created_at=BEFORE, **device.keys
    )
    session.add(subscription)
    session.commit()
    return subscription.id


def tell(
    session: Session, account: Account, kind: str = "proposal_submitted", now: datetime = NOW
) -> Notice:
    """Tell somebody of a proposal, and commit."""
    notice = notify(
        session,
        recipient_id=account.id,
        kind=kind,
        subject_type="proposal",
        subject_id=uuid4(),
        params={
            "title": TITLE,
            "reason": "밤길이 어둡습니다.",
            "local_government": {"ko": "원주시", "en": "Wonju"},
        },
        now=now,
    )
    session.commit()
    return notice


def deliveries(session: Session) -> list[Any]:
    """Return all deliveries as they are now, in the order in which they were planned."""
    session.expire_all()
    return list(session.scalars(select(Delivery).order_by(Delivery.id)))
