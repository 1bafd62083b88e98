-- The shapes in force for tipg: a table per level, as an operator would give it.
CREATE SCHEMA tipg;
CREATE TABLE tipg.sigungu AS SELECT id, code, name, provenance, geom FROM region WHERE level = 2;
CREATE TABLE tipg.emd AS SELECT id, code, name, provenance, geom FROM region WHERE level = 3;
ALTER TABLE tipg.sigungu ADD PRIMARY KEY (id);
ALTER TABLE tipg.emd ADD PRIMARY KEY (id);
CREATE INDEX ON tipg.sigungu USING gist (geom);
CREATE INDEX ON tipg.emd USING gist (geom);
