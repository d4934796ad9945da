"""Where single pieces are, and every move that brought them there."""

from typing import ClassVar

from django.db import models

from hengcang.ledger.entries import PLACE_LABELS, Place

PLACE_CHOICES = [(place.value, label) for place, label in PLACE_LABELS.items()]


class SerialEntry(models.Model):
    """One move of one piece: from where to where, by which line of which posting. Append-only.

    `step` counts the moves of the piece; `stood_on` is the move that held until this one: the one
    before, or, where that was a reversal, what it uncovered. The database lets a move begin only
    where the one before it ended (serial_continues): a piece can neither leave twice nor come in
    twice.
    """

    posting = models.ForeignKey("ledger.PostingRecord", models.PROTECT, related_name="+")
    line = models.PositiveIntegerField()
    serial = models.ForeignKey(
        "catalog.SerialNumber", models.PROTECT, related_name="+", db_index=False
    )
    step = models.PositiveIntegerField()
    previous = models.PositiveIntegerField(null=True)
    stood_on = models.PositiveIntegerField(null=True)
    stock_before = models.ForeignKey(
        "ledger.StockBalance", models.PROTECT, null=True, related_name="+", db_index=False
    )
    stock_after = models.ForeignKey(
        "ledger.StockBalance", models.PROTECT, null=True, related_name="+", db_index=False
    )
    place_before = models.CharField(max_length=10, choices=PLACE_CHOICES)
    place_after = models.CharField(max_length=10, choices=PLACE_CHOICES)
    partner = models.ForeignKey(
        "partners.Partner", models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["serial", "step"], name="serial_one_move_a_step"),
            models.CheckConstraint(
                condition=models.Q(previous__isnull=False, previous=models.F("step") - 1)
                | models.Q(previous=None, step=1, place_before=Place.NEW.value),
                name="serial_steps_follow",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(stock_before=None) & ~models.Q(place_before=Place.IN_STOCK.value)
                    | models.Q(stock_before__isnull=False, place_before=Place.IN_STOCK.value)
                )
                & (
                    models.Q(stock_after=None) & ~models.Q(place_after=Place.IN_STOCK.value)
                    | models.Q(stock_after__isnull=False, place_after=Place.IN_STOCK.value)
                ),
                name="serial_in_stock_has_a_key",
            ),
            models.CheckConstraint(
                condition=models.Q(stock_before__isnull=False)
                | models.Q(stock_after__isnull=False),
                name="serial_moves",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.serial_id}/{self.step}"


class SerialState(models.Model):
    """Where a piece is now: what its last entry says, which the database sees to.

    `stands_on`: the move that holds, which is the last that was not reversed.
    `received_on`: when it came in from outside, for first in, first out. `dated`: its last move.
    """

    serial = models.OneToOneField(
        "catalog.SerialNumber", models.PROTECT, primary_key=True, related_name="+"
    )
    item = models.ForeignKey("catalog.Item", models.PROTECT, related_name="+", db_index=False)
    step = models.PositiveIntegerField(default=0)
    stands_on = models.PositiveIntegerField(null=True)
    stock = models.ForeignKey(
        "ledger.StockBalance", models.PROTECT, null=True, related_name="+", db_index=False
    )
    place = models.CharField(max_length=10, choices=PLACE_CHOICES, default=Place.NEW.value)
    partner = models.ForeignKey(
        "partners.Partner", models.PROTECT, null=True, related_name="+", db_index=False
    )
    received_on = models.DateField(null=True)
    dated = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["stock", "received_on", "serial"],
                name="serial_state_in_stock",
                condition=models.Q(stock__isnull=False),
            ),
            models.Index(fields=["item", "place"], name="serial_state_of_item"),
        ]

    def __str__(self) -> str:
        return f"{self.serial_id} {self.place}"
