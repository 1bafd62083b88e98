"""Owns what a change of the boundaries does to proposals: their places and residences on record."""

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

PLACE = Movable(
    "proposal",
    "proposal",
    "id",
    ("emd_code", "sigungu_code", "local_government_code", "generation_id"),
)
RESIDENCE = Movable(
    "proposal_residence", "proposal", "id", ("residence_code", "residence_generation_id")
)

PLACES = """
    SELECT id, emd_code, CASE WHEN NOT emd_confirmed THEN geom END FROM proposal
    WHERE generation_id = :old
"""
"""What the author confirmed counts for more than where the point lies."""

NEW_PLACES = """
    SELECT p.id, p.kind, p.code AS emd_code, left(p.code, :sigungu_digits) AS sigungu_code,
           CASE WHEN q.local_government_code = was.local_government_code
                THEN p.local_government_code
                ELSE coalesce(g.after, p.local_government_code) END AS local_government_code,
           p.generation_id
    FROM placed_record p
    JOIN proposal q ON q.id = p.id
    JOIN region was ON was.generation_id = :old AND was.code = q.emd_code
    LEFT JOIN crosswalk_government g ON g.code = q.local_government_code
"""
"""The body of the place answers for a proposal there, unless it was transferred: then whoever
follows the body that has it."""


def remap(session: Session, change: Change, now: datetime) -> Mapping[str, Counts]:
    """Move proposals to the generation now in force: their place by the point where one was given.

    :param change: whose crosswalk was spread in this transaction.
    """
    restore(session, change, PLACE)
    restore(session, change, RESIDENCE)
    place_records(
        session,
        change.crosswalk,
        PLACES,
    )
    places = move(session, change, PLACE, NEW_PLACES, sigungu_digits=SIGUNGU_DIGITS)
    place_records(
        session,
        change.crosswalk,
        """
        SELECT id, residence_code, NULL::geometry FROM proposal
        WHERE residence_generation_id = :old
        """,
    )
    residences = move(
        session,
        change,
        RESIDENCE,
        """
        SELECT id, kind, code AS residence_code, generation_id AS residence_generation_id
        FROM placed_record
        """,
    )
    for movable, generation, code in (
        (PLACE, "generation_id", "emd_code"),
        (RESIDENCE, "residence_generation_id", "residence_code"),
    ):
        cases = f"""
            SELECT id, author_id AS account_id, ARRAY[{code}] AS codes FROM proposal
            WHERE {generation} = :old
        """  # noqa: S608 (columns named above)
        open_cases(session, change, movable, cases, now)
    return {PLACE.subject_type: places, RESIDENCE.subject_type: residences}


def place_proposal(session: Session, change_id: UUID, proposal_id: UUID, region: Region) -> None:
    """Give a proposal the neighbourhood that a person decided for it, and the body there."""
    decide_by_hand(
        session,
        change_id=change_id,
        movable=PLACE,
        subject_id=proposal_id,
        values={
            "emd_code": region.code,
            "sigungu_code": region.code[:SIGUNGU_DIGITS],
            "local_government_code": region.local_government_code,
            "generation_id": region.generation_id,
        },
    )


def place_residence(session: Session, change_id: UUID, proposal_id: UUID, region: Region) -> None:
    """Give the residence on record of a proposal the neighbourhood that a person decided."""
    decide_by_hand(
        session,
        change_id=change_id,
        movable=RESIDENCE,
        subject_id=proposal_id,
        values={"residence_code": region.code, "residence_generation_id": region.generation_id},
    )
