"""Papers are found by the end of their number, by the other side's number, and while unfinished."""

from django.db import migrations, models

TABLES = ("purchasing_purchaseorder", "purchasing_purchasereceipt")


def by_numbers(table: str) -> migrations.RunSQL:
    """Half-remembered numbers: the last digits of ours, the first letters of theirs."""
    return migrations.RunSQL(
        f"CREATE INDEX {table}_number_end ON {table} (reverse(number) text_pattern_ops);"
        f"CREATE INDEX {table}_external ON {table} (upper(external_no) text_pattern_ops);",
        f"DROP INDEX {table}_number_end; DROP INDEX {table}_external;",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0001_initial"),
        ("places", "0001_initial"),
        ("purchasing", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="purchaseorder",
            index=models.Index(
                condition=models.Q(("status__in", ["draft", "pending", "approved"])),
                fields=["status", "-dated", "-id"],
                name="purchase_order_unfinished",
            ),
        ),
        migrations.AddIndex(
            model_name="purchasereceipt",
            index=models.Index(
                condition=models.Q(("status__in", ["draft", "pending", "approved"])),
                fields=["status", "-dated", "-id"],
                name="purchase_receipt_unfinished",
            ),
        ),
        *map(by_numbers, TABLES),
    ]
