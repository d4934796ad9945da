"""Requisitions, and which order lines cover which of their lines."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import hengcang.columns


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0001_initial"),
        ("partners", "0001_initial"),
        ("places", "0001_initial"),
        ("purchasing", "0005_line_due_date"),
    ]

    operations = [
        migrations.CreateModel(
            name="PurchaseRequisition",
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
                ("due_date", models.DateField(null=True)),
                (
                    "partner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.partner",
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
            name="PurchaseRequisitionLine",
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
                    "qty_fulfilled",
                    hengcang.columns.QuantityField(decimal_places=6, default=0, max_digits=18),
                ),
                ("due_date", models.DateField(null=True)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="purchasing.purchaserequisition",
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
                    "supplier",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.partner",
                    ),
                ),
            ],
            options={
                "ordering": ("position",),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RequisitionCover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quantity", hengcang.columns.QuantityField(decimal_places=6, max_digits=18)),
                (
                    "order_line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="covers",
                        to="purchasing.purchaseorderline",
                    ),
                ),
                (
                    "requisition_line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="covered_by",
                        to="purchasing.purchaserequisitionline",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="purchaserequisition",
            index=models.Index(fields=["-dated", "-id"], name="requisition_newest"),
        ),
        migrations.AddIndex(
            model_name="purchaserequisition",
            index=models.Index(
                condition=models.Q(("status__in", ["draft", "pending", "approved"])),
                fields=["status", "-dated", "-id"],
                name="requisition_unfinished",
            ),
        ),
        migrations.AddConstraint(
            model_name="purchaserequisition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        ["draft", "pending", "approved", "closed", "closed_forced", "voided"],
                    )
                ),
                name="requisition_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="purchaserequisitionline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("qty_fulfilled__gte", 0), ("qty_fulfilled__lte", models.F("quantity"))
                ),
                name="requisition_line_fulfilled",
            ),
        ),
        migrations.AddConstraint(
            model_name="requisitioncover",
            constraint=models.UniqueConstraint(
                fields=("order_line", "requisition_line"), name="requisition_cover_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="requisitioncover",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="requisition_cover_positive"
            ),
        ),
        migrations.RunSQL(
            "CREATE INDEX purchasing_requisition_number_end ON purchasing_purchaserequisition"
            " (reverse(number) text_pattern_ops);"
            "CREATE INDEX purchasing_requisition_external ON purchasing_purchaserequisition"
            " (upper(external_no) text_pattern_ops);",
            "DROP INDEX purchasing_requisition_number_end;"
            "DROP INDEX purchasing_requisition_external;",
        ),
    ]
