"""Find proposals by words of two syllables, of a region and near a place without reading the rest.

Most Korean nouns have two syllables, of which no trigram can be made. `proposal_grams` is for the
index, which holds every character and every pair of them that stand side by side.

`lies_within_m` measures as `ST_Distance` does. Of that the planner believes that it costs as much
as reading a hundred rows, and would rather read and sort all that is near than the newest in order.

Revision ID: 0031
Revises: 0030
"""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

GRAMS = r"""
CREATE FUNCTION proposal_grams(title text, problem text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 20000 AS $$
    SELECT coalesce(array_agg(DISTINCT gram), '{}')
    FROM (
        SELECT letter, lead(letter) OVER (ORDER BY place) AS next
        FROM unnest(string_to_array(lower(concat(title, chr(10), problem)), NULL))
            WITH ORDINALITY AS letters (letter, place)
    ) pairs
    CROSS JOIN LATERAL (VALUES (letter), (letter || next)) grams (gram)
    WHERE gram !~ '\s'
$$
"""
"""A pair with a space in it is none, so that no word runs from the title into the problem."""

LIES_WITHIN = """
CREATE FUNCTION lies_within_m(geom geometry, centre geometry, radius_m double precision)
RETURNS boolean LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10 AS $$
BEGIN
    RETURN ST_Distance(ST_Transform(geom, ST_SRID(centre)), centre) <= radius_m;
END;
$$
"""


def upgrade() -> None:
    """Create the functions and the indexes."""
    op.execute(GRAMS)
    op.execute(LIES_WITHIN)
    op.execute(
        "CREATE INDEX ix_proposal_grams ON proposal USING gin (proposal_grams(title, problem))"
    )
    for column in ("emd_code", "sigungu_code"):
        op.create_index(
            f"ix_proposal_{column}_submitted_at_id", "proposal", [column, "submitted_at", "id"]
        )


def downgrade() -> None:
    """Drop them."""
    for column in ("sigungu_code", "emd_code"):
        op.drop_index(f"ix_proposal_{column}_submitted_at_id", "proposal")
    op.drop_index("ix_proposal_grams", "proposal")
    op.execute("DROP FUNCTION lies_within_m(geometry, geometry, double precision)")
    op.execute("DROP FUNCTION proposal_grams(text, text)")
