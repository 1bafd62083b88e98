"""Owns the life of generations: draft, validated, active, retired; and their figures."""

from datetime import datetime
from typing import Any

from sqlalchemy import text, update

from geo.orm import Executor
from geo.regions.facts import active_generation
from geo.regions.models import GenerationRow


class NotActivatable(ValueError):
    """A generation that is unknown, not validated, or has been active before it was checked."""


def activate(conn: Executor, generation_id: int, now: datetime) -> None:
    """Put a generation in force; the one in force before is retired in the same transaction.

    Activating the generation in force does nothing; a retired one may return (a roll-back).

    :param generation_id: a validated or retired generation.
    :param now: the time of the change, UTC.
    :raises NotActivatable: when it is a draft or unknown.
    """
    # One change at a time: a second activation waits here and then sees the outcome of the first.
    conn.execute(text("LOCK TABLE region_generation IN SHARE ROW EXCLUSIVE MODE"))
    state = conn.execute(
        text("SELECT state FROM region_generation WHERE id = :id"), {"id": generation_id}
    ).scalar()
    if state == "active":
        return
    if state not in ("validated", "retired"):
        msg = f"generation {generation_id} is {state or 'unknown'}"
        raise NotActivatable(msg)
    conn.execute(
        update(GenerationRow)
        .where(GenerationRow.state == "active")
        .values(state="retired", retired_at=now)
        .execution_options(synchronize_session=False)
    )
    conn.execute(
        update(GenerationRow)
        .where(GenerationRow.id == generation_id)
        .values(state="active", activated_at=now, retired_at=None)
        .execution_options(synchronize_session=False)
    )


def stats(conn: Executor) -> dict[str, Any]:
    """Return the figures of the generation in force, for people and checks.

    :raises NoActiveGeneration: when none is in force.
    """
    generation = active_generation(conn)
    given = {"generation": generation.id}
    counts = conn.execute(
        text("""
            SELECT count(*) FILTER (WHERE level = 1) AS sido,
                   count(*) FILTER (WHERE level = 2) AS sigungu,
                   count(*) FILTER (WHERE level = 3) AS emd,
                   (SELECT count(*) FROM local_government
                    WHERE generation_id = :generation) AS local_governments,
                   count(*) FILTER (WHERE NOT ST_IsValid(geom)) AS invalid_shapes,
                   round(sum(area_km2) FILTER (WHERE level = 1)::numeric, 1)::float8 AS area_km2
            FROM region WHERE generation_id = :generation
        """),
        given,
    ).one()
    provenance = conn.execute(
        text("""
            SELECT provenance, count(*) AS regions FROM region
            WHERE generation_id = :generation AND level = 3 GROUP BY 1 ORDER BY 1
        """),
        given,
    )
    return {
        **counts._mapping,
        "provenance": {row.provenance: row.regions for row in provenance},
        "generation": generation.id,
        "label": generation.label,
        "data_date": generation.data_date.isoformat(),
    }
