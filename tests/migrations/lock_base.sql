-- The schema on which lock_truth.json.gz was measured, on servers of 10 to 18.
CREATE EXTENSION IF NOT EXISTS citext;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pgcrypto;
CREATE SCHEMA other;
CREATE TYPE mood AS ENUM ('sad','ok','happy');
CREATE TYPE mood_unused AS ENUM ('x','y');
CREATE TYPE comp AS (x int, y text);
CREATE DOMAIN dtext AS text;
CREATE DOMAIN dpos AS int CHECK (VALUE >= 0);
CREATE SEQUENCE seq1;
CREATE FUNCTION trg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION f_immut(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1*2';
CREATE TABLE parent (id bigint PRIMARY KEY, code varchar(10) UNIQUE, name text NOT NULL);
INSERT INTO parent SELECT g, 'c'||g, 'n'||g FROM generate_series(1,100000) g;
CREATE TABLE t (
  id bigint NOT NULL,
  a int,                       -- nullable, holds no NULL
  a2 int,                      -- nullable, holds NULLs
  b int NOT NULL,
  i4 int, i4i int, si smallint, i8 bigint,
  v10 varchar(10), v10i varchar(10), v50 varchar(50), vv varchar, txt text, txti text, c5 char(5),
  num numeric(10,2), numi numeric(10,2), num_plain numeric,
  ts timestamp, tsi timestamp, ts3 timestamp(3), tstz timestamptz, tstzi timestamptz,
  tm time, itv interval, d date, ci citext, js json, jsb jsonb, m mood NOT NULL DEFAULT 'ok', mt text,
  arr int[], flag boolean, u uuid, ip inet, cid cidr, vb varbit(8), b8 bit(8), f4 real, dt dtext, dp dpos,
  parent_id bigint,            -- no FK, all values valid
  uq int NOT NULL, uqn int, dflt int DEFAULT 5, du text, rng int4range, i8seq bigint, dropme int, chk int
);
INSERT INTO t SELECT g, g, CASE WHEN g%2=0 THEN g END, g, g, g, g%1000, g,
  'v'||(g%1000), 'v'||(g%1000), 'v'||g, 'v'||g, 't'||g, 't'||g, 'c',
  g, g, g, now()::timestamp, now()::timestamp, now()::timestamp, now(), now(),
  '10:00', '1 day', current_date, 'ci'||g, '{"a":1}', '{"a":1}', 'ok', 'ok',
  ARRAY[g], true, md5(g::text)::uuid, '10.0.0.1', '10.0.0.0/8', B'101', B'10101010', g, 'x', g,
  g, g, g, g, 'x'||g, int4range(g*10,g*10+5), g, g, g FROM generate_series(1,100000) g;
ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY (id);
CREATE INDEX t_b_idx ON t(b);
CREATE INDEX t_v10i_idx ON t(v10i);
CREATE INDEX t_txti_idx ON t(txti);
CREATE INDEX t_i4i_idx ON t(i4i);
CREATE INDEX t_numi_idx ON t(numi);
CREATE INDEX t_tsi_idx ON t(tsi);
CREATE INDEX t_tstzi_idx ON t(tstzi);
CREATE INDEX t_dropme_idx ON t(dropme);
CREATE UNIQUE INDEX t_uq_ready ON t(uq);
CREATE UNIQUE INDEX t_uqn_ready ON t(uqn);
CREATE TABLE child (id bigint PRIMARY KEY, t_id bigint NOT NULL, other_id bigint, CONSTRAINT child_t_fk FOREIGN KEY (t_id) REFERENCES t(id));
INSERT INTO child SELECT g, g, g FROM generate_series(1,100000) g;
CREATE INDEX child_t_id_idx ON child(t_id);
CREATE TABLE solo (id bigint PRIMARY KEY, v int, w text);    -- no FK either way
INSERT INTO solo SELECT g, g, 'w'||g FROM generate_series(1,100000) g;
CREATE INDEX solo_v_idx ON solo(v);
CREATE TABLE empty_t (id bigint PRIMARY KEY, v int);
CREATE UNLOGGED TABLE unlog (id bigint PRIMARY KEY, v int);
INSERT INTO unlog SELECT g, g FROM generate_series(1,100000) g;
CREATE VIEW solo_view AS SELECT id, v FROM solo;
CREATE MATERIALIZED VIEW solo_mv AS SELECT id, v FROM solo;
CREATE UNIQUE INDEX solo_mv_id ON solo_mv(id);
CREATE TABLE viewed (id bigint PRIMARY KEY, v varchar(10), k int);
INSERT INTO viewed SELECT g, 'v', g FROM generate_series(1,1000) g;
CREATE VIEW viewed_view AS SELECT id, v FROM viewed;
CREATE TABLE inh_parent (id bigint, v int);
CREATE TABLE inh_child () INHERITS (inh_parent);
INSERT INTO inh_child SELECT g, g FROM generate_series(1,100000) g;
CREATE TABLE part (id bigint NOT NULL, v int, w text) PARTITION BY RANGE (id);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (100001);
CREATE TABLE part_2 PARTITION OF part FOR VALUES FROM (100001) TO (200001);
INSERT INTO part_1 SELECT g, g, 'w' FROM generate_series(1,100000) g;
INSERT INTO part_2 SELECT g, g, 'w' FROM generate_series(100001,200000) g;
CREATE TABLE part_new (id bigint NOT NULL, v int, w text);
INSERT INTO part_new SELECT g, g, 'w' FROM generate_series(200001,300000) g;
CREATE TABLE part_newck (id bigint NOT NULL, v int, w text, CONSTRAINT ck CHECK (id >= 200001 AND id < 300001));
INSERT INTO part_newck SELECT g, g, 'w' FROM generate_series(200001,300000) g;
ANALYZE;
