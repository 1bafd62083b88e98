-- The choice of geo.matching once more, over sets of rows instead of one row at a time, so that a
-- fault of thought in one of the two shows as a difference. Everything is temporary: tables and
-- functions end with the session, and no schema keeps anything of them.

CREATE TEMP TABLE twin_policy (
    seed text, depth_first boolean, product_cap bigint, group_cap bigint,
    reallocate boolean, preassigned_uses_capacity boolean);
CREATE TEMP TABLE twin_seat_type (seat_type text PRIMARY KEY, precedence int, keys text[]);
CREATE TEMP TABLE twin_area (area int PRIMARY KEY, budget bigint);
CREATE TEMP TABLE twin_product (
    product text PRIMARY KEY, area int, price bigint, max_placements bigint,
    funding_order bigint[], cap_group int);
-- The number is null where a type takes all that the numbers leave.
CREATE TEMP TABLE twin_seat_rule (product text, seat_type text, number bigint);
CREATE TEMP TABLE twin_preassigned (product text, institution text);
CREATE TEMP TABLE twin_institution (institution text PRIMARY KEY, capacity bigint);
CREATE TEMP TABLE twin_application (
    institution text, product text, choice int, eligible boolean, keys jsonb);

-- Made of these by twin_prepare.
CREATE TEMP TABLE twin_wish (
    institution text, product text, choice int, refused boolean,
    PRIMARY KEY (institution, product));
CREATE TEMP TABLE twin_standing (
    institution text, product text, seat_type text, place bigint,
    PRIMARY KEY (institution, product, seat_type));
CREATE TEMP TABLE twin_offer (
    place int PRIMARY KEY, product text UNIQUE, area int, cap_group int, price bigint, cap bigint,
    preassigned bigint, funded bigint, filled bigint);

-- Made by each pass.
CREATE TEMP TABLE twin_seat (product text, seat_type text, number bigint);
CREATE TEMP TABLE twin_asking (
    institution text, product text, seat_type text, PRIMARY KEY (institution, product));
CREATE INDEX ON twin_asking (product);
CREATE TEMP TABLE twin_moved (institution text);
CREATE TEMP TABLE twin_touched (product text);
CREATE TEMP TABLE twin_pass (number int, product text, funded bigint, filled bigint);


CREATE FUNCTION pg_temp.twin_prepare() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- Where no type takes all that the numbers leave, the rest is open.
    INSERT INTO twin_seat_rule
    SELECT p.product, 'open', NULL FROM twin_product p
    WHERE NOT EXISTS (
        SELECT FROM twin_seat_rule r WHERE r.product = p.product AND r.number IS NULL);

    INSERT INTO twin_wish
    SELECT institution, product, choice, false FROM twin_application WHERE eligible;

    -- Arrays compare entry by entry, as the rules do; the lot comes last.
    INSERT INTO twin_standing
    SELECT a.institution, a.product, r.seat_type,
        row_number() OVER (PARTITION BY a.product, r.seat_type ORDER BY c.compared, sha256(
            convert_to(y.seed || ':' || a.institution || ':' || a.product, 'UTF8')))
    FROM twin_policy y, twin_application a
    JOIN twin_seat_rule r ON r.product = a.product AND r.number IS DISTINCT FROM 0
    JOIN twin_seat_type t USING (seat_type)
    CROSS JOIN LATERAL (
        SELECT array_agg((a.keys ->> k.name)::bigint ORDER BY k.at) AS compared
        FROM unnest(t.keys) WITH ORDINALITY AS k(name, at)) c
    WHERE a.eligible;

    INSERT INTO twin_offer
    SELECT row_number() OVER (ORDER BY p.funding_order,
            sha256(convert_to(y.seed || ':' || p.product, 'UTF8'))),
        p.product, p.area, p.cap_group, p.price,
        least(p.max_placements, coalesce(f.count, 0) + coalesce(w.count, 0),
            y.product_cap / p.price),
        coalesce(f.count, 0), coalesce(f.count, 0), coalesce(f.count, 0)
    FROM twin_policy y, twin_product p
    LEFT JOIN (SELECT product, count(*) FROM twin_wish GROUP BY 1) w USING (product)
    LEFT JOIN (SELECT product, count(*) FROM twin_preassigned GROUP BY 1) f USING (product);

    UPDATE twin_institution i SET capacity = greatest(0, i.capacity - f.count)
    FROM (SELECT institution, count(*) FROM twin_preassigned GROUP BY 1) f, twin_policy y
    WHERE f.institution = i.institution AND y.preassigned_uses_capacity;

    ANALYZE twin_wish;
    ANALYZE twin_standing;
    ANALYZE twin_offer;
END $$;


-- Money goes out scan by scan, or product by product, on top of what is filled already.
CREATE FUNCTION pg_temp.twin_fund() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    depth boolean := (SELECT depth_first FROM twin_policy);
    most bigint := (SELECT p.group_cap FROM twin_policy p);
    area_left bigint[];
    group_spent bigint[];
    given bigint[] := (SELECT array_agg(filled ORDER BY place) FROM twin_offer);
    scans bigint := (SELECT max(cap) FROM twin_offer);
    offer record;
