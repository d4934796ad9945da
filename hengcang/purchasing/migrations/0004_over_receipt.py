"""超收容差: how much more than ordered may come in."""

import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0002_over_receipt_rate"),
        ("purchasing", "0003_purchase_return"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="purchaseorderline",
            name="purchase_order_line_fulfilled",
        ),
        migrations.AddConstraint(
            model_name="purchaseorderline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("qty_fulfilled__gte", 0),
                    (
                        "qty_fulfilled__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.Value(2), "*", models.F("quantity")
                        ),
                    ),
                ),
                name="purchase_order_line_fulfilled",
            ),
        ),
    ]
