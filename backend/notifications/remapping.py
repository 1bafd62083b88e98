"""Owns what a change of the boundaries does to the regions that people follow."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.notifications.service import notify
from backend.regions.changes import Change, Counts, Movable, move, restore

AREA = Movable(
    "area_subscription",
    "area_subscription",
    "id",
    ("region_codes", "generation_id"),
    is_set=True,
)

REGIONS = """
    SELECT s.id,
           CASE WHEN bool_or(coalesce(e.kind, 'orphaned') = 'orphaned') THEN 'orphaned'
                WHEN bool_or(e.kind = 'split') THEN 'split'
                WHEN bool_or(e.kind = 'merged') THEN 'merged'
                WHEN bool_or(e.kind = 'renamed') THEN 'renamed'
                ELSE 'kept' END AS kind,
           array_agg(DISTINCT went.code ORDER BY went.code)
               FILTER (WHERE went.code IS NOT NULL) AS region_codes,
           CAST(:new AS integer) AS generation_id
    FROM area_subscription s
    CROSS JOIN unnest(s.region_codes) AS given (code)
    LEFT JOIN crosswalk_entry e ON e.code = given.code
    LEFT JOIN LATERAL unnest(e.successors) AS went (code) ON true
    WHERE s.generation_id = :old
    GROUP BY s.id
"""
"""Who follows a region that is divided follows all that came of it."""

UNCLEAR = text("""
    SELECT s.id, s.account_id, s.region_codes
    FROM area_subscription s
    JOIN record_move m ON m.subject_id = s.id AND m.subject_type = 'area_subscription'
                      AND m.change_id = :change_id
    WHERE m.kind = 'orphaned' ORDER BY s.id
""")


def remap(session: Session, change: Change, now: datetime) -> Mapping[str, Counts]:
    """Have people follow what became of their regions; circles lie where they lay.

    Of a region that nothing came of, the person is told, who alone knows what was meant.

    :param change: whose crosswalk was spread in this transaction.
    """
    restore(session, change, AREA)
    counts = move(session, change, AREA, REGIONS)
    for row in session.execute(UNCLEAR, {"change_id": change.id}).all():
        notify(
            session,
            recipient_id=row.account_id,
            kind="area_subscription_unclear",
            subject_type="area_subscription",
            subject_id=row.id,
            params={"codes": ", ".join(row.region_codes)},
            now=now,
        )
    return {AREA.subject_type: counts}
