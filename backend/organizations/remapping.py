"""Owns what a change of the boundaries does to local governments, their staff and institutions."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.organizations.governments import ensure_local_governments
from backend.organizations.queries import get_local_government_organization
from backend.regions.changes import (
    Change,
    Counts,
    Movable,
    count_moves,
    decide_by_hand,
    move,
    open_cases,
    restore,
)
from geo.regions import Region
from geo.regions.placing import place_records

GOVERNMENT = Movable("local_government", "organization", "id", ())
"""Governments are opened and closed as the boundaries say; what became of each is on record."""
MEMBERSHIP = Movable("membership", "membership", "id", ("organization_id",))
JURISDICTION = Movable(
    "institution_jurisdiction",
    "institution",
    "organization_id",
    ("jurisdiction_codes",),
    is_set=True,
)
SITE = Movable(
    "institution",
    "institution",
    "organization_id",
    ("site_emd_code", "local_government_code", "generation_id"),
)

STAFF = """
    SELECT m.id, g.kind, heir.id AS organization_id
    FROM membership m
    JOIN organization was ON was.id = m.organization_id AND was.closed_at IS NOT NULL
    JOIN crosswalk_government g ON g.code = was.local_government_code
    JOIN organization heir ON heir.local_government_code = g.after AND heir.id <> was.id
    WHERE m.ended_at IS NULL
      AND NOT EXISTS (SELECT FROM membership twin
                      JOIN organization at ON at.id = twin.organization_id
                      LEFT JOIN crosswalk_government other ON other.code = at.local_government_code
                      WHERE twin.account_id = m.account_id AND twin.role = m.role
                        AND twin.ended_at IS NULL AND twin.id < m.id
                        AND coalesce(other.after, at.local_government_code) = g.after)
"""
"""Who worked for several bodies that become one gets the role there once."""

JURISDICTIONS = """
    SELECT i.organization_id AS id,
           CASE WHEN bool_or(coalesce(e.kind, 'orphaned') = 'orphaned') THEN 'orphaned'
                WHEN bool_or(e.kind = 'split') THEN 'split'
                WHEN bool_or(e.kind = 'merged') THEN 'merged'
                WHEN bool_or(e.kind = 'renamed') THEN 'renamed'
                ELSE 'kept' END AS kind,
           array_agg(DISTINCT went.code ORDER BY went.code)
               FILTER (WHERE went.code IS NOT NULL) AS jurisdiction_codes
    FROM institution i
    CROSS JOIN unnest(i.jurisdiction_codes) AS given (code)
    LEFT JOIN crosswalk_entry e ON e.code = given.code
    LEFT JOIN LATERAL unnest(e.successors) AS went (code) ON true
    WHERE i.generation_id = :old
    GROUP BY i.organization_id
"""
"""A divided part of a jurisdiction becomes all of its successors, so that no ground is lost."""

SITES = """
    SELECT id, kind, code AS site_emd_code, local_government_code, generation_id
    FROM placed_record
    UNION ALL
    SELECT organization_id, 'kept', NULL, NULL, :new FROM institution
    WHERE generation_id = :old AND site_emd_code IS NULL
