"""Stock counts are in the one list of documents, and frozen once posted, with what was counted."""

from importlib import import_module
from typing import ClassVar

from django.db import migrations

first = import_module("hengcang.register.migrations.0001_document_row")

COUNT_ARM = first._arm("stock_count", "stock_stockcount", "NULL::bigint", "NULL::numeric(18,2)")
OF_COUNTS = ("stock_stockcountline", "stock_stocktally")

FROZEN = """
CREATE TRIGGER keep_posted BEFORE UPDATE OR DELETE ON stock_stockcount
  FOR EACH ROW EXECUTE FUNCTION documents_keep_posted();
CREATE TRIGGER kept BEFORE TRUNCATE ON stock_stockcount
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
""" + "".join(
    f"""
CREATE TRIGGER keep_lines BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION documents_keep_lines('stock_stockcount');
CREATE TRIGGER kept BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
    for table in OF_COUNTS
)
THAWED = "".join(
    f"DROP TRIGGER {name} ON {table}; DROP TRIGGER kept ON {table};"
    for name, table in (
        ("keep_posted", "stock_stockcount"),
        *(("keep_lines", t) for t in OF_COUNTS),
    )
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("register", "0002_posted_is_frozen"),
        ("stock", "0003_counts"),
    ]
    operations: ClassVar = [
        migrations.RunSQL(
            f"DROP VIEW document_row; {first.VIEW} UNION ALL {COUNT_ARM}",
            f"DROP VIEW document_row; {first.VIEW}",
        ),
        migrations.RunSQL(FROZEN, THAWED),
    ]
