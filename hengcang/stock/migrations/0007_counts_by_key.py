"""A count has a line per stock key, and a tally names its line."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

# What was counted so far was counted by item: one line each. Posted tallies are frozen, and are
# not changed by this: they only say which line they belonged to all along.
NAME_LINES = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE stock_stocktally DISABLE TRIGGER USER;
UPDATE stock_stocktally t SET line_id = l.id FROM stock_stockcountline l
 WHERE l.document_id = t.document_id AND l.item_id = t.item_id;
ALTER TABLE stock_stocktally ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("stock", "0006_adjustments")]
    operations: ClassVar = [
        migrations.RemoveConstraint("stockcountline", "item_once_per_count"),
        migrations.AddConstraint(
            "stockcountline",
            models.UniqueConstraint(
                fields=["document", "item", "batch", "bin", "stock_status"],
                name="stock_key_once_per_count",
                nulls_distinct=False,
            ),
        ),
        migrations.AddField(
            "stocktally",
            "line",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tallies",
                to="stock.stockcountline",
            ),
        ),
        migrations.RunSQL(NAME_LINES, migrations.RunSQL.noop),
        migrations.AlterField(
            "stocktally",
            "line",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tallies",
                to="stock.stockcountline",
            ),
        ),
    ]
