"""Lines of a posted count are frozen by one look at the statement, not by one at every row.

20,000 lines of a count are written in one statement; a trigger for each compared two rows as JSON.
"""

from typing import ClassVar

from django.db import migrations

from hengcang.register.joining import freeze_at_once

FUNCTION = """
CREATE FUNCTION documents_keep_lines_at_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found boolean;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT FROM (SELECT DISTINCT document_id FROM touched) t'
    ' JOIN %I d ON d.id = t.document_id WHERE d.status IN (''posted'', ''reversed''))', TG_ARGV[0])
    INTO found;
  IF found THEN
    RAISE EXCEPTION 'lines of a posted document are frozen' USING ERRCODE = 'HC003';
  END IF;
  RETURN NULL;
END $$;
"""
LINES = ("stock_stockcountline", "stock_stocktally")


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("register", "0009_inspections"),
        ("stock", "0007_counts_by_key"),
    ]
    operations: ClassVar = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION documents_keep_lines_at_once();"),
        *(migrations.RunSQL(*freeze_at_once("stock_stockcount", table)) for table in LINES),
    ]
