"""Shops' requests are in the one list."""

from typing import ClassVar

from django.db import migrations

from hengcang.register.joining import join_list


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("register", "0014_inquiries"),
        ("stock", "0009_shop_requests"),
    ]
    operations: ClassVar = [
        migrations.RunSQL(*join_list("shop_request", "stock_shoprequest")),
    ]
