"""From rows to documents: what is sold, returned and bought, day by day. No database here.

The plan always covers the whole file, whatever part of it is loaded, so that a second, longer load
continues the first.
"""

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from statistics import median_low

from hengcang.cli.load.online_retail.reading import WALK_IN, Row, class_of

WEEK = timedelta(days=7)
COVER_WEEKS = 4
MAX_LINES = 500  # of a purchase order


@dataclass(frozen=True, slots=True)
class Origin:
    """A line of an earlier sale."""

    invoice: str
    index: int


@dataclass(frozen=True, slots=True)
class Line:
    """So many pieces of an item at a price. `origin`: of a return, where it was sold."""

    code: str
    quantity: int
    price: Decimal
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Invoice:
    """A sale, or a credit note whose quantities are positive here."""

    number: str
    day: date
    customer: str
    lines: tuple[Line, ...]
    is_return: bool = False


@dataclass(frozen=True, slots=True)
class Purchase:
    """An order to a supplier and the receipt that brings all of it."""

    supplier: str
    number: str
    ordered: date
    received: date
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What the file says of an item."""

    name: str
    price: Decimal


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything to be done, in order of time."""

    first: date
    last: date
    items: dict[str, ItemFacts]
    customers: dict[str, str]  # number → country
    invoices: list[Invoice]
    purchases: list[Purchase]
    not_goods: list[tuple[str, Row]] = field(default_factory=list)


def plan_of(rows: Sequence[Row]) -> Plan:
    """The plan of the whole file."""
    goods, others = [], []
    for row in rows:
        reason = class_of(row)
        if reason is None:
            goods.append(row)
        else:
            others.append((reason, row))
    items = _items(goods)
    invoices = _with_origins(_invoices(goods))
    first, last = rows[0].day, rows[-1].day
    return Plan(
        first=first,
        last=last,
        items=items,
        customers={row.customer: row.country for row in reversed(goods)},
        invoices=invoices,
        purchases=list(_purchases(items, invoices, first, last)),
        not_goods=others,
    )


def cost_of(code: str, facts: ItemFacts, day: date) -> Decimal:
    """What a piece costs when bought in that month: 60 % of the price, ±5 %, at least a penny."""
    sway = zlib.crc32(f"{code}{day:%Y%m}".encode()) % 11 - 5
    cost = facts.price * 60 * (100 + sway) / 10_000
    return max(cost.quantize(Decimal("0.01")), Decimal("0.01"))


def supplier_of(code: str) -> str:
    return code[:2]


def _items(goods: Sequence[Row]) -> dict[str, ItemFacts]:
    """The commonest description and the median price of every code."""
    names: dict[str, Counter[str]] = defaultdict(Counter)
    prices: dict[str, list[Decimal]] = defaultdict(list)
    for row in goods:
        names[row.code][row.description] += 1
        prices[row.code].append(row.price)
    return {
        code: ItemFacts(
            min(names[code].items(), key=lambda item: (-item[1], item[0]))[0] or code,
            median_low(prices[code]),
        )
        for code in sorted(names)
    }


def _invoices(goods: Sequence[Row]) -> list[Invoice]:
    """Rows of the same invoice number together, invoices in order of their first row."""
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in goods:
        grouped[row.invoice].append(row)
    return [
        Invoice(
            number,
            rows[0].day,
            rows[0].customer,
            tuple(Line(row.code, abs(row.quantity), row.price) for row in rows),
            is_return=number.startswith("C"),
        )
        for number, rows in grouped.items()
    ]


@dataclass(slots=True)
class _Sold:
    """A delivery line and how much of it may still come back."""

    origin: Origin
    price: Decimal
    left: int


def _with_origins(invoices: Sequence[Invoice]) -> list[Invoice]:
    """Credit notes know which sale each line goes back to, where one fits."""
    sold: dict[tuple[str, str], list[_Sold]] = defaultdict(list)
    made = []
    for invoice in invoices:
        if invoice.is_return:
            lines = tuple(_bound(line, sold[invoice.customer, line.code]) for line in invoice.lines)
            made.append(
                Invoice(invoice.number, invoice.day, invoice.customer, lines, is_return=True)
            )
            continue
        made.append(invoice)
        if invoice.customer != WALK_IN:
            for index, line in enumerate(invoice.lines):
                place = _Sold(Origin(invoice.number, index), line.price, line.quantity)
                sold[invoice.customer, line.code].append(place)
    return made


def _bound(line: Line, candidates: Sequence[_Sold]) -> Line:
    """The newest line with enough left, one of the same price first."""
    fitting = [place for place in reversed(candidates) if place.left >= line.quantity]
    fitting.sort(key=lambda place: place.price != line.price)
    if not fitting:
        return line
    fitting[0].left -= line.quantity
    return Line(line.code, line.quantity, line.price, fitting[0].origin)


def _purchases(
    items: dict[str, ItemFacts], invoices: Sequence[Invoice], first: date, last: date
) -> Iterator[Purchase]:
    """Each week, what the next COVER_WEEKS sell of the items that this week would use up."""
    weeks = _weeks(first, last)
    sold, back = _by_week(invoices, weeks)
    held: Counter[str] = Counter()
    for number, week in enumerate(weeks):
        wanted: dict[str, list[Line]] = defaultdict(list)
        for code in sorted(sold[number]):
            if held[code] < sold[number][code]:
                ahead = sum(
                    sold[n][code] for n in range(number, min(number + COVER_WEEKS, len(weeks)))
                )
                quantity = ahead - held[code]
                wanted[supplier_of(code)].append(
                    Line(code, quantity, cost_of(code, items[code], week))
                )
                held[code] += quantity
        held.subtract(sold[number])
        held.update(back[number])
        ordered = max(first, week - WEEK)
        for supplier, lines in wanted.items():
            for part, at in enumerate(range(0, len(lines), MAX_LINES)):
                name = f"{supplier}-{week:%Y%m%d}-{part}"
                chunk = tuple(lines[at : at + MAX_LINES])
                yield Purchase(supplier, name, ordered, week, chunk)


def _weeks(first: date, last: date) -> list[date]:
    """The first day, then every Monday."""
    weeks, day = [first], first + timedelta(days=7 - first.weekday())
    while day <= last:
        weeks.append(day)
        day += WEEK
    return weeks


def _by_week(
    invoices: Sequence[Invoice], weeks: Sequence[date]
) -> tuple[list[Counter[str]], list[Counter[str]]]:
    """Pieces sold and pieces returned by item, for each week."""
    sold: list[Counter[str]] = [Counter() for _ in weeks]
    back: list[Counter[str]] = [Counter() for _ in weeks]
    for invoice in invoices:
        monday = invoice.day - timedelta(days=invoice.day.weekday())
        number = 0 if monday <= weeks[0] else weeks.index(monday)
        for line in invoice.lines:
            (back if invoice.is_return else sold)[number][line.code] += line.quantity
    return sold, back
