"""超收容差: how much more than ordered may come in."""

from django.db import migrations, models

import hengcang.columns


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="item",
            name="over_receipt_rate",
            field=hengcang.columns.RateField(decimal_places=2, default=0, max_digits=5),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(("over_receipt_rate__gte", 0), ("over_receipt_rate__lte", 100)),
                name="item_over_receipt_rate",
            ),
        ),
    ]
