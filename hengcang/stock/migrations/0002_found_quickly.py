"""Papers are found by the end of their number, by the other side's number, and while unfinished."""

from django.db import migrations, models

TABLES = ("stock_otherreceipt", "stock_otherissue")


def by_numbers(table: str) -> migrations.RunSQL:
    """Half-remembered numbers: the last digits of ours, the first letters of theirs."""
    return migrations.RunSQL(
        f"CREATE INDEX {table}_number_end ON {table} (reverse(number) text_pattern_ops);"
        f"CREATE INDEX {table}_external ON {table} (upper(external_no) text_pattern_ops);",
        f"DROP INDEX {table}_number_end; DROP INDEX {table}_external;",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("places", "0001_initial"),
        ("stock", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="otherissue",
            index=models.Index(
                condition=models.Q(("status__in", ["draft", "pending", "approved"])),
                fields=["status", "-dated", "-id"],
                name="other_issue_unfinished",
            ),
        ),
        migrations.AddIndex(
            model_name="otherreceipt",
            index=models.Index(
                condition=models.Q(("status__in", ["draft", "pending", "approved"])),
                fields=["status", "-dated", "-id"],
                name="other_receipt_unfinished",
            ),
        ),
        *map(by_numbers, TABLES),
    ]
