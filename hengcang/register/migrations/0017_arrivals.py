"""Arrival notices are in the one list; numbered ones are kept."""

from typing import ClassVar

from django.db import migrations

from hengcang.register.joining import freeze, join_list

TABLE = "purchasing_arrivalnotice"


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("register", "0016_exchanges"),
        ("purchasing", "0016_arrivals"),
    ]
    operations: ClassVar = [
        migrations.RunSQL(*join_list("arrival_notice", TABLE, of_partner="partner_id")),
        migrations.RunSQL(*freeze(TABLE)),
    ]
