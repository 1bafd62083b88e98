"""Owns what a change of the boundaries does to the sites of applications and placements.

Plans and outcomes are published as they were computed and never move.
"""

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
from geo.regions.codes import SIGUNGU_DIGITS
from geo.regions.placing import place_records

APPLICATION = Movable("application", "application", "id", ("site_emd_code", "generation_id"))
PLACEMENT = Movable(
    "placement", "placement", "id", ("site_emd_code", "sigungu_code", "generation_id")
)
SITES = (APPLICATION, PLACEMENT)


def remap(session: Session, change: Change, now: datetime) -> Mapping[str, Counts]:
    """Move the sites of applications and placements to the generation now in force, by point.

    :param change: whose crosswalk was spread in this transaction.
    """
    counts = {}
    for movable in SITES:
        restore(session, change, movable)
        records = f"""
            SELECT id, site_emd_code, site_geom FROM {movable.table}
            WHERE generation_id = :old AND site_emd_code IS NOT NULL
        """  # noqa: S608 (our own tables)
        place_records(session, change.crosswalk, records)
        # A site abroad has no region and only changes the generation that says so.
        new = f"""
            SELECT id, kind, code AS site_emd_code, left(code, {SIGUNGU_DIGITS}) AS sigungu_code,
                   generation_id FROM placed_record
            UNION ALL
            SELECT id, 'kept', NULL, NULL, :new FROM {movable.table}
            WHERE generation_id = :old AND site_emd_code IS NULL
        """  # noqa: S608
        counts[movable.subject_type] = move(session, change, movable, new)
        cases = f"""
            SELECT id, NULL::uuid AS account_id, ARRAY[site_emd_code] AS codes
            FROM {movable.table} WHERE generation_id = :old
        """  # noqa: S608
        open_cases(session, change, movable, cases, now)
    return counts


def place_application(session: Session, change_id: UUID, record_id: UUID, region: Region) -> None:
    """Give the site of an application the neighbourhood that a person decided."""
    _place(session, change_id, APPLICATION, record_id, region)


def place_placement(session: Session, change_id: UUID, record_id: UUID, region: Region) -> None:
    """Give the site of a placement the neighbourhood that a person decided."""
    _place(session, change_id, PLACEMENT, record_id, region)


def _place(
    session: Session, change_id: UUID, movable: Movable, record_id: UUID, region: Region
) -> None:
    values = {
        "site_emd_code": region.code,
        "sigungu_code": region.code[:SIGUNGU_DIGITS],
        "generation_id": region.generation_id,
    }
    decide_by_hand(
        session, change_id=change_id, movable=movable, subject_id=record_id, values=values
    )
