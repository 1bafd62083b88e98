"""Owns what the rows are made from: who and what there is, by number, and never at random.

People and proposals are numbered, the newest proposal is number 1. Everything about them follows
from their number, so that the shared ones are the same at every size.
"""

STATES = (
    *("draft", "submitted", "submitted", "adopted", "submitted", "rejected", "submitted"),
    *("supplement_requested", "submitted", "adopted", "submitted", "submitted", "withdrawn"),
    *("submitted", "adopted", "submitted", "rejected", "submitted", "adopted", "submitted"),
)
BACKERS = (0, 1, 40, 20, 2, 4, 22, 3, 3, 15, 4, 14, 2, 5, 25, 10, 4, 6, 12, 8)
"""Of twenty proposals in a row, ten each on average; a draft has none."""

FUNCTIONS = (
    # A UUID of version 7 (RFC 9562) without randomness.
    """
    CREATE FUNCTION pg_temp.made_id(kind text, n bigint, at timestamptz) RETURNS uuid
    LANGUAGE sql AS $$
        SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0')
            || '7' || substr(md5(kind || n), 1, 3) || '8' || substr(md5(kind || n), 4, 15))::uuid
    $$
    """,
    # As `geo.disclosure.public_point`.
    """
    CREATE FUNCTION pg_temp.public_point(geom geometry) RETURNS geometry LANGUAGE sql AS $$
        SELECT ST_SetSRID(ST_MakePoint(
                round(ST_X(shown)::numeric, 6)::float8, round(ST_Y(shown)::numeric, 6)::float8
            ), 4326)
        FROM ST_Transform(geom, 5179) AS flat, ST_Transform(ST_SetSRID(ST_MakePoint(
                (floor(ST_X(flat) / 250) + 0.5) * 250, (floor(ST_Y(flat) / 250) + 0.5) * 250
            ), 5179), 4326) AS shown
    $$
    """,
)

TABLES = (
    """
    CREATE TEMP TABLE place AS
    SELECT row_number() OVER (ORDER BY md5(code)) - 1 AS rank, id AS region_id, code,
        left(code, 5) AS sigungu_code, local_government_code, generation_id, label_point, geom
    FROM region WHERE level = 3
        AND generation_id = (SELECT id FROM region_generation WHERE state = 'active')
    """,
    # Number 0 is the reviewer of all.
    """
    CREATE TEMP TABLE person AS
    SELECT n, pg_temp.made_id('person', n, %(newest)s - interval '3 years') AS id, code,
        generation_id
    FROM generate_series(0, %(people)s) n
    JOIN place ON rank = n * 7919 %% (SELECT count(*) FROM place)
    """,
    # A few neighbourhoods write much and most write little: the cube of an even number.
    """
    CREATE TEMP TABLE made AS
    SELECT n, at, pg_temp.made_id('proposal', n, at - interval '1 day') AS id,
        (%(states)s::text[])[1 + n %% 20] AS status, (%(backers)s::int[])[1 + n %% 20] AS backers,
        first_person, persons, (m + m / persons * 37) %% persons AS author,
        floor(power(('x' || substr(md5('place' || n), 1, 8))::bit(32)::bigint / 4294967296.0, 3)
            * (SELECT count(*) FROM place)) AS rank,
        n %% 10 <> 9 AS has_point
    FROM generate_series(1, %(proposals)s) n,
        LATERAL (SELECT %(newest)s - interval '10 days' - n * interval '7 minutes' AS at) t,
        LATERAL (SELECT n <= %(shared_proposals)s AS is_shared) s,
        LATERAL (SELECT CASE WHEN is_shared THEN n ELSE n - %(shared_proposals)s END AS m,
            CASE WHEN is_shared THEN 1 ELSE %(shared_people)s + 1 END AS first_person,
            CASE WHEN is_shared THEN %(shared_people)s
                ELSE %(people)s - %(shared_people)s END AS persons) p
    """,
    """
    CREATE TEMP TABLE spot AS
    SELECT numbers[point.path[1]] AS n, point.geom
    FROM (
        SELECT rank, array_agg(n ORDER BY n) AS numbers FROM made WHERE has_point
        GROUP BY rank, n <= %(shared_proposals)s
    ) wanted
    JOIN place USING (rank),
    LATERAL ST_Dump(ST_GeneratePoints(place.geom, cardinality(numbers), 1 + rank::int)) point
    """,
    """
    CREATE TEMP TABLE backing AS
    SELECT made.n, made.id AS proposal_id, person.id AS account_id, i,
        at + i * interval '1 hour' AS created_at
    FROM made CROSS JOIN LATERAL generate_series(1, backers) i
    JOIN person ON person.n = first_person
        + (author + i * (ARRAY[7, 13, 17, 19, 101, 103, 7919])[1 + made.n %% 7]) %% persons
    """,
    "ANALYZE place, person, made, spot, backing",
)
"""What the rows are made from. Steps without a divisor in common with the number of people: nobody
backs anything twice, or what they wrote."""
