"""Purchase orders and receipts of AdventureWorks."""

import gzip
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from hengcang.cli.load.adventureworks import checking, doing
from hengcang.cli.load.adventureworks.reading import Folder, OrderLine, read_folder
from hengcang.documents.flow import Status
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.rounding import to_cent
from hengcang.ledger.periods import Terms, go_live
from hengcang.partners.models import Partner
from hengcang.purchasing.models import PurchaseOrder, PurchaseReceipt
from tests.load.records import needed

FILES = {
    "Vendor": """\
BusinessEntityID,AccountNumber,Name,CreditRating,PreferredVendorStatus,ActiveFlag,Url,ModifiedDate
1,G&KBI0001,G & K Bicycle, Inc.,1,1,1,,Dec 23 2011 12:00AM
2,ALLEN0001,Allenson Cycles,4,1,0,,Apr 25 2011 12:00AM
""",
    "ProductVendor": """\
ProductID,BusinessEntityID,AverageLeadTime,StandardPrice,MinOrderQty,MaxOrderQty,UnitMeasureCode
7,1,17,47.87,1,5,CS
7,2,19,39.92,10,100,CTN
""",
    "Product": """\
ProductID,Name,ProductNumber,MakeFlag
7,Hex Nut, 10,HN-0010,0
""",
    "PurchaseOrderHeader": """\
PurchaseOrderID,Status,VendorID,OrderDate,ShipDate,TaxAmt,Freight
11,4,1,Apr 16 2011 12:00AM,Apr 25 2011 12:00AM,8.00,2.50
12,1,1,Apr 17 2011 12:00AM,Apr 26 2011 12:00AM,0.80,0.25
13,3,2,Apr 17 2011 12:00AM,Apr 26 2011 12:00AM,0.80,0.25
14,2,2,May  1 2011 12:00AM,May  9 2011 12:00AM,0.80,0.25
""",
    "PurchaseOrderDetail": """\
PurchaseOrderID,DueDate,OrderQty,ProductID,UnitPrice,LineTotal,ReceivedQty,RejectedQty
11,Apr 30 2011 12:00AM,550,7,0.18,99.83,550.00,50.00
12,Apr 30 2011 12:00AM,3,7,3.00,9.00,3.00,0.00
13,Apr 30 2011 12:00AM,3,7,3.00,9.00,3.00,3.00
14,Apr 30 2011 12:00AM,4,7,2.50,10.00,4.00,0.00
""",
}


@pytest.fixture
def small(tmp_path: Path) -> Folder:
    for name, text in FILES.items():
        with gzip.open(tmp_path / f"{name}.csv.gz", "wt", encoding="utf-8") as file:
            file.write(text)
    return read_folder(tmp_path)


def _carried_out(data: Folder) -> list[str]:
    first = min(order.ordered for order in data.orders)
    last = max(order.shipped for order in data.orders)
    go_live(Terms("AdventureWorks", first), today=last, actor=SYSTEM)
    doing.carry_out(data)
    said: list[str] = []
    assert checking.check(data, said.append), said
    return said


def test_names_with_commas_and_codes_with_signs(small: Folder) -> None:
    assert small.products["7"] == ("HN-0010", "Hex Nut, 10")
    assert small.vendors["1"].name == "G & K Bicycle, Inc."
    assert small.vendors["1"].account == "G-KBI0001"


def test_the_price_gives_back_the_amount_to_the_cent() -> None:
    line = OrderLine("7", 550, Decimal("99.83"), 550, 50)
    assert line.price == Decimal("0.1815")
    assert to_cent(line.price * 550) == Decimal("99.83")


def test_each_status_has_its_life(book: Any, small: Folder) -> None:
    said = _carried_out(small)
    found = dict(PurchaseOrder.objects.values_list("external_no", "status"))
    assert found == {
        "11": Status.CLOSED_FORCED,  # 50 of 550 were rejected
        "12": Status.PENDING,
        "13": Status.VOIDED,
        "14": Status.CLOSED,
    }
    assert PurchaseReceipt.objects.count() == 2
    assert "待审核或被驳回的 2 张订单在文件里收了 3 件" in "".join(said)
    supplier = Partner.objects.get(code="ALLEN0001")
    assert not supplier.is_active
    assert (supplier.supplier.credit_grade, supplier.supplier.lead_time_days) == ("C", 19)
    assert "HN-0010 起订 10–100 价 39.92 提前 19 天" in supplier.note


def test_twice_changes_nothing(book: Any, small: Folder) -> None:
    _carried_out(small)
    before = (PurchaseOrder.objects.count(), PurchaseReceipt.objects.count())
    doing.carry_out(small)
    assert (PurchaseOrder.objects.count(), PurchaseReceipt.objects.count()) == before
    assert checking.check(small, lambda text: None)


def test_some_of_the_real_orders(book: Any) -> None:
    data = read_folder(needed("adventureworks_po"))
    assert len(data.vendors) == 104
    assert len(data.offers) == 460
    _carried_out(replace(data, orders=data.orders[:60]))