"""


def remap(session: Session, change: Change, now: datetime) -> Mapping[str, Counts]:
    """Open, close and rename local governments; move their staff, and institutions.

    The staff of a government that is gone go on at the one that follows it; where several do, a
    person decides. Suppliers have no regions.

    :param change: whose crosswalk was spread in this transaction.
    """
    ensure_local_governments(session, now=now)
    restore(session, change, MEMBERSHIP)
    counts = {MEMBERSHIP.subject_type: move(session, change, MEMBERSHIP, STAFF)}
    counts[GOVERNMENT.subject_type] = _record_governments(session, change, now)
    for movable in (JURISDICTION, SITE):
        restore(session, change, movable)
    counts[JURISDICTION.subject_type] = move(session, change, JURISDICTION, JURISDICTIONS)
    open_cases(
        session,
        change,
        JURISDICTION,
        """
        SELECT i.organization_id AS id, NULL::uuid AS account_id,
               ARRAY(SELECT jsonb_array_elements_text(m.before -> 'jurisdiction_codes')) AS codes
        FROM institution i
        JOIN record_move m ON m.subject_id = i.organization_id AND m.change_id = :change_id
                          AND m.subject_type = 'institution_jurisdiction'
        WHERE m.kind IN ('split', 'orphaned')
        """,
        now,
    )
    place_records(
        session,
        change.crosswalk,
        """
        SELECT organization_id, site_emd_code, site_geom FROM institution
        WHERE generation_id = :old AND site_emd_code IS NOT NULL
        """,
    )
    counts[SITE.subject_type] = move(session, change, SITE, SITES)
    open_cases(
        session,
        change,
        SITE,
        """
        SELECT organization_id AS id, NULL::uuid AS account_id, ARRAY[site_emd_code] AS codes
        FROM institution WHERE generation_id = :old
        """,
        now,
    )
    return counts


def place_institution(session: Session, change_id: UUID, record_id: UUID, region: Region) -> None:
    """Give the site of an institution the neighbourhood that a person decided."""
    values = {
        "site_emd_code": region.code,
        "local_government_code": region.local_government_code,
        "generation_id": region.generation_id,
    }
    decide_by_hand(session, change_id=change_id, movable=SITE, subject_id=record_id, values=values)


def set_jurisdiction(session: Session, change_id: UUID, record_id: UUID, codes: list[str]) -> None:
    """Give an institution the jurisdiction that a person decided, as checked codes in force."""
    decide_by_hand(
        session,
        change_id=change_id,
        movable=JURISDICTION,
        subject_id=record_id,
        values={"jurisdiction_codes": codes},
    )


def move_staff_to(session: Session, change_id: UUID, organization_id: UUID, code: str) -> None:
    """Let the staff of a government that is gone work for the one that a person named.

    :param code: of the local government.
    :raises LocalGovernmentUnknown: when no organization has the code.
    """
    heir = get_local_government_organization(session, code)
    staff = """
        SELECT m.id FROM membership m
        WHERE m.organization_id = :organization_id AND m.ended_at IS NULL
          AND NOT EXISTS (SELECT FROM membership twin
                          WHERE twin.account_id = m.account_id AND twin.role = m.role
                            AND twin.organization_id = :heir_id AND twin.ended_at IS NULL)
    """
    given = {"organization_id": organization_id, "heir_id": heir.id, "change_id": change_id}
    session.execute(
        text(f"""
            INSERT INTO record_move (change_id, subject_type, subject_id, kind, before, after)
            SELECT :change_id, 'membership', id, 'split',
                   jsonb_build_object('organization_id', CAST(:organization_id AS uuid)),
                   jsonb_build_object('organization_id', CAST(:heir_id AS uuid))
            FROM ({staff}) s ON CONFLICT DO NOTHING
        """),  # noqa: S608 (constants of this function)
        given,
    )
    session.execute(
        text(f"UPDATE membership SET organization_id = :heir_id WHERE id IN ({staff})"),  # noqa: S608
        given,
    )


def _record_governments(session: Session, change: Change, now: datetime) -> Counts:
    given = {"change_id": change.id}
    session.execute(
        text("""
            INSERT INTO record_move (change_id, subject_type, subject_id, kind, before, after)
            SELECT :change_id, 'local_government', o.id, g.kind,
                   jsonb_build_object('code', g.code),
                   jsonb_build_object('codes', to_jsonb(g.successors))
            FROM crosswalk_government g JOIN organization o ON o.local_government_code = g.code
        """),
        given,
    )
    open_cases(
        session,
        change,
        GOVERNMENT,
        """
        SELECT o.id, NULL::uuid AS account_id, ARRAY[g.code] AS codes
        FROM crosswalk_government g JOIN organization o ON o.local_government_code = g.code
        WHERE g.after IS NULL
          AND EXISTS (SELECT FROM membership m
                      WHERE m.organization_id = o.id AND m.ended_at IS NULL)
        """,
        now,
    )
    return count_moves(session, change, GOVERNMENT)
