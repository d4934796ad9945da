"""Tables of the balances kept at the end of closed months and of certain days."""

from typing import ClassVar

from django.db import models

from hengcang.columns import MoneyField, QuantityField


class BalanceAtClose(models.Model):
    """Quantity of a stock key at the end of a closed month; keys at zero have no row."""

    period = models.ForeignKey("ledger.Period", models.PROTECT, related_name="+")
    stock = models.ForeignKey("ledger.StockBalance", models.PROTECT, related_name="+")
    quantity = QuantityField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["period", "stock"], name="one_balance_at_close"),
        ]

    def __str__(self) -> str:
        return f"{self.period_id} {self.stock_id}"


class CostAtClose(models.Model):
    """Quantity and value of a cost key at the end of a closed month; empty keys have no row."""

    period = models.ForeignKey("ledger.Period", models.PROTECT, related_name="+")
    cost = models.ForeignKey("ledger.CostBalance", models.PROTECT, related_name="+")
    quantity = QuantityField()
    value = MoneyField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["period", "cost"], name="one_cost_at_close"),
        ]

    def __str__(self) -> str:
        return f"{self.period_id} {self.cost_id}"


class KeptDay(models.Model):
    """At the end of this day the balances were kept (旬结存), so that any day is near one.

    A posting dated on it or before makes it invalid: it is then counted anew, not corrected.
    """

    day = models.DateField(primary_key=True)
    is_valid = models.BooleanField(default=True)

    def __str__(self) -> str:
        return str(self.day)


class StockOfDay(models.Model):
    """Quantity of a stock key at the end of a kept day; keys at zero have no row."""

    kept = models.ForeignKey(KeptDay, models.CASCADE, related_name="+", db_index=False)
    stock = models.ForeignKey(
        "ledger.StockBalance", models.PROTECT, related_name="+", db_index=False
    )
    quantity = QuantityField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kept", "stock"], name="one_stock_of_day"),
        ]

    def __str__(self) -> str:
        return f"{self.kept_id} {self.stock_id}"


class CostOfDay(models.Model):
    """Quantity and value of a cost key at the end of a kept day; empty keys have no row."""

    kept = models.ForeignKey(KeptDay, models.CASCADE, related_name="+", db_index=False)
    cost = models.ForeignKey("ledger.CostBalance", models.PROTECT, related_name="+", db_index=False)
    quantity = QuantityField()
    value = MoneyField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kept", "cost"], name="one_cost_of_day"),
        ]

    def __str__(self) -> str:
        return f"{self.kept_id} {self.cost_id}"
