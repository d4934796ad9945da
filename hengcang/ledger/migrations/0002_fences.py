"""Entries are only appended; the costs of a closed month are frozen. Statement triggers: set-based."""

from typing import ClassVar

from django.db import migrations

APPEND_ONLY = (
    "ledger_postingrecord",
    "ledger_stockentry",
    "ledger_promiseentry",
    "ledger_moneyentry",
)

FENCES = "".join(
    f"""
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
    for table in APPEND_ONLY
)

FREEZE = """
CREATE FUNCTION ledger_refuse_closed_costs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM touched t JOIN ledger_stockentry e ON e.position = t.entry_id
             JOIN ledger_period p ON p.month = date_trunc('month', e.dated)::date
             WHERE p.closed_at IS NOT NULL) THEN
    RAISE EXCEPTION 'closed is frozen: % of costs in a closed month', TG_OP USING ERRCODE = 'HC002';
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION ledger_refuse_closed_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM touched t JOIN ledger_period p
             ON p.month = date_trunc('month', t.dated)::date WHERE p.closed_at IS NOT NULL) THEN
    RAISE EXCEPTION 'closed is frozen: entries in a closed month' USING ERRCODE = 'HC002';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER frozen_insert AFTER INSERT ON ledger_entrycost REFERENCING NEW TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_closed_costs();
CREATE TRIGGER frozen_update AFTER UPDATE ON ledger_entrycost REFERENCING OLD TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_closed_costs();
CREATE TRIGGER frozen_delete BEFORE DELETE OR TRUNCATE ON ledger_entrycost
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER frozen_insert AFTER INSERT ON ledger_stockentry REFERENCING NEW TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_closed_entries();
"""
UNDO = """
DROP TRIGGER frozen_insert ON ledger_stockentry;
DROP TRIGGER frozen_delete ON ledger_entrycost;
DROP TRIGGER frozen_update ON ledger_entrycost;
DROP TRIGGER frozen_insert ON ledger_entrycost;
DROP FUNCTION ledger_refuse_closed_entries();
DROP FUNCTION ledger_refuse_closed_costs();
""" + "".join(f"DROP TRIGGER append_only ON {table};" for table in APPEND_ONLY)


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("ledger", "0001_initial"),
        ("compliance", "0002_row_hash"),
    ]
    operations: ClassVar = [migrations.RunSQL(FENCES + FREEZE, UNDO)]
