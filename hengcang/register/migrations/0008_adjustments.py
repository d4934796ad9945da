"""Scrap, overages and status changes are in the one list, and frozen once posted."""

from typing import ClassVar

from django.db import migrations

from hengcang.register.joining import freeze, join_list

KINDS = (
    ("scrap", "stock_scrap"),
    ("overage", "stock_overage"),
    ("status_change", "stock_statuschange"),
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("register", "0007_stock_counts"), ("stock", "0006_adjustments")]
    operations: ClassVar = [
        *(migrations.RunSQL(*join_list(kind, table)) for kind, table in KINDS),
        *(migrations.RunSQL(*freeze(table, f"{table}line")) for _, table in KINDS),
    ]
