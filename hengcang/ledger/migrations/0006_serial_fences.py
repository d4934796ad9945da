"""A piece's moves form one chain, and where it is now is the end of it: the database sees to both.

Places without a stock key count as key 0, so that a reference may compare them.
"""

from typing import ClassVar

from django.db import migrations

CHAIN = """
ALTER TABLE ledger_serialentry
  ADD COLUMN key_before bigint GENERATED ALWAYS AS (coalesce(stock_before_id, 0)) STORED,
  ADD COLUMN key_after bigint GENERATED ALWAYS AS (coalesce(stock_after_id, 0)) STORED,
  ADD CONSTRAINT serial_move_ends UNIQUE (serial_id, step, key_after, place_after),
  ADD CONSTRAINT serial_continues FOREIGN KEY (serial_id, previous, key_before, place_before)
    REFERENCES ledger_serialentry (serial_id, step, key_after, place_after);
ALTER TABLE ledger_serialstate
  ADD COLUMN key bigint GENERATED ALWAYS AS (coalesce(stock_id, 0)) STORED,
  ADD COLUMN last_step int GENERATED ALWAYS AS (nullif(step, 0)) STORED,
  ADD CONSTRAINT serial_is_where_it_went FOREIGN KEY (serial_id, last_step, key, place)
    REFERENCES ledger_serialentry (serial_id, step, key_after, place_after);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_serialentry
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON ledger_serialstate
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON catalog_serialnumber
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

FIXED = """
CREATE FUNCTION ledger_keep_tracking() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM ledger_stockbalance b JOIN ledger_stockentry e ON e.stock_id = b.id
             WHERE b.item_id = NEW.id) THEN
    RAISE EXCEPTION 'goods of item % have moved', NEW.code
      USING ERRCODE = '23514', CONSTRAINT = 'item_serials_fixed';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_tracking BEFORE UPDATE OF tracks_serials ON catalog_item
  FOR EACH ROW WHEN (OLD.tracks_serials IS DISTINCT FROM NEW.tracks_serials)
  EXECUTE FUNCTION ledger_keep_tracking();
"""

UNDO = """
DROP TRIGGER keep_tracking ON catalog_item;
DROP FUNCTION ledger_keep_tracking();
DROP TRIGGER append_only ON catalog_serialnumber;
DROP TRIGGER kept ON ledger_serialstate;
DROP TRIGGER append_only ON ledger_serialentry;
ALTER TABLE ledger_serialstate DROP CONSTRAINT serial_is_where_it_went,
  DROP COLUMN last_step, DROP COLUMN key;
ALTER TABLE ledger_serialentry DROP CONSTRAINT serial_continues, DROP CONSTRAINT serial_move_ends,
  DROP COLUMN key_after, DROP COLUMN key_before;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("ledger", "0005_serials")]
    operations: ClassVar = [migrations.RunSQL(CHAIN + FIXED, UNDO)]
