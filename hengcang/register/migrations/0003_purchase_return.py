"""Returns to suppliers are in the one list of all documents, and frozen once posted."""

from typing import ClassVar

from django.db import migrations

from hengcang.register.joining import freeze, join_list


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("register", "0002_posted_is_frozen"),
        ("purchasing", "0003_purchase_return"),
    ]
    operations: ClassVar = [
        migrations.RunSQL(
            *join_list("purchase_return", "purchasing_purchasereturn", of_partner="partner_id")
        ),
        migrations.RunSQL(*freeze("purchasing_purchasereturn", "purchasing_purchasereturnline")),
    ]
