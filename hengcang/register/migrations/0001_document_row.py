"""The one list of all documents: a view of plain column lists, so that indexes serve it."""

from typing import ClassVar

from django.db import migrations, models

TRADE = {
    "sales_order": "sales_salesorder",
    "sales_delivery": "sales_salesdelivery",
    "sales_return": "sales_salesreturn",
    "purchase_order": "purchasing_purchaseorder",
    "purchase_receipt": "purchasing_purchasereceipt",
}
OWN = {"other_receipt": "stock_otherreceipt", "other_issue": "stock_otherissue"}


def _arm(kind: str, table: str, partner: str, amount: str) -> str:
    return (
        f"SELECT '{kind}-' || id AS key, '{kind}'::text AS kind, id AS document_id, number,"
        f" external_no, status, dated, warehouse_id, {partner} AS partner_id, {amount} AS amount,"
        f" created_by_name, created_at FROM {table}"
    )


VIEW = "CREATE VIEW document_row AS " + " UNION ALL ".join(
    [_arm(kind, table, "partner_id", "amount_incl_tax") for kind, table in TRADE.items()]
    + [_arm(kind, table, "NULL::bigint", "NULL::numeric(18,2)") for kind, table in OWN.items()]
)


class Migration(migrations.Migration):
    initial = True
    dependencies: ClassVar = [
        ("sales", "0001_initial"),
        ("purchasing", "0001_initial"),
        ("stock", "0001_initial"),
        ("partners", "0001_initial"),
        ("places", "0001_initial"),
    ]
    operations: ClassVar = [
        migrations.RunSQL(VIEW, "DROP VIEW document_row"),
        migrations.CreateModel(
            name="DocumentRow",
            fields=[
                ("key", models.CharField(max_length=60, primary_key=True, serialize=False)),
            ],
            options={
                "managed": False,
                "db_table": "document_row",
                "ordering": ["-dated", "-document_id"],
            },
        ),
    ]
