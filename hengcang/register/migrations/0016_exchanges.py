"""Exchanges are in the one list of all documents, and frozen once posted."""

from typing import ClassVar

from django.db import migrations

from hengcang.register.joining import freeze, join_list


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("register", "0015_shop_requests"),
        ("sales", "0012_exchanges"),
    ]
    operations: ClassVar = [
        migrations.RunSQL(
            *join_list("sales_exchange", "sales_salesexchange", of_partner="partner_id")
        ),
        migrations.RunSQL(*freeze("sales_salesexchange", "sales_salesexchangeline")),
    ]
