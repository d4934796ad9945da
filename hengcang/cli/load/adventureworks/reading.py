"""The folder as plain data. No database here."""

import csv
import gzip
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

PRICE = Decimal("0.0001")
NOT_IN_CODES = re.compile(r"[^A-Za-z0-9._/-]")
PRODUCT_NUMBER = re.compile(r"[A-Z]{2}-[A-Z0-9-]+")


@dataclass(frozen=True, slots=True)
class Vendor:
    """`account`: its number there, with - for what may not stand in a code."""

    id: str
    account: str
    name: str
    rating: int
    is_active: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """What a vendor asks for an item, and how much of it may be ordered at once."""

    product: str
    vendor: str
    lead_days: int
    price: Decimal
    least: int
    most: int
    unit: str


@dataclass(frozen=True, slots=True)
class OrderLine:
    """`amount` is the file's LineTotal; `stocked` = received − rejected."""

    product: str
    quantity: int
    amount: Decimal
    received: int
    rejected: int

    @property
    def price(self) -> Decimal:
        """To 4 dp: the file's own UnitPrice is rounded to the cent."""
        return (self.amount / self.quantity).quantize(PRICE, ROUND_HALF_UP)

    @property
    def stocked(self) -> int:
        return self.received - self.rejected


@dataclass(frozen=True, slots=True)
class Order:
    """`status`: 1 pending, 2 approved, 3 rejected, 4 complete."""

    id: str
    status: str
    vendor: str
    ordered: date
    shipped: date
    due: date
    lines: tuple[OrderLine, ...]
    tax: Decimal
    freight: Decimal

    @property
    def is_approved(self) -> bool:
        return self.status in ("2", "4")


@dataclass(frozen=True, slots=True)
class Folder:
    """All of it; orders by date, then number. `products`: (code, name) by id."""

    vendors: dict[str, Vendor]
    offers: list[Offer]
    products: dict[str, tuple[str, str]]
    orders: list[Order]


def read_folder(folder: Path) -> Folder:
    """What the four files of purchasing and the list of products say."""
    if not folder.is_dir():
        raise NotADirectoryError(2, "missing", str(folder))
    orders = sorted(_orders(folder), key=lambda order: (order.ordered, int(order.id)))
    return Folder(dict(_vendors(folder)), list(_offers(folder)), dict(_products(folder)), orders)


def _vendors(folder: Path) -> Iterator[tuple[str, Vendor]]:
    """Names with a comma are not quoted: they are what is left between the other cells."""
    for cells in list(_cells(folder, "Vendor"))[1:]:
        number, account, *name, rating, _, active, _, _ = cells
        code = NOT_IN_CODES.sub("-", account)
        yield number, Vendor(number, code, ",".join(name), int(rating), active == "1")


def _products(folder: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    """As above: the name ends where the product number stands."""
    for cells in list(_cells(folder, "Product"))[1:]:
        at = next(n for n, cell in enumerate(cells) if PRODUCT_NUMBER.fullmatch(cell))
        yield cells[0], (cells[at], ",".join(cells[1:at]))


def _offers(folder: Path) -> Iterator[Offer]:
    for row in _rows(folder, "ProductVendor"):
        yield Offer(
            product=row["ProductID"],
            vendor=row["BusinessEntityID"],
            lead_days=int(row["AverageLeadTime"]),
            price=Decimal(row["StandardPrice"]),
            least=int(row["MinOrderQty"]),
            most=int(row["MaxOrderQty"]),
            unit=row["UnitMeasureCode"].strip(),
        )


def _orders(folder: Path) -> Iterator[Order]:
    details: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in _rows(folder, "PurchaseOrderDetail"):
        details[row["PurchaseOrderID"]].append(row)
    for head in _rows(folder, "PurchaseOrderHeader"):
        rows = details[head["PurchaseOrderID"]]
        yield Order(
            id=head["PurchaseOrderID"],
            status=head["Status"],
            vendor=head["VendorID"],
            ordered=_day(head["OrderDate"]),
            shipped=_day(head["ShipDate"]),
            due=max(_day(row["DueDate"]) for row in rows),
            lines=tuple(_line(row) for row in rows),
            tax=Decimal(head["TaxAmt"]),
            freight=Decimal(head["Freight"]),
        )


def _line(row: dict[str, str]) -> OrderLine:
    return OrderLine(
        product=row["ProductID"],
        quantity=int(row["OrderQty"]),
        amount=Decimal(row["LineTotal"]),
        received=int(Decimal(row["ReceivedQty"])),
        rejected=int(Decimal(row["RejectedQty"])),
    )


def _rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    cells = _cells(folder, name)
    head = next(cells)
    return (dict(zip(head, row, strict=True)) for row in cells)


def _cells(folder: Path, name: str) -> Iterator[list[str]]:
    with gzip.open(folder / f"{name}.csv.gz", "rt", encoding="utf-8-sig", newline="") as file:
        yield from csv.reader(file)


def _day(text: str) -> date:
    """`Apr 16 2011 12:00AM`, where a day below ten is padded with a space."""
    return datetime.strptime(" ".join(text.split()[:3]), "%b %d %Y").date()  # noqa: DTZ007 - a day
