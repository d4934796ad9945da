"""超收容差: how much more than ordered may come in."""

from django.db import migrations, models

import hengcang.columns


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="supplierprofile",
            name="over_receipt_rate",
            field=hengcang.columns.RateField(decimal_places=2, max_digits=5, null=True),
        ),
        migrations.AddConstraint(
            model_name="supplierprofile",
            constraint=models.CheckConstraint(
                condition=models.Q(("over_receipt_rate__gte", 0), ("over_receipt_rate__lte", 100)),
                name="supplier_over_receipt_rate",
            ),
        ),
    ]
