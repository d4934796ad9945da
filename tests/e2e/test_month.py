"""A month in the life of a company: every document made by hand in a browser, all figures known."""

import pytest

from hengcang.register.verify import verify_books
from tests.e2e import steps
from tests.e2e.company import open_company
from tests.e2e.conftest import Enter
from tests.e2e.month import Month
from tests.e2e.month_buying import buys, inspects, receives_pieces
from tests.e2e.month_reading import (
    read_ledger,
    read_made,
    read_money,
    read_pieces,
    read_places,
    read_stock,
)
from tests.e2e.month_selling import discounts, exchanges, sells, signs, takes_back, undoes
from tests.e2e.month_stock import counts, finds_and_gives, makes, moves

ACTS = (
    buys,
    inspects,
    receives_pieces,
    sells,
    takes_back,
    finds_and_gives,
    counts,
    moves,
    undoes,
    makes,
    discounts,
    signs,
    exchanges,
)
DOCUMENTS = {
    "purchase-requisitions": ["已完成"],
    "purchase-orders": ["已完成"] * 4,
    "purchase-receipts": ["已审核"] * 6,  # paper and milk twice, lamps, drills
    "quality-inspections": ["已审核"],
    "purchase-returns": ["已审核"] * 2,  # pens, lamps
    "sales-quotes": ["已成交"],
    "sales-orders": ["已完成"] * 2 + ["已审核"],  # delivered; pasted and open again
    # Three, kits and drills, the reversal; the reversed one.
    "sales-deliveries": ["已审核"] * 5 + ["已红冲"],
    "sales-returns": ["已审核"],  # paper and milk
    "sales-exchanges": ["已审核"],  # a drill
    "other-receipts": ["已审核"],
    "other-issues": ["已审核"],
    "stock-counts": ["已审核"],
    "stock-transfers": ["已完成"],
    "transfer-receipts": ["已审核"] * 2,
    "bin-moves": ["已审核"],
    "assemblies": ["已审核"],
}


@pytest.mark.timeout(240)  # about forty documents by hand
def test_a_month_by_hand(enter: Enter) -> None:
    open_company()
    month = Month(enter)
    for act in ACTS:
        act(month)
    assert verify_books() == []
    page = month.boss
    page.goto("")
    read_stock(page)
    read_places(page)
    read_pieces(page)
    read_ledger(page, month.no)
    read_made(page, month.no)
    read_money(page)
    for plural, expected in DOCUMENTS.items():
        assert steps.statuses(page, plural) == sorted(expected), plural
