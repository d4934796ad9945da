"""Quotations stand in the one list of all documents, and a numbered one is kept."""

from typing import ClassVar

from django.db import migrations

ARM = """
SELECT 'sales_quote-' || id AS key, 'sales_quote'::text AS kind, id AS document_id, number,
 external_no, status, dated, warehouse_id, partner_id, amount_incl_tax AS amount,
 created_by_name, created_at FROM sales_salesquote
"""

# The arms that stand there already are read from the view itself, so that no list is kept twice.
JOIN = f"""
DO $do$ BEGIN
  EXECUTE 'CREATE OR REPLACE VIEW document_row AS '
    || rtrim(pg_get_viewdef('document_row'::regclass), '; ') || $arm$ UNION ALL {ARM} $arm$;
END $do$;
"""
LEAVE = """
DO $do$ BEGIN
  EXECUTE 'CREATE OR REPLACE VIEW document_row AS ' || (
    SELECT string_agg(arm, ' UNION ALL ' ORDER BY position)
    FROM unnest(string_to_array(rtrim(pg_get_viewdef('document_row'::regclass), '; '),
      'UNION ALL')) WITH ORDINALITY arms (arm, position)
    WHERE arm NOT LIKE '%''sales_quote''::text%');
END $do$;
"""
KEEP = """
CREATE TRIGGER keep_posted BEFORE UPDATE OR DELETE ON sales_salesquote
  FOR EACH ROW EXECUTE FUNCTION documents_keep_posted();
CREATE TRIGGER kept BEFORE TRUNCATE ON sales_salesquote
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
LET_GO = """
DROP TRIGGER keep_posted ON sales_salesquote;
DROP TRIGGER kept ON sales_salesquote;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("register", "0002_posted_is_frozen"),
        ("sales", "0003_sales_quote"),
    ]
    operations: ClassVar = [
        migrations.RunSQL(JOIN, LEAVE),
        migrations.RunSQL(KEEP, LET_GO),
    ]
