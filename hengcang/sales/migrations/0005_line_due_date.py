"""A line of a sales order may be wanted on a day of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sales", "0004_sales_channel"),
    ]

    operations = [
        migrations.AddField(
            model_name="salesorderline",
            name="due_date",
            field=models.DateField(null=True),
        ),
    ]
