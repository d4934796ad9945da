"""The file as rows, and which of them are goods. No database here."""

import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

COLUMNS = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice",
           "CustomerID", "Country"]  # fmt: skip
GOODS = re.compile(r"\d{5}")
WALK_IN = "散客"

CLASSES = (
    ("邮费运费", re.compile(r"POST|DOT|C2")),
    ("手工行", re.compile(r"M")),
    ("折扣", re.compile(r"D")),
    ("样品", re.compile(r"S")),
    ("银行与平台费用", re.compile(r"BANK CHARGES|AMAZONFEE")),
    ("礼券", re.compile(r"GIFT_.*")),
    ("坏账调整", re.compile(r"B")),
)


class Row(NamedTuple):
    """One line of the file; money in pounds, `customer` as text, 散客 where there is none."""

    at: datetime
    invoice: str
    code: str
    description: str
    quantity: int
    price: Decimal
    customer: str
    country: str

    @property
    def day(self) -> date:
        return self.at.date()


def read_rows(path: Path) -> list[Row]:
    """Every line of the file in order of time, lines of the same minute as in the file."""
    import pyarrow.parquet as parquet

    if not path.is_file():
        raise FileNotFoundError(2, "missing", str(path))
    table = parquet.read_table(path, columns=COLUMNS)
    columns = [table.column(name).to_pylist() for name in COLUMNS]
    rows = [
        Row(
            at,
            no,
            code.strip().upper(),
            (text or "").strip(),
            quantity,
            _pounds(price),
            WALK_IN if customer is None else str(customer),
            country,
        )
        for no, code, text, quantity, at, price, customer, country in zip(*columns, strict=True)
    ]
    rows.sort(key=lambda row: row.at)
    return rows


def class_of(row: Row) -> str | None:
    """None for goods; else why the line is not."""
    if not GOODS.match(row.code):
        named = (name for name, pattern in CLASSES if pattern.fullmatch(row.code))
        return next(named, "其他非商品编码")
    if row.price < 0:
        return "负价"
    if row.price == 0:
        return "零价的报损与盘点" if row.quantity < 0 else "零价的补送"
    if (row.quantity < 0) != row.invoice.startswith("C"):
        return "方向不明"
    return None


def _pounds(price: float) -> Decimal:
    return Decimal(repr(price)).quantize(Decimal("0.0001"))
