"""Owns moving the places of many records between generations, in the database.

A point is located in the new generation by the one-owner rule (`geo.regions.locate`); without a
point, or for one that nobody owns there, the crosswalk decides where it knows but one successor.
"""

from sqlalchemy import (
    ARRAY,
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
    insert,
    text,
)

from geo.crs import METRES_PER_DEGREE
from geo.orm import SRID_WGS84, Executor
from geo.regions.crosswalk import Crosswalk
from geo.regions.locate import COAST_M

_scratch = MetaData()
"""Tables of one transaction; they are no part of the schema."""

CROSSWALK = Table(
    "crosswalk_entry",
    _scratch,
    Column("code", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("successor", Text),
    Column("successors", ARRAY(Text), nullable=False),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
"""What became of each region, and of each government that is no region (44130)."""

GOVERNMENTS = Table(
    "crosswalk_government",
    _scratch,
    Column("code", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("after", Text),
    Column("successors", ARRAY(Text), nullable=False),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
"""What became of each local government, and which one answers for what it did."""

PLACED = Table(
    "placed_record",
    _scratch,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("code", Text),
    Column("local_government_code", Text),
    Column("generation_id", Integer),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
"""Where each record of a selection lies in the new generation; nowhere when it is orphaned."""

OWNER = """
    SELECT p.region_id FROM region_piece p
    WHERE p.level = 3 AND p.generation_id = :new AND ST_Covers(p.geom, q.geom)
    ORDER BY p.region_id LIMIT 1
"""

NEAREST = """
    SELECT p.region_id FROM region_piece p
    WHERE owner.region_id IS NULL AND p.level = 3 AND p.generation_id = :new
      AND p.geom && ST_Expand(q.geom, :coast_m / :metres_per_degree
                                      / cos(radians(least(abs(ST_Y(q.geom)), 60))))
      AND ST_DWithin(p.geom::geography, q.geom::geography, :coast_m)
    ORDER BY ST_Distance(p.geom::geography, q.geom::geography), p.region_id LIMIT 1
"""

PLACE = """
    INSERT INTO placed_record (id, kind, code, local_government_code, generation_id)
    SELECT q.id,
           CASE WHEN r.code IS NULL THEN 'orphaned'
                WHEN r.code = e.successor THEN e.kind
                ELSE 'split' END,
           r.code, r.local_government_code, r.generation_id
    FROM ({rows}) AS q (id, code, geom)
    LEFT JOIN crosswalk_entry e ON e.code = q.code
    LEFT JOIN LATERAL ({owner}) owner ON true
    LEFT JOIN LATERAL ({nearest}) nearest ON true
    LEFT JOIN region located ON located.id = coalesce(owner.region_id, nearest.region_id)
    LEFT JOIN region r ON r.generation_id = :new AND r.code = coalesce(located.code, e.successor)
"""


def find_owner(conn: Executor, generation_id: int, lon: float, lat: float) -> str | None:
    """Return the neighbourhood that owns a point in a generation, or None at sea and abroad.

    :param generation_id: any generation, in force or not.
    :param lon: longitude in degrees, WGS 84.
    :param lat: latitude in degrees, WGS 84.
    """
    statement = text(f"""
        SELECT r.code
        FROM (SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), {SRID_WGS84}) AS geom) q
        LEFT JOIN LATERAL ({OWNER}) owner ON true
        LEFT JOIN LATERAL ({NEAREST}) nearest ON true
        JOIN region r ON r.id = coalesce(owner.region_id, nearest.region_id)
    """)  # noqa: S608 (constants of this module)
    given = {"lon": lon, "lat": lat, **_limits(generation_id)}
    code: str | None = conn.execute(statement, given).scalar()
    return code


def spread(conn: Executor, crosswalk: Crosswalk) -> None:
    """Write a crosswalk into `CROSSWALK` and `GOVERNMENTS`, which the transaction's end drops."""
    conn.execute(text("DROP TABLE IF EXISTS crosswalk_entry, crosswalk_government, placed_record"))
    connection = conn if isinstance(conn, Connection) else conn.connection()
    _scratch.create_all(connection, tables=[CROSSWALK, GOVERNMENTS, PLACED], checkfirst=False)
    rows = [
        {
            "code": entry.code,
            "kind": entry.kind,
            "successor": entry.successor,
            "successors": list(entry.successors),
        }
        for entry in {**crosswalk.governments, **crosswalk.regions}.values()
    ]
    conn.execute(insert(CROSSWALK), rows)
    governments = [
        {
            "code": entry.code,
            "kind": entry.kind,
            "after": crosswalk.government_after(entry.code),
            "successors": list(entry.successors),
        }
        for entry in crosswalk.governments.values()
    ]
    conn.execute(insert(GOVERNMENTS), governments)
    conn.execute(text("ANALYZE crosswalk_entry"))


def place_records(conn: Executor, crosswalk: Crosswalk, records: str) -> None:
    """Find for each record of a selection its place in the new generation, into `PLACED`.

    :param crosswalk: that was spread in this transaction.
    :param records: SQL that selects id, code of the region, and point or NULL, in this order;
        ``:old`` is the generation that is left.
    """
    conn.execute(text("TRUNCATE placed_record"))
    statement = PLACE.format(rows=records, owner=OWNER, nearest=NEAREST)
    conn.execute(text(statement), {"old": crosswalk.old, **_limits(crosswalk.new)})
    conn.execute(text("ANALYZE placed_record"))


def _limits(generation_id: int) -> dict[str, float]:
    return {"new": generation_id, "coast_m": COAST_M, "metres_per_degree": METRES_PER_DEGREE}
