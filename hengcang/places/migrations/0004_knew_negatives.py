"""A warehouse remembers that stock below zero was allowed in it."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("places", "0003_batches")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="warehouse",
            name="knew_negatives",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunSQL(
            "UPDATE places_warehouse SET knew_negatives = true WHERE allow_negative",
            migrations.RunSQL.noop,
        ),
    ]