BEGIN
    SELECT array_agg(a.budget - coalesce(s.spent, 0) ORDER BY a.area) INTO area_left
    FROM twin_area a
    LEFT JOIN (SELECT area, sum(filled * price) AS spent FROM twin_offer GROUP BY 1) s USING (area);
    SELECT array_agg(s.spent ORDER BY s.cap_group) INTO group_spent
    FROM (SELECT cap_group, sum(filled * price)::bigint AS spent FROM twin_offer
          WHERE cap_group IS NOT NULL GROUP BY 1) s;

    -- The n-th placement of a product belongs to scan n; depth first makes all scans of a product
    -- before those of the next.
    FOR offer IN
        SELECT o.*, scan FROM twin_offer o, generate_series(o.filled + 1, least(o.cap, scans)) scan
        ORDER BY CASE WHEN depth THEN o.place ELSE scan END,
            CASE WHEN depth THEN scan ELSE o.place END
    LOOP
        CONTINUE WHEN given[offer.place] <> offer.scan - 1
            OR offer.price > area_left[offer.area]
            OR group_spent[offer.cap_group] + offer.price > most;
        given[offer.place] := offer.scan;
        area_left[offer.area] := area_left[offer.area] - offer.price;
        IF offer.cap_group IS NOT NULL THEN
            group_spent[offer.cap_group] := group_spent[offer.cap_group] + offer.price;
        END IF;
    END LOOP;
    UPDATE twin_offer SET funded = u.funded
    FROM unnest(given) WITH ORDINALITY AS u(funded, place) WHERE u.place = twin_offer.place;
END $$;


-- All institutions ask at once; every product asked chooses anew from all who have asked it.
CREATE FUNCTION pg_temp.twin_match() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    kind text;
BEGIN
    DELETE FROM twin_seat;
    INSERT INTO twin_seat
    SELECT product, seat_type, given
    FROM (
        SELECT r.product, r.seat_type, CASE
            WHEN r.number IS NULL
            THEN greatest(0, o.funded - o.preassigned - coalesce(sum(r.number) OVER p, 0))
            ELSE least(r.number, greatest(0, o.funded - o.preassigned - coalesce(
                sum(r.number) OVER (p ORDER BY t.precedence
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)))
            END AS given
        FROM twin_seat_rule r JOIN twin_seat_type t USING (seat_type) JOIN twin_offer o USING (product)
        WINDOW p AS (PARTITION BY r.product)) s
    WHERE given > 0;

    DELETE FROM twin_asking;
    UPDATE twin_wish SET refused = false WHERE refused;
    DELETE FROM twin_moved;
    INSERT INTO twin_moved SELECT institution FROM twin_institution;
    ANALYZE twin_seat;
    LOOP
        DELETE FROM twin_touched;
        WITH asked AS (
            INSERT INTO twin_asking
            SELECT w.institution, w.product, NULL
            FROM (
                SELECT x.*, row_number() OVER (PARTITION BY x.institution ORDER BY x.choice) AS at
                FROM twin_wish x JOIN twin_moved USING (institution) WHERE NOT x.refused) w
            JOIN twin_institution i USING (institution)
            WHERE w.at <= i.capacity
            ON CONFLICT DO NOTHING
            RETURNING product)
        INSERT INTO twin_touched SELECT DISTINCT product FROM asked;
        EXIT WHEN NOT FOUND;

        UPDATE twin_asking a SET seat_type = NULL FROM twin_touched t
        WHERE t.product = a.product AND a.seat_type IS NOT NULL;
        FOR kind IN SELECT t.seat_type FROM twin_seat_type t ORDER BY t.precedence LOOP
            UPDATE twin_asking a SET seat_type = kind
            FROM (
                SELECT c.institution, c.product,
                    row_number() OVER (PARTITION BY c.product ORDER BY s.place) AS at
                FROM twin_touched
                JOIN twin_asking c USING (product)
                JOIN twin_standing s USING (institution, product)
                WHERE c.seat_type IS NULL AND s.seat_type = kind) best
            JOIN twin_seat g ON g.product = best.product AND g.seat_type = kind
            WHERE a.institution = best.institution AND a.product = best.product
                AND best.at <= g.number;
        END LOOP;

        DELETE FROM twin_moved;
        WITH lost AS (
            DELETE FROM twin_asking a USING twin_touched t
            WHERE t.product = a.product AND a.seat_type IS NULL
            RETURNING a.institution, a.product),
        noted AS (
            UPDATE twin_wish w SET refused = true FROM lost
            WHERE w.institution = lost.institution AND w.product = lost.product)
        INSERT INTO twin_moved SELECT DISTINCT institution FROM lost;
        EXIT WHEN NOT FOUND;
    END LOOP;

    UPDATE twin_offer o SET filled = o.preassigned + coalesce(
        (SELECT count(*) FROM twin_asking a WHERE a.product = o.product), 0);
END $$;


CREATE FUNCTION pg_temp.twin_solve() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    pass int := 0;
BEGIN
    PERFORM pg_temp.twin_prepare();
    LOOP
        pass := pass + 1;
        PERFORM pg_temp.twin_fund();
        PERFORM pg_temp.twin_match();
        INSERT INTO twin_pass SELECT pass, product, funded, filled FROM twin_offer;
        EXIT WHEN NOT (SELECT reallocate FROM twin_policy)
            OR NOT EXISTS (SELECT FROM twin_offer WHERE filled < funded);
        -- What is filled stays and is paid first; who leaves placements unclaimed gets no more.
        UPDATE twin_offer SET cap = filled WHERE filled < funded;
    END LOOP;
END $$;
