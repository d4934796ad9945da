"""Where the real records lie, and small ones of the same shape."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from hengcang.cli.load.online_retail.reading import WALK_IN, Row

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def needed(name: str) -> Path:
    """The folder or file of that name, or the test is skipped."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"no real data here: ../shared/data/{name}")
    return path


def row(day: str, invoice: str, code: str, quantity: int, price: str = "2.00", **more: Any) -> Row:
    """A line at noon of that day of December 2010, or of a full date."""
    full = day if "-" in day else f"2010-12-{day}"
    values = {"description": f"THING {code}", "customer": "17850", "country": "United Kingdom"}
    values |= more
    at = datetime.fromisoformat(f"{full}T12:00")
    return Row(at, invoice, code, quantity=quantity, price=Decimal(price), **values)


def walk_in(day: str, invoice: str, code: str, quantity: int, price: str = "2.00") -> Row:
    return row(day, invoice, code, quantity, price, customer=WALK_IN)


def parquet(rows: list[Row], path: Path) -> Path:
    """A file of the same columns and types as the real one."""
    import pyarrow as arrow
    import pyarrow.parquet

    columns = {
        "InvoiceNo": arrow.array([r.invoice for r in rows]),
        "StockCode": arrow.array([r.code for r in rows]),
        "Description": arrow.array([r.description for r in rows]),
        "Quantity": arrow.array([r.quantity for r in rows], arrow.int32()),
        "InvoiceDate": arrow.array([r.at for r in rows], arrow.timestamp("ns")),
        "UnitPrice": arrow.array([float(r.price) for r in rows], arrow.float64()),
        "CustomerID": arrow.array(
            [None if r.customer == WALK_IN else int(r.customer) for r in rows], arrow.int32()
        ),
        "Country": arrow.array([r.country for r in rows]),
    }
    pyarrow.parquet.write_table(arrow.table(columns), path)
    return path
