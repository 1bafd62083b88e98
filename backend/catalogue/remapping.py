"""Owns what a change of the boundaries does to products of a local government's own research."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backend.organizations.queries import get_local_government_organization
from backend.regions.changes import (
    Change,
    Counts,
    Movable,
    decide_by_hand,
    move,
    open_cases,
    restore,
)

OWN_RESEARCH = Movable("product", "product", "id", ("rnd_local_government_code",))


def remap(session: Session, change: Change, now: datetime) -> Mapping[str, Counts]:
    """Give each such product to the body that follows the one whose research it was.

    Where several follow, it stays with the one that is gone until a person decides.

    :param change: whose crosswalk was spread in this transaction.
    """
    restore(session, change, OWN_RESEARCH)
    counts = move(
        session,
        change,
        OWN_RESEARCH,
        """
        SELECT p.id,
               CASE WHEN g.after IS NULL THEN 'orphaned' WHEN g.after = g.code THEN 'kept'
                    ELSE g.kind END AS kind,
               g.after AS rnd_local_government_code
        FROM product p JOIN crosswalk_government g ON g.code = p.rnd_local_government_code
        """,
    )
    open_cases(
        session,
        change,
        OWN_RESEARCH,
        """
        SELECT p.id, NULL::uuid AS account_id, ARRAY[p.rnd_local_government_code] AS codes
        FROM product p JOIN crosswalk_government g ON g.code = p.rnd_local_government_code
        WHERE g.after IS NULL
        """,
        now,
    )
    return {OWN_RESEARCH.subject_type: counts}


def give_to(session: Session, change_id: UUID, product_id: UUID, code: str) -> None:
    """Give a product of own research to the local government that a person named.

    :raises LocalGovernmentUnknown: when no organization has the code.
    """
    get_local_government_organization(session, code)
    decide_by_hand(
        session,
        change_id=change_id,
        movable=OWN_RESEARCH,
        subject_id=product_id,
        values={"rnd_local_government_code": code},
    )
