"""Stock counts: their lines, what was counted, and when a cause is asked for."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import hengcang.columns


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0001_initial"),
        ("places", "0001_initial"),
        ("stock", "0002_found_quickly"),
    ]

    operations = [
        migrations.CreateModel(
            name="CountRules",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "cause_above_quantity",
                    hengcang.columns.QuantityField(decimal_places=6, max_digits=18, null=True),
                ),
                (
                    "cause_above_value",
                    hengcang.columns.MoneyField(
                        decimal_places=2, default=500, max_digits=18, null=True
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="one_count_rules")
                ],
            },
        ),
        migrations.CreateModel(
            name="StockCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=24, null=True, unique=True)),
                ("dated", models.DateField()),
                ("external_no", models.CharField(blank=True, max_length=60)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("client_uuid", models.UUIDField(unique=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_by_id", models.BigIntegerField()),
                ("created_by_name", models.CharField(max_length=80)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("counting", "盘点中"),
                            ("review", "待复核"),
                            ("posted", "已审核"),
                            ("reversed", "已红冲"),
                            ("voided", "已作废"),
                        ],
                        default="draft",
                        max_length=16,
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("all", "全仓"),
                            ("category", "按类别"),
                            ("items", "指定商品"),
                            ("zone", "按区域"),
                        ],
                        default="all",
                        max_length=8,
                    ),
                ),
                ("zone", models.CharField(blank=True, max_length=40)),
                (
                    "category",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.itemcategory",
                    ),
                ),
                (
                    "reversal_of",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="stock.stockcount",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.warehouse",
                    ),
                ),
            ],
            options={
                "ordering": ("-dated", "-id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="StockCountLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                (
                    "quantity_in_unit",
                    hengcang.columns.QuantityField(decimal_places=6, max_digits=18),
                ),
                ("quantity", hengcang.columns.QuantityField(decimal_places=6, max_digits=18)),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "expected",
                    hengcang.columns.QuantityField(decimal_places=6, default=0, max_digits=18),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                (
                    "counted",
                    hengcang.columns.QuantityField(decimal_places=6, max_digits=18, null=True),
                ),
                (
                    "book",
                    hengcang.columns.QuantityField(decimal_places=6, max_digits=18, null=True),
                ),
                (
                    "moved_from",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "未说明"),
                            ("counted", "已盘过的地方"),
                            ("uncounted", "还没盘的地方"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                (
                    "unit_cost",
                    hengcang.columns.PriceField(decimal_places=4, max_digits=16, null=True),
                ),
                ("cause", models.CharField(blank=True, max_length=100)),
                ("responsible", models.CharField(blank=True, max_length=40)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="stock.stockcount",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.item",
                    ),
                ),
                (
                    "item_uom",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.itemuom",
                    ),
                ),
            ],
            options={
                "ordering": ("position",),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="StockTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("round", models.PositiveSmallIntegerField()),
                ("zone", models.CharField(blank=True, max_length=40)),
                (
                    "quantity_in_unit",
                    hengcang.columns.QuantityField(decimal_places=6, max_digits=18),
                ),
                ("quantity", hengcang.columns.QuantityField(decimal_places=6, max_digits=18)),
                ("position", models.BigIntegerField()),
                ("book", hengcang.columns.QuantityField(decimal_places=6, max_digits=18)),
                ("day", models.DateField()),
                ("note", models.CharField(blank=True, max_length=200)),
                ("is_current", models.BooleanField(default=True)),
                ("counted_by_id", models.BigIntegerField()),
                ("counted_by_name", models.CharField(max_length=80)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tallies",
                        to="stock.stockcount",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.item",
                    ),
                ),
                (
                    "item_uom",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.itemuom",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="CountPlan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("a_days", models.PositiveSmallIntegerField(default=30)),
                ("b_days", models.PositiveSmallIntegerField(default=90)),
                ("c_days", models.PositiveSmallIntegerField(default=180)),
                ("a_percent", models.PositiveSmallIntegerField(default=80)),
                ("b_percent", models.PositiveSmallIntegerField(default=95)),
                ("most_a_day", models.PositiveIntegerField(default=50)),
                ("is_active", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "warehouse",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.warehouse",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("a_percent__lte", models.F("b_percent")),
                            ("b_percent__lte", 100),
                            ("most_a_day__gt", 0),
                        ),
                        name="count_plan_classes",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="stockcount",
            index=models.Index(fields=["-dated", "-id"], name="stock_count_newest"),
        ),
        migrations.AddIndex(
            model_name="stockcount",
            index=models.Index(
                condition=models.Q(("status__in", ["counting", "review"])),
                fields=["warehouse", "status"],
                name="stock_count_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockcount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["draft", "counting", "review", "posted", "reversed", "voided"])
                ),
                name="stock_count_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockcountline",
            constraint=models.UniqueConstraint(
                fields=("document", "item"), name="item_once_per_count"
            ),
        ),
        migrations.AddIndex(
            model_name="stocktally",
            index=models.Index(fields=["document", "item"], name="stock_tally_item"),
        ),
        migrations.RunSQL(
            "CREATE INDEX stock_stockcount_number_end ON stock_stockcount"
            " (reverse(number) text_pattern_ops);"
            "CREATE INDEX stock_stockcount_external ON stock_stockcount"
            " (upper(external_no) text_pattern_ops);",
            "DROP INDEX stock_stockcount_number_end; DROP INDEX stock_stockcount_external;",
        ),
    ]
