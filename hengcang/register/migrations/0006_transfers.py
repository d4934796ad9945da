"""Transfers and their receipts stand in the list of all documents, and are frozen once numbered.

A shipped transfer is under way for days: from its number on only status and version move.
"""

from typing import ClassVar

from django.db import migrations

from hengcang.register.joining import join_list

NUMBERED = """
CREATE FUNCTION documents_keep_numbered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.number IS NULL THEN
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF TG_OP = 'DELETE' OR NEW.status = 'draft' OR
     to_jsonb(OLD) - 'status' - 'version' <> to_jsonb(NEW) - 'status' - 'version' THEN
    RAISE EXCEPTION 'a numbered document is frozen: %', OLD.number USING ERRCODE = 'HC003';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION documents_keep_numbered_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE number text;
BEGIN
  IF TG_OP = 'UPDATE' AND (SELECT jsonb_object_agg(key, value) FROM jsonb_each(to_jsonb(OLD))
       WHERE key NOT LIKE 'qty\\_%') = (SELECT jsonb_object_agg(key, value)
       FROM jsonb_each(to_jsonb(NEW)) WHERE key NOT LIKE 'qty\\_%') THEN
    RETURN NEW;
  END IF;
  EXECUTE format('SELECT number FROM %I WHERE id = $1', TG_ARGV[0]) INTO number
    USING OLD.document_id;
  IF number IS NOT NULL THEN
    RAISE EXCEPTION 'lines of a numbered document are frozen' USING ERRCODE = 'HC003';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""


def kept(table: str, header: str, lines: str) -> str:
    """Header and lines are kept by these functions, and neither table is ever emptied."""
    return f"""
CREATE TRIGGER keep_posted BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION {header}();
CREATE TRIGGER kept BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER keep_lines BEFORE UPDATE OR DELETE ON {table}line
  FOR EACH ROW EXECUTE FUNCTION {lines}('{table}');
CREATE TRIGGER kept BEFORE TRUNCATE ON {table}line
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


TRANSFER, RECEIPT = "stock_stocktransfer", "stock_transferreceipt"


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("register", "0005_requisitions"),
        ("stock", "0004_transfers"),
    ]
    operations: ClassVar = [
        migrations.RunSQL(*join_list("stock_transfer", TRANSFER)),
        migrations.RunSQL(*join_list("transfer_receipt", RECEIPT)),
        migrations.RunSQL(
            NUMBERED
            + kept(TRANSFER, "documents_keep_numbered", "documents_keep_numbered_lines")
            + kept(RECEIPT, "documents_keep_posted", "documents_keep_lines")
        ),
    ]
