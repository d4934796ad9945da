"""Requisitions are in the one list of all documents, and a numbered one is kept."""

from typing import ClassVar

from django.db import migrations

TRADE = {
    "sales_order": "sales_salesorder",
    "sales_delivery": "sales_salesdelivery",
    "sales_return": "sales_salesreturn",
    "purchase_order": "purchasing_purchaseorder",
    "purchase_receipt": "purchasing_purchasereceipt",
}
OWN = {"other_receipt": "stock_otherreceipt", "other_issue": "stock_otherissue"}
NEW = {"purchase_requisition": "purchasing_purchaserequisition"}


def _arm(kind: str, table: str, partner: str, amount: str) -> str:
    return (
        f"SELECT '{kind}-' || id AS key, '{kind}'::text AS kind, id AS document_id, number,"
        f" external_no, status, dated, warehouse_id, {partner} AS partner_id, {amount} AS amount,"
        f" created_by_name, created_at FROM {table}"
    )


def _view(own: dict[str, str]) -> str:
    return "DROP VIEW document_row; CREATE VIEW document_row AS " + " UNION ALL ".join(
        [_arm(kind, table, "partner_id", "amount_incl_tax") for kind, table in TRADE.items()]
        + [_arm(kind, table, "NULL::bigint", "NULL::numeric(18,2)") for kind, table in own.items()]
    )


KEPT = "".join(
    f"""
CREATE TRIGGER keep_posted BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION documents_keep_posted();
CREATE TRIGGER kept BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
    for table in NEW.values()
)
UNDO = "".join(
    f"DROP TRIGGER keep_posted ON {table}; DROP TRIGGER kept ON {table};" for table in NEW.values()
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("register", "0002_posted_is_frozen"),
        ("purchasing", "0003_requisitions"),
    ]
    operations: ClassVar = [
        migrations.RunSQL(_view(OWN | NEW), _view(OWN)),
        migrations.RunSQL(KEPT, UNDO),
    ]
