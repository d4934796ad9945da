"""Goods that only changed their status or bin later were there all the same: a shelf keeps them."""

from datetime import date

import pytest

from hengcang.kernel.errors import Refused
from hengcang.register.verify import verify_books
from tests.documents.trade import issued, received
from tests.stock.adjusted import changed
from tests.worlds import TODAY, world


def test_what_changed_its_status_later_cannot_leave_before(book: object) -> None:
    made = world()
    received(made, "7", "10", date(2026, 9, 5))
    changed(made, "5", "frozen", dated=date(2026, 11, 3))
    changed(made, "5", "good", "frozen", dated=date(2026, 11, 10))
    with pytest.raises(Refused) as refused:
        issued(made, "5", date(2026, 10, 8))
    assert refused.value.code == "insufficient_stock_later"
    issued(made, "2", date(2026, 10, 8))
    issued(made, "5", TODAY)
    assert verify_books() == []
