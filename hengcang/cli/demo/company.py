"""What the trading needs to know of the company, once its master data has ids. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from hengcang.cli.demo.names import Season
from hengcang.kernel.actor import Actor

# How much of a main category a kind of customer buys, relative to its popularity.
TASTES = {
    "文具店": {
        "办公用品": 1.0,
        "学生用品": 1.3,
        "家居百货": 0.08,
        "节庆用品": 0.5,
        "五金电工": 0.05,
    },
    "超市": {"办公用品": 0.25, "学生用品": 0.5, "家居百货": 1.2, "节庆用品": 1.0, "五金电工": 0.2},
    "便利店": {"办公用品": 0.2, "学生用品": 0.2, "家居百货": 1.0, "节庆用品": 0.6, "五金电工": 0.3},
    "学校": {"办公用品": 0.8, "学生用品": 1.2, "家居百货": 0.4, "节庆用品": 0.05, "五金电工": 0.1},
    "企业": {"办公用品": 1.3, "学生用品": 0.05, "家居百货": 0.5, "节庆用品": 0.2, "五金电工": 0.2},
    "五金日杂店": {
        "办公用品": 0.1,
        "学生用品": 0.05,
        "家居百货": 0.8,
        "节庆用品": 0.6,
        "五金电工": 2.0,
    },
    "电商": {"办公用品": 0.8, "学生用品": 0.8, "家居百货": 1.3, "节庆用品": 0.6, "五金电工": 0.5},
}
SIZES = {"文具店": 1.0, "超市": 1.4, "便利店": 0.6, "学校": 1.2, "企业": 0.7, "五金日杂店": 0.8,
         "电商": 2.2}  # fmt: skip
MEAN_LINES = 4.6


@dataclass(frozen=True, slots=True)
class Good:
    """An item. Prices per base unit, tax included; `packs` are (unit id, base units), small first.

    `lot` is what a customer usually takes, `weight` how popular it is, `places` where it is kept.
    """

    id: int
    uom_id: int
    packs: tuple[tuple[int, int], ...]
    price: Decimal
    cost: Decimal
    tax_rate: Decimal
    season: Season
    group: str
    lot: int
    weight: float
    places: frozenset[int]


@dataclass(frozen=True, slots=True)
class Client:
    """A customer; `place` is the warehouse that usually serves it."""

    id: int
    kind: str
    place: int
    weight: float
    discount: Decimal
    credit_days: int
    by: Actor


@dataclass(frozen=True, slots=True)
class Vendor:
    """A supplier and its goods; looked at every other week on `weekday`, odd or even by `phase`."""

    id: int
    lead_days: int
    credit_days: int
    weekday: int
    phase: int
    goods: tuple[Good, ...]

    def is_due(self, day: date) -> bool:
        return day.weekday() == self.weekday and day.toordinal() // 7 % 2 == self.phase


@dataclass(frozen=True, slots=True)
class Staff:
    """Who fills in what."""

    buyer: Actor
    storekeeper: Actor
    lead: Actor


@dataclass(frozen=True, slots=True)
class Company:
    """All of it. The first of `places` is the main warehouse."""

    places: tuple[int, ...]
    goods: tuple[Good, ...]
    clients: tuple[Client, ...]
    vendors: tuple[Vendor, ...]
    staff: Staff
    rates: dict[tuple[int, int], float] = field(default_factory=dict)

    def rate(self, good: Good, place: int) -> float:
        """Base units wanted a calendar day on average, by (good, warehouse)."""
        return self.rates.get((good.id, place), 0.0)


def usual_lot(price: Decimal) -> int:
    """What a shop takes at a time of goods at this price."""
    for below, lot in ((1, 300), (3, 150), (8, 60), (25, 30), (60, 12)):
        if price < below:
            return lot
    return 4


def expected_rates(
    goods: Sequence[Good], clients: Sequence[Client], orders_a_day: float, main: int
) -> dict[tuple[int, int], float]:
    """What trading.py will sell on average, worked out beforehand: what a good buyer knows."""
    rates: dict[tuple[int, int], float] = {}
    everybody = sum(client.weight for client in clients)
    orders: dict[tuple[str, int], float] = {}
    for client in clients:
        share = orders_a_day * client.weight / everybody
        for place, part in ((client.place, 0.85), (main, 0.15)):
            orders[client.kind, place] = orders.get((client.kind, place), 0.0) + share * part
    for (kind, place), number in orders.items():
        taste, size = TASTES[kind], SIZES[kind]
        kept = [good for good in goods if place in good.places]
        total = sum(good.weight * taste[good.group] for good in kept)
        for good in kept:
            share = good.weight * taste[good.group] / total
            units = number * MEAN_LINES * share * good.lot * size * 1.2  # 1.2: mean of the spread
            rates[good.id, place] = rates.get((good.id, place), 0.0) + units
    return rates
