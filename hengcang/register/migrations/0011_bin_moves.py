"""Bin moves are in the one list, and frozen once posted."""

from typing import ClassVar

from django.db import migrations

from hengcang.register.joining import freeze, join_list


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("register", "0010_counts_frozen_at_once"),
        ("stock", "0008_bin_moves"),
    ]
    operations: ClassVar = [
        migrations.RunSQL(*join_list("bin_move", "stock_binmove")),
        migrations.RunSQL(*freeze("stock_binmove", "stock_binmoveline")),
    ]
