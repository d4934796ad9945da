"""报价单: quotations, and orders that take up their lines."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import hengcang.columns


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0001_initial"),
        ("partners", "0001_initial"),
        ("places", "0001_initial"),
        ("sales", "0002_found_quickly"),
    ]

    operations = [
        migrations.CreateModel(
            name="SalesQuote",
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
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("pending", "待审核"),
                            ("approved", "已审核"),
                            ("won", "已成交"),
                            ("lapsed", "已失效"),
                            ("voided", "已作废"),
                        ],
                        default="draft",
                        max_length=16,
                    ),
                ),
                ("valid_until", models.DateField()),
                (
                    "partner",
                    models.ForeignKey(
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
            name="SalesQuoteLine",
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
                (
                    "qty_fulfilled",
                    hengcang.columns.QuantityField(decimal_places=6, default=0, max_digits=18),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="sales.salesquote",
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
        migrations.AddField(
            model_name="salesorderline",
            name="source_line",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="fulfilled_by",
                to="sales.salesquoteline",
            ),
        ),
        migrations.AddIndex(
            model_name="salesquote",
            index=models.Index(fields=["-dated", "-id"], name="sales_quote_newest"),
        ),
        migrations.AddIndex(
            model_name="salesquote",
            index=models.Index(fields=["partner", "-dated", "-id"], name="sales_quote_partner"),
        ),
        migrations.AddIndex(
            model_name="salesquote",
            index=models.Index(
                condition=models.Q(("status__in", ["draft", "pending", "approved"])),
                fields=["status", "-dated", "-id"],
                name="sales_quote_unfinished",
            ),
        ),
        migrations.AddConstraint(
            model_name="salesquote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["draft", "pending", "approved", "won", "lapsed", "voided"])
                ),
                name="sales_quote_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="salesquote",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_until__gte", models.F("dated"))),
                name="sales_quote_valid",
            ),
        ),
        migrations.AddConstraint(
            model_name="salesquoteline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("qty_fulfilled__gte", 0), ("qty_fulfilled__lte", models.F("quantity"))
                ),
                name="sales_quote_line_fulfilled",
            ),
        ),
        migrations.RunSQL(
            "CREATE INDEX sales_salesquote_number_end"
            " ON sales_salesquote (reverse(number) text_pattern_ops);"
            "CREATE INDEX sales_salesquote_external"
            " ON sales_salesquote (upper(external_no) text_pattern_ops);",
            "DROP INDEX sales_salesquote_number_end; DROP INDEX sales_salesquote_external;",
        ),
    ]
