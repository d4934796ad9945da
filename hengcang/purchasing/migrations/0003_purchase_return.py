"""采购退货单; receipt lines count what went back."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import hengcang.columns


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0001_initial"),
        ("partners", "0001_initial"),
        ("places", "0001_initial"),
        ("purchasing", "0002_found_quickly"),
    ]

    operations = [
        migrations.CreateModel(
            name="PurchaseReturn",
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
                ("prices_include_tax", models.BooleanField(default=True)),
                (
                    "net_amount",
                    hengcang.columns.MoneyField(decimal_places=2, default=0, max_digits=18),
                ),
                (
                    "tax_amount",
                    hengcang.columns.MoneyField(decimal_places=2, default=0, max_digits=18),
                ),
                (
                    "amount_incl_tax",
                    hengcang.columns.MoneyField(decimal_places=2, default=0, max_digits=18),
                ),
            ],
            options={
                "ordering": ("-dated", "-id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PurchaseReturnLine",
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
                ("price", hengcang.columns.PriceField(decimal_places=4, max_digits=16)),
                (
                    "discount_rate",
                    hengcang.columns.RateField(decimal_places=2, default=100, max_digits=5),
                ),
                ("tax_rate", hengcang.columns.RateField(decimal_places=2, max_digits=5)),
                ("net_amount", hengcang.columns.MoneyField(decimal_places=2, max_digits=18)),
                ("tax_amount", hengcang.columns.MoneyField(decimal_places=2, max_digits=18)),
                ("amount_incl_tax", hengcang.columns.MoneyField(decimal_places=2, max_digits=18)),
            ],
            options={
                "ordering": ("position",),
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="purchasereceiptline",
            name="qty_returned",
            field=hengcang.columns.QuantityField(decimal_places=6, default=0, max_digits=18),
        ),
        migrations.AddConstraint(
            model_name="purchasereceiptline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("quantity__lt", 0),
                    models.Q(("qty_returned__gte", 0), ("qty_returned__lte", models.F("quantity"))),
                    _connector="OR",
                ),
                name="purchase_receipt_line_returned",
            ),
        ),
        migrations.AddField(
            model_name="purchasereturn",
            name="partner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.partner"
            ),
        ),
        migrations.AddField(
            model_name="purchasereturn",
            name="reversal_of",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reversed_by",
                to="purchasing.purchasereturn",
            ),
        ),
        migrations.AddField(
            model_name="purchasereturn",
            name="warehouse",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.warehouse"
            ),
        ),
        migrations.AddField(
            model_name="purchasereturnline",
            name="document",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="purchasing.purchasereturn",
            ),
        ),
        migrations.AddField(
            model_name="purchasereturnline",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.item"
            ),
        ),
        migrations.AddField(
            model_name="purchasereturnline",
            name="item_uom",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.itemuom"
            ),
        ),
        migrations.AddField(
            model_name="purchasereturnline",
            name="source_line",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="returned_by",
                to="purchasing.purchasereceiptline",
            ),
        ),
        migrations.AddIndex(
            model_name="purchasereturn",
            index=models.Index(fields=["-dated", "-id"], name="purchase_return_newest"),
        ),
        migrations.AddIndex(
            model_name="purchasereturn",
            index=models.Index(fields=["partner", "-dated", "-id"], name="purchase_return_partner"),
        ),
        migrations.AddIndex(
            model_name="purchasereturn",
            index=models.Index(
                condition=models.Q(("status__in", ["draft", "pending", "approved"])),
                fields=["status", "-dated", "-id"],
                name="purchase_return_unfinished",
            ),
        ),
        migrations.AddConstraint(
            model_name="purchasereturn",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["draft", "posted", "reversed", "voided"])),
                name="purchase_return_status",
            ),
        ),
        migrations.RunSQL(
            "CREATE INDEX purchasing_purchasereturn_number_end ON purchasing_purchasereturn"
            " (reverse(number) text_pattern_ops);"
            "CREATE INDEX purchasing_purchasereturn_external ON purchasing_purchasereturn"
            " (upper(external_no) text_pattern_ops);",
            "DROP INDEX purchasing_purchasereturn_number_end;"
            "DROP INDEX purchasing_purchasereturn_external;",
        ),
    ]
