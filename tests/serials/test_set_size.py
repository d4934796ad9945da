"""Six hundred pieces on a document are as many statements as six (frappe/erpnext#41174: 144 s)."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from hengcang.kernel.actor import SYSTEM
from hengcang.register.verify import verify_books
from tests.documents.test_set_size import statements
from tests.documents.trade import reversed_
from tests.serials.pieces import SAVE, filled, shop
from tests.worlds import World, target


def _traded(made: World, first: str, size: int) -> dict[str, int]:
    """Statements by verb."""
    counts: dict[str, int] = {}

    def counted(name: str, act: Callable[[], Any]) -> Any:
        started = time.perf_counter()
        with statements() as seen:
            done = act()
        counts[name] = len(seen)
        took = f"{time.perf_counter() - started:.2f} s"
        print(f"{size} pieces, {name}: {len(seen)} statements, {took}")  # noqa: T201
        return done

    def both(kind: str, serials: str, **more: Any) -> Any:
        save, post = SAVE[kind]
        typed = filled(made, kind, serials, quantity=str(size), **more)
        saved = counted(f"save {kind}", lambda: save(typed, actor=SYSTEM))
        return counted(f"post {kind}", lambda: post(target(saved), actor=SYSTEM))

    both("purchase_receipt", f"{first}1-{size}")
    to = {"to_warehouse_id": made.warehouses[1].pk}
    transfer = both("stock_transfer", "", header=to)
    arrived = {"place": 1, "source_line_id": transfer.lines.get().pk}
    both("transfer_receipt", "", **arrived)
    sale = both("sales_delivery", "", place=1)
    back = both("sales_return", "", place=1, source_line_id=sale.lines.get().pk)
    counted("reverse sales_return", lambda: reversed_(back))
    counted("reverse sales_delivery", lambda: reversed_(sale))
    return counts


@pytest.mark.usefixtures("book")
@pytest.mark.timeout(300)
def test_pain_22_600_serials_are_as_many_statements_as_six() -> None:
    made = shop()
    few = _traded(made, "A", 6)
    many = _traded(made, "B", 600)
    assert {name: count for name, count in many.items() if count > few[name] + 2} == {}
    assert verify_books() == []
