"""采购退货单 is in the one list of all documents, and frozen once posted."""

from typing import ClassVar

from django.db import migrations

TRADE = {
    "sales_order": "sales_salesorder",
    "sales_delivery": "sales_salesdelivery",
    "sales_return": "sales_salesreturn",
    "purchase_order": "purchasing_purchaseorder",
    "purchase_receipt": "purchasing_purchasereceipt",
}
ADDED = {"purchase_return": "purchasing_purchasereturn"}
OWN = {"other_receipt": "stock_otherreceipt", "other_issue": "stock_otherissue"}


def _arm(kind: str, table: str, partner: str, amount: str) -> str:
    return (
        f"SELECT '{kind}-' || id AS key, '{kind}'::text AS kind, id AS document_id, number,"
        f" external_no, status, dated, warehouse_id, {partner} AS partner_id, {amount} AS amount,"
        f" created_by_name, created_at FROM {table}"
    )


def _view(trade: dict[str, str]) -> str:
    return "CREATE OR REPLACE VIEW document_row AS " + " UNION ALL ".join(
        [_arm(kind, table, "partner_id", "amount_incl_tax") for kind, table in trade.items()]
        + [_arm(kind, table, "NULL::bigint", "NULL::numeric(18,2)") for kind, table in OWN.items()]
    )


FREEZE = "".join(
    f"""
CREATE TRIGGER keep_posted BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION documents_keep_posted();
CREATE TRIGGER kept BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER keep_lines BEFORE UPDATE OR DELETE ON {table}line
  FOR EACH ROW EXECUTE FUNCTION documents_keep_lines('{table}');
CREATE TRIGGER kept BEFORE TRUNCATE ON {table}line
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
    for table in ADDED.values()
)
THAW = "".join(
    f"DROP TRIGGER keep_posted ON {table}; DROP TRIGGER kept ON {table};"
    f"DROP TRIGGER keep_lines ON {table}line; DROP TRIGGER kept ON {table}line;"
    for table in ADDED.values()
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("register", "0002_posted_is_frozen"),
        ("purchasing", "0003_purchase_return"),
    ]
    operations: ClassVar = [
        migrations.RunSQL(_view(TRADE | ADDED), "DROP VIEW document_row;" + _view(TRADE)),
        migrations.RunSQL(FREEZE, THAW),
    ]
