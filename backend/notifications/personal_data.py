"""Owns what notices and their channels keep of a person: the copy, and its erasure."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import delete, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.accounts.personal_data import ERASED_NAME
from backend.notifications.addresses.models import EmailChange
from backend.notifications.areas.models import AreaSubscription
from backend.notifications.deliveries.models import Delivery
from backend.notifications.letters.models import EmailConfirmation
from backend.notifications.models import Notice
from backend.notifications.preferences.models import NotificationPreference
from backend.notifications.push.models import PushSubscription
from backend.rows import Part

ABOUT_MEMBERS = "invitation_accepted"
"""The one kind of notice that tells somebody else a person's address."""

FORGOTTEN_AT_ONCE = 2_000
"""Rows that one transaction of the clearing deletes."""


def export_for(account_id: UUID) -> Sequence[Part]:
    """Return which rows are a person's own."""
    return (
        Part("notices", Notice, Notice.recipient_id == account_id),
        Part("deliveries", Delivery, Delivery.recipient_id == account_id, {"claimed_at"}),
        Part(
            "notification_preferences",
            NotificationPreference,
            NotificationPreference.account_id == account_id,
        ),
        Part(
            "push_subscriptions",
            PushSubscription,
            PushSubscription.account_id == account_id,
            {"p256dh", "auth"},
        ),
        Part(
            "area_subscriptions",
            AreaSubscription,
            AreaSubscription.account_id == account_id,
            {"bounds"},
        ),
        Part("email_change", EmailChange, EmailChange.account_id == account_id),
        Part("email_confirmation", EmailConfirmation, EmailConfirmation.account_id == account_id),
    )


def erase_for(session: Session, account_id: UUID) -> None:
    """Delete what a person was told, and how they wanted to hear of it."""
    for table in (NotificationPreference, AreaSubscription, EmailConfirmation, EmailChange):
        session.execute(delete(table).where(table.account_id == account_id))
    # Deliveries go with either.
    session.execute(delete(Notice).where(Notice.recipient_id == account_id))
    session.execute(delete(PushSubscription).where(PushSubscription.account_id == account_id))


def forget_address(session: Session, email: str, organization_ids: Collection[UUID]) -> None:
    """Delete a person's address where it was told to those who had invited them.

    :param organization_ids: for which they worked.
    """
    session.execute(
        update(Notice)
        .where(
            Notice.subject_id.in_(organization_ids),
            Notice.kind == ABOUT_MEMBERS,
            Notice.params["email"].astext == email,
        )
        .values(params=Notice.params.op("||")(literal({"email": ERASED_NAME}, JSONB)))
    )


def forget_about(session: Session, subject_ids: Collection[UUID]) -> None:
    """Delete what anybody was told of subjects that are gone with their author."""
    session.execute(delete(Notice).where(Notice.subject_id.in_(subject_ids)))


def forget_of_erased(session: Session) -> int:
    """Delete notices that came for people who had been erased; return how many."""
    some = (
        select(Notice.id)
        .join(Account, Account.id == Notice.recipient_id)
        .where(Account.erased_at.is_not(None))
        .limit(FORGOTTEN_AT_ONCE)
    )
    gone = session.execute(delete(Notice).where(Notice.id.in_(some)).returning(Notice.id))
    return len(gone.all())
