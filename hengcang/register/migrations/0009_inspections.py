"""Quality inspections are in the one list, and frozen once posted."""

from typing import ClassVar

from django.db import migrations

from hengcang.register.joining import freeze, join_list

TABLE = "purchasing_qualityinspection"


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("register", "0008_adjustments"),
        ("purchasing", "0013_inspections"),
    ]
    operations: ClassVar = [
        migrations.RunSQL(*join_list("quality_inspection", TABLE)),
        migrations.RunSQL(*freeze(TABLE, f"{TABLE}line")),
    ]
