"""Owns what institutions hear of a round while it goes on; its outcome is told by `publication`."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.auth.identity import Role
from backend.notifications.service import notify
from backend.organizations.queries import list_staff_ids
from backend.rounds.models import Application, FixedInstitution, Offer, Round


def tell_institutions(
    session: Session,
    round_: Round,
    institution_ids: Collection[UUID],
    kind: str,
    params: Mapping[str, Any],
    *,
    now: datetime,
) -> None:
    """Tell everybody who applies for some institutions something about a round.

    :param kind: of the notice; its sentences may name the round.
    :param params: of the notice, beyond the round.
    """
    for institution_id in sorted(institution_ids):
        for account_id in list_staff_ids(session, institution_id, Role.APPLICANT):
            notify(
                session,
                recipient_id=account_id,
                kind=kind,
                subject_type="round",
                subject_id=round_.id,
                params={"round": round_.titles, **params},
                now=now,
            )


def involved_institutions(session: Session, round_id: UUID) -> set[UUID]:
    """Return the institutions that ask for something in a round, or get something without."""
    asking = select(Application.institution_id).where(
        Application.round_id == round_id, Application.withdrawn_at.is_(None)
    )
    fixed = (
        select(FixedInstitution.institution_id)
        .join(Offer, FixedInstitution.offer_id == Offer.id)
        .where(Offer.round_id == round_id)
    )
    return set(session.scalars(asking.union(fixed)))


def institutions_of_offer(session: Session, offer_id: UUID) -> set[UUID]:
    """Return the institutions that ask for an offer, or for which it is fixed."""
    asking = select(Application.institution_id).where(
        Application.offer_id == offer_id, Application.withdrawn_at.is_(None)
    )
    fixed = select(FixedInstitution.institution_id).where(FixedInstitution.offer_id == offer_id)
    return set(session.scalars(asking.union(fixed)))
