BEGIN;
SET lock_timeout = '5s';
CREATE TABLE IF NOT EXISTS app.orders (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  total numeric(10, 2) NOT NULL DEFAULT 0 CHECK (total >= 0),
  state app.state[] DEFAULT ARRAY['new']::app.state[],
  customer_id integer REFERENCES customers (id) ON DELETE CASCADE,
  EXCLUDE USING gist (during WITH &&)
) PARTITION BY RANGE (id);
CREATE UNIQUE INDEX CONCURRENTLY ix_a ON ONLY orders USING btree (lower(name) DESC NULLS LAST) INCLUDE (b) WHERE a > 1;
ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (a, b) REFERENCES c (a, b) NOT VALID, ALTER COLUMN a TYPE bigint USING a::bigint;
CREATE OR REPLACE FUNCTION f(a int, OUT b text) RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $body$
BEGIN UPDATE orders SET a = NEW.a WHERE id = OLD.id; RETURN NEW; END $body$;
DO $$ DECLARE r record; BEGIN FOR r IN SELECT 1 LOOP EXECUTE format('DROP TABLE %I', r.t); END LOOP; END $$;
WITH gone AS (DELETE FROM a USING b WHERE a.id = b.id RETURNING a.*) INSERT INTO c (x, y) SELECT x, E'\'y' FROM gone ON CONFLICT DO NOTHING;
COMMENT ON COLUMN orders.a IS 'it''s'; /* nested /* comment */ */ -- end
COMMIT;
