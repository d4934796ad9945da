"""Requests for quotation and suppliers' quotes are in the one list; numbered ones are kept."""

from typing import ClassVar

from django.db import migrations

from hengcang.register.joining import freeze, join_list


class Migration(migrations.Migration):
    dependencies: ClassVar = [("register", "0013_assemblies"), ("purchasing", "0012_inquiries")]
    operations: ClassVar = [
        migrations.RunSQL(*join_list("rfq", "purchasing_rfq")),
        migrations.RunSQL(*freeze("purchasing_rfq")),
        migrations.RunSQL(
            *join_list("supplier_quote", "purchasing_supplierquote", of_partner="partner_id")
        ),
        migrations.RunSQL(*freeze("purchasing_supplierquote")),
    ]
