"""Quotations stand in the one list of all documents, and a numbered one is kept."""

from typing import ClassVar

from django.db import migrations

from hengcang.register.joining import freeze, join_list


class Migration(migrations.Migration):
    dependencies: ClassVar = [("register", "0003_purchase_return"), ("sales", "0003_sales_quote")]
    operations: ClassVar = [
        migrations.RunSQL(*join_list("sales_quote", "sales_salesquote", of_partner="partner_id")),
        migrations.RunSQL(*freeze("sales_salesquote")),
    ]
