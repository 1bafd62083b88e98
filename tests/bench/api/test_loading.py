"""What is loaded obeys the rules that the application keeps, its counters and events included."""

import psycopg
import pytest
from sqlalchemy import URL, create_engine
from sqlalchemy.orm import Session

from backend.audit.service import verify
from bench.api.sizes import NEWEST, SMALL
from geo.disclosure import public_point

LISTED = "('submitted', 'supplement_requested', 'adopted', 'rejected')"


def count(rows: psycopg.Connection, of: str) -> int:
    """Return how many rows there are of what is named."""
    statement = f"SELECT count(*) FROM {of}"  # noqa: S608 (ours)
    row = rows.execute(statement.encode()).fetchone()
    assert row is not None
    return int(row[0])


def test_there_is_as_much_as_the_size_says(rows: psycopg.Connection) -> None:
    assert count(rows, "proposal") == SMALL.proposals
    assert count(rows, "endorsement") == 10 * SMALL.proposals
    assert count(rows, "account") == SMALL.people + 1


def test_every_endorsement_is_counted(rows: psycopg.Connection) -> None:
    miscounted = """
        proposal WHERE endorsement_count <>
            (SELECT count(*) FROM endorsement WHERE proposal_id = proposal.id)
    """
    assert count(rows, miscounted) == 0


def test_nobody_backs_what_they_wrote_or_what_nobody_has_seen(rows: psycopg.Connection) -> None:
    backed = "endorsement JOIN proposal ON proposal.id = proposal_id"
    assert count(rows, f"{backed} WHERE author_id = account_id OR status = 'draft'") == 0


def test_a_submission_is_in_the_thread_in_review_and_in_the_authors_notices(
    rows: psycopg.Connection,
) -> None:
    submitted = count(rows, "proposal WHERE submitted_at IS NOT NULL")
    assert 0 < submitted < SMALL.proposals
    for trace in (
        "proposal_event WHERE kind = 'submitted'",
        "review",
        "notice WHERE kind = 'proposal_submitted'",
        "audit_event WHERE action = 'proposal.submitted'",
    ):
        assert count(rows, trace) == submitted, trace


def test_a_decision_is_told(rows: psycopg.Connection) -> None:
    for status in ("adopted", "rejected", "withdrawn", "supplement_requested"):
        told = count(rows, f"proposal_event WHERE kind = '{status}'")
        assert told == count(rows, f"proposal WHERE status = '{status}'") > 0


def test_a_review_is_in_the_state_of_its_proposal(rows: psycopg.Connection) -> None:
    other = """
        review JOIN proposal ON proposal.id = proposal_id WHERE state <> CASE status
            WHEN 'submitted' THEN 'open' WHEN 'supplement_requested' THEN 'paused' ELSE status END
    """
    assert count(rows, other) == 0


def test_points_lie_in_their_neighbourhoods(rows: psycopg.Connection) -> None:
    elsewhere = """
        proposal p JOIN region r ON r.code = p.emd_code AND r.generation_id = p.generation_id
        WHERE p.geom IS NOT NULL AND NOT ST_Covers(r.geom, p.geom)
    """
    assert count(rows, "proposal WHERE geom IS NOT NULL") > SMALL.proposals / 2
    assert count(rows, elsewhere) == 0


def test_public_points_are_rounded_as_the_application_rounds_them(
    rows: psycopg.Connection,
) -> None:
    points = rows.execute(
        "SELECT ST_X(geom), ST_Y(geom), ST_X(public_geom), ST_Y(public_geom) FROM proposal"
        " WHERE geom IS NOT NULL LIMIT 50"
    ).fetchall()
    for lon, lat, shown_lon, shown_lat in points:
        assert public_point(lon, lat) == pytest.approx((shown_lon, shown_lat), abs=2e-6)


def test_everybody_may_hand_something_in(rows: psycopg.Connection) -> None:
    assert count(rows, "account WHERE age_declared_at IS NULL") == 0
    unsettled = "account WHERE NOT EXISTS (SELECT FROM consent WHERE account_id = account.id)"
    assert count(rows, unsettled) == 0


def test_proposals_are_spread_over_the_country_and_over_everybody(
    rows: psycopg.Connection,
) -> None:
    assert count(rows, "(SELECT DISTINCT left(emd_code, 2) FROM proposal) s") >= 15
    assert count(rows, "(SELECT DISTINCT category FROM proposal) s") == 13
    assert count(rows, "(SELECT DISTINCT author_id FROM proposal) s") == SMALL.people


def test_the_chain_of_the_audit_holds(filled: URL) -> None:
    engine = create_engine(filled.set(drivername="postgresql+psycopg"))
    with Session(engine) as session:
        assert verify(session) == []
    engine.dispose()


def test_all_of_it_is_older_than_what_a_run_writes(rows: psycopg.Connection) -> None:
    for table in ("proposal", "endorsement", "notice"):
        assert count(rows, f"{table} WHERE created_at >= '{NEWEST.isoformat()}'") == 0, table
