"""A line of a purchase order may be due on a day of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("purchasing", "0004_over_receipt"),
    ]

    operations = [
        migrations.AddField(
            model_name="purchaseorderline",
            name="due_date",
            field=models.DateField(null=True),
        ),
    ]
