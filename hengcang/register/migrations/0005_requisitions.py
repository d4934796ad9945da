"""Requisitions are in the one list of all documents, and a numbered one is kept."""

from typing import ClassVar

from django.db import migrations

from hengcang.register.joining import freeze, join_list


class Migration(migrations.Migration):
    dependencies: ClassVar = [("register", "0004_sales_quote"), ("purchasing", "0005_requisitions")]
    operations: ClassVar = [
        migrations.RunSQL(*join_list("purchase_requisition", "purchasing_purchaserequisition")),
        migrations.RunSQL(*freeze("purchasing_purchaserequisition")),
    ]
