"""A posted document is frozen in the database too: the books would otherwise say one thing and
the paper another.

Of a numbered document only status and version move, nothing is removed; of its lines only what is
counted on them (qty_*). Terms and checks are only appended, intents are not removed, and a series
of numbers only rises.
"""

from typing import ClassVar

from django.db import migrations

POSTED = (
    "sales_salesdelivery",
    "sales_salesreturn",
    "purchasing_purchasereceipt",
    "stock_otherreceipt",
    "stock_otherissue",
)
ORDERS = ("sales_salesorder", "purchasing_purchaseorder")

FUNCTIONS = """
CREATE FUNCTION documents_keep_posted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.number IS NOT NULL THEN
      RAISE EXCEPTION 'a numbered document is kept: %', OLD.number USING ERRCODE = 'HC003';
    END IF;
    RETURN OLD;
  END IF;
  IF OLD.status IN ('posted', 'reversed') AND
     to_jsonb(OLD) - 'status' - 'version' <> to_jsonb(NEW) - 'status' - 'version' THEN
    RAISE EXCEPTION 'a posted document is frozen: %', OLD.number USING ERRCODE = 'HC003';
  END IF;
  IF OLD.status IN ('posted', 'reversed') AND NEW.status NOT IN ('posted', 'reversed') THEN
    RAISE EXCEPTION 'a posted document stays posted: %', OLD.number USING ERRCODE = 'HC003';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION documents_keep_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE status text;
BEGIN
  IF TG_OP = 'UPDATE' AND (SELECT jsonb_object_agg(key, value) FROM jsonb_each(to_jsonb(OLD))
       WHERE key NOT LIKE 'qty\\_%%') = (SELECT jsonb_object_agg(key, value)
       FROM jsonb_each(to_jsonb(NEW)) WHERE key NOT LIKE 'qty\\_%%') THEN
    RETURN NEW;
  END IF;
  EXECUTE format('SELECT status FROM %%I WHERE id = $1', TG_ARGV[0]) INTO status
    USING OLD.document_id;
  IF status IN ('posted', 'reversed') THEN
    RAISE EXCEPTION 'lines of a posted document are frozen' USING ERRCODE = 'HC003';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE FUNCTION documents_number_rises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR NEW.last < OLD.last OR NEW.kind <> OLD.kind OR NEW.month <> OLD.month THEN
    RAISE EXCEPTION 'a series of numbers only rises' USING ERRCODE = 'HC003';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER only_rises BEFORE UPDATE OR DELETE ON documents_numberseries
  FOR EACH ROW EXECUTE FUNCTION documents_number_rises();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON documents_intent
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_bookterms
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_verification
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
""".replace("%%", "%")

KEPT = "".join(
    f"""
CREATE TRIGGER keep_posted BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION documents_keep_posted();
CREATE TRIGGER kept BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
    for table in POSTED + ORDERS
) + "".join(
    f"""
CREATE TRIGGER keep_lines BEFORE UPDATE OR DELETE ON {table}line
  FOR EACH ROW EXECUTE FUNCTION documents_keep_lines('{table}');
CREATE TRIGGER kept BEFORE TRUNCATE ON {table}line
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
    for table in POSTED
)

UNDO = (
    "".join(
        f"DROP TRIGGER keep_posted ON {table}; DROP TRIGGER kept ON {table};"
        for table in POSTED + ORDERS
    )
    + "".join(
        f"DROP TRIGGER keep_lines ON {table}line; DROP TRIGGER kept ON {table}line;"
        for table in POSTED
    )
    + """
DROP TRIGGER append_only ON ledger_verification;
DROP TRIGGER append_only ON ledger_bookterms;
DROP TRIGGER kept ON documents_intent;
DROP TRIGGER only_rises ON documents_numberseries;
DROP FUNCTION documents_number_rises();
DROP FUNCTION documents_keep_lines();
DROP FUNCTION documents_keep_posted();
"""
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("register", "0001_document_row"),
        ("documents", "0001_initial"),
        ("ledger", "0002_fences"),
    ]
    operations: ClassVar = [migrations.RunSQL(FUNCTIONS + KEPT, UNDO)]
