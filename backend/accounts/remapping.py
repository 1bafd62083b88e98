"""Owns what a change of the boundaries does to residences, of today and of former times."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backend.regions.changes import (
    Change,
    Counts,
    Movable,
    decide_by_hand,
    move,
    open_cases,
    restore,
)
from geo.regions import Region
from geo.regions.placing import place_records

RESIDENCE = Movable("residence", "residence", "id", ("region_code", "generation_id"))


def remap(session: Session, change: Change, now: datetime) -> Mapping[str, Counts]:
    """Move residences to the generation now in force; no point is known of any.

    One that has several successors, or none, stays as it was declared; a person decides about
    those of today.

    :param change: whose crosswalk was spread in this transaction.
    """
    restore(session, change, RESIDENCE)
    place_records(
        session,
        change.crosswalk,
        "SELECT id, region_code, NULL::geometry FROM residence WHERE generation_id = :old",
    )
    counts = move(
        session,
        change,
        RESIDENCE,
        "SELECT id, kind, code AS region_code, generation_id FROM placed_record",
    )
    open_cases(
        session,
        change,
        RESIDENCE,
        """
        SELECT id, account_id, ARRAY[region_code] AS codes FROM residence
        WHERE generation_id = :old AND superseded_at IS NULL
        """,
        now,
    )
    return {RESIDENCE.subject_type: counts}


def place_residence(session: Session, change_id: UUID, residence_id: UUID, region: Region) -> None:
    """Give a residence the neighbourhood that a person decided for it."""
    decide_by_hand(
        session,
        change_id=change_id,
        movable=RESIDENCE,
        subject_id=residence_id,
        values={"region_code": region.code, "generation_id": region.generation_id},
    )
