"""Owns the changing of one application at its place in the ranking, until the deadline."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.audit.service import record
from backend.rounds.applications import Wish, check_wishes, enter_window, place_wishes
from backend.rounds.models import Application
from backend.rounds.queries import get_application

EDITABLE = ("reason", "site", "pledges_purchase", "pledge_text")
"""What changes of one application; another offer is another application."""

PATH = ("json",)
"""Where the one wish stands in the request."""


def edit_application(
    session: Session,
    *,
    round_id: UUID,
    institution_id: UUID,
    application_id: UUID,
    changes: Mapping[str, Any],
    actor_id: UUID | None,
    now: datetime,
) -> Application:
    """Change one application; what `changes` does not name stays, its place too.

    :param changes: values by name, names of `EDITABLE` only; a site of None is the institution's.
    :raises ApplicationNotFound: when the institution has no such application that stands.
    :raises PledgeIncomplete: when a pledge has no words, or words no pledge.
    :raises Invalid: when the site is wrong, as `organizations.sites` or outside the jurisdiction.
    :raises DomainError: as `applications.enter_window`.
    :raises TypeError: when `changes` names anything else.
    """
    round_, institution = enter_window(
        session, round_id=round_id, institution_id=institution_id, now=now
    )
    row = get_application(
        session, round_id=round_id, institution_id=institution_id, application_id=application_id
    )
    before = Wish(row.offer_id, row.reason, row.site, row.pledges_purchase, row.pledge_text)
    wish = replace(before, **changes)
    check_wishes(session, round_id, institution_id, [wish], PATH)
    if "site" in changes:
        (place,) = place_wishes(session, institution, [wish], PATH)
        row.site_geom, row.site_emd_code, row.generation_id = place
    row.reason = wish.reason
    row.pledges_purchase, row.pledge_text = wish.pledges_purchase, wish.pledge_text
    row.changed_by, row.changed_at = actor_id, now
    record(
        session,
        action="applications.edited",
        subject_type="institution",
        subject_id=institution_id,
        actor_id=actor_id,
        now=now,
        chain=str(institution_id),
        data={"round": round_.code, "offer": str(row.offer_id), "fields": sorted(changes)},
    )
    return row
