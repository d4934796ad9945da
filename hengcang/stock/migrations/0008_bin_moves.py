"""Bin moves: goods of one warehouse in another of its bins."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import hengcang.columns


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0006_batch_life"),
        ("places", "0003_batches"),
        ("stock", "0007_counts_by_key"),
    ]

    operations = [
        migrations.CreateModel(
            name="BinMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=24, null=True, unique=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("pending", "待审核"),
                            ("approved", "已审核"),
                            ("closed", "已完成"),
                            ("closed_forced", "强制结单"),
                            ("posted", "已审核"),
                            ("reversed", "已红冲"),
                            ("voided", "已作废"),
                        ],
                        default="draft",
                        max_length=16,
                    ),
                ),
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
                    "reversal_of",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="stock.binmove",
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
            name="BinMoveLine",
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
                ("stock_status", models.CharField(default="good", max_length=8)),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.batch",
                    ),
                ),
                (
                    "bin",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.binlocation",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="stock.binmove",
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
                (
                    "to_bin",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.binlocation",
                    ),
                ),
            ],
            options={
                "ordering": ("position",),
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="binmove",
            index=models.Index(fields=["-dated", "-id"], name="bin_move_newest"),
        ),
        migrations.AddIndex(
            model_name="binmove",
            index=models.Index(
                condition=models.Q(("status__in", ["draft", "pending", "approved"])),
                fields=["status", "-dated", "-id"],
                name="bin_move_unfinished",
            ),
        ),
        migrations.AddConstraint(
            model_name="binmove",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["draft", "posted", "reversed", "voided"])),
                name="bin_move_status",
            ),
        ),
        migrations.RunSQL(
            "CREATE INDEX stock_binmove_number_end ON stock_binmove"
            " (reverse(number) text_pattern_ops);"
            "CREATE INDEX stock_binmove_external ON stock_binmove"
            " (upper(external_no) text_pattern_ops);",
            "DROP INDEX stock_binmove_number_end; DROP INDEX stock_binmove_external;",
        ),
    ]
