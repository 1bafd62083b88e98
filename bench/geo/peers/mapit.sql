-- The shapes in force as one generation in MapIt's own tables, which its migrations have made.
SET search_path = mapit, public;
INSERT INTO mapit_generation (id, active, created, description)
VALUES (1, true, now(), 'the generation in force');
INSERT INTO mapit_type (id, code, description)
VALUES (1, 'SIDO', 'sido'), (2, 'SIGUNGU', 'sigungu'), (3, 'EMD', 'emd');
INSERT INTO mapit_country (id, code, name) VALUES (1, 'K', 'Korea');
INSERT INTO mapit_codetype (id, code, description) VALUES (1, 'legal', 'region code');
INSERT INTO mapit_nametype (id, code, description) VALUES (1, 'default', 'Korean name');
INSERT INTO mapit_area
    (id, name, country_id, generation_low_id, generation_high_id, parent_area_id, type_id)
SELECT id, name, 1, 1, 1, parent_id, level FROM region ORDER BY level, id;
INSERT INTO mapit_code (code, area_id, type_id) SELECT code, id, 1 FROM region;
INSERT INTO mapit_name (name, area_id, type_id) SELECT name, id, 1 FROM region;
INSERT INTO mapit_geometry (area_id, polygon) SELECT id, (ST_Dump(geom)).geom FROM region;
