"""Whether stock may fall below zero is the warehouse's to say: its balance rows follow it.

Refused with HC004 while something is below zero; the detail says of how many items, which one
first and by how much.
"""

from typing import ClassVar

from django.db import migrations

FOLLOW = """
CREATE FUNCTION ledger_negatives_follow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE short record;
BEGIN
  PERFORM FROM ledger_stockbalance WHERE warehouse_id = NEW.id ORDER BY id FOR NO KEY UPDATE;
  PERFORM FROM ledger_availability WHERE warehouse_id = NEW.id ORDER BY id FOR NO KEY UPDATE;
  IF NOT NEW.allow_negative THEN
    SELECT count(*) OVER () AS items, i.name, min(t.quantity) AS quantity INTO short
    FROM (SELECT item_id, quantity FROM ledger_stockbalance WHERE warehouse_id = NEW.id
          UNION ALL SELECT item_id, on_hand - reserved FROM ledger_availability
          WHERE warehouse_id = NEW.id) t JOIN catalog_item i ON i.id = t.item_id
    WHERE t.quantity < 0 GROUP BY i.id ORDER BY i.code LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'stock below zero' USING ERRCODE = 'HC004',
        DETAIL = short.items || ' ' || trim_scale(short.quantity) || ' ' || short.name;
    END IF;
  END IF;
  UPDATE ledger_stockbalance SET allow_negative = NEW.allow_negative
  WHERE warehouse_id = NEW.id AND allow_negative <> NEW.allow_negative;
  UPDATE ledger_availability SET allow_negative = NEW.allow_negative
  WHERE warehouse_id = NEW.id AND allow_negative <> NEW.allow_negative;
  RETURN NULL;
END $$;
CREATE TRIGGER negatives_follow AFTER UPDATE OF allow_negative ON places_warehouse
  FOR EACH ROW WHEN (OLD.allow_negative <> NEW.allow_negative)
  EXECUTE FUNCTION ledger_negatives_follow();
UPDATE ledger_stockbalance b SET allow_negative = true FROM places_warehouse w
WHERE w.id = b.warehouse_id AND w.allow_negative AND NOT b.allow_negative;
UPDATE ledger_availability a SET allow_negative = true FROM places_warehouse w
WHERE w.id = a.warehouse_id AND w.allow_negative AND NOT a.allow_negative;
"""
UNDO = """
DROP TRIGGER negatives_follow ON places_warehouse;
DROP FUNCTION ledger_negatives_follow();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("ledger", "0007_kept_days"),
        ("places", "0004_knew_negatives"),
        ("catalog", "0001_initial"),
    ]
    operations: ClassVar = [migrations.RunSQL(FOLLOW, UNDO)]
