"""The precisions of this system, decided once. Quantities 6 dp, typed prices 4 dp, money 2 dp."""

from django.db import models


class QuantityField(models.DecimalField):  # type: ignore[type-arg]
    """Base units of an item unless the column's name says otherwise; 6 dp."""

    def __init__(self, **options: object) -> None:
        super().__init__(**{"max_digits": 18, "decimal_places": 6, **options})  # type: ignore[arg-type]


class PriceField(models.DecimalField):  # type: ignore[type-arg]
    """A price as typed, per unit of the line, in the book's currency; 4 dp."""

    def __init__(self, **options: object) -> None:
        super().__init__(**{"max_digits": 16, "decimal_places": 4, **options})  # type: ignore[arg-type]


class MoneyField(models.DecimalField):  # type: ignore[type-arg]
    """An amount in the book's currency; 2 dp."""

    def __init__(self, **options: object) -> None:
        super().__init__(**{"max_digits": 18, "decimal_places": 2, **options})  # type: ignore[arg-type]


class RateField(models.DecimalField):  # type: ignore[type-arg]
    """Percent, e.g. 13 for a tax rate of 13 %; 2 dp."""

    def __init__(self, **options: object) -> None:
        super().__init__(**{"max_digits": 5, "decimal_places": 2, **options})  # type: ignore[arg-type]
