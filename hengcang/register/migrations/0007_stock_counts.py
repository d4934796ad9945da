"""Stock counts are in the one list, and frozen once posted with what was counted."""

from typing import ClassVar

from django.db import migrations

from hengcang.register.joining import freeze, join_list


class Migration(migrations.Migration):
    dependencies: ClassVar = [("register", "0006_transfers"), ("stock", "0003_counts")]
    operations: ClassVar = [
        migrations.RunSQL(*join_list("stock_count", "stock_stockcount")),
        migrations.RunSQL(*freeze("stock_stockcount", "stock_stockcountline", "stock_stocktally")),
    ]
