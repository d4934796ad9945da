"""What becomes of the lines of the file, before anything is booked."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from hengcang.cli.load.online_retail.planning import Origin, plan_of
from hengcang.cli.load.online_retail.reading import Row, class_of
from tests.load.records import row, walk_in

A, B = "85123A", "22752"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (row("01", "536365", A, 6), None),
        (row("01", "C536365", A, -6), None),
        (row("01", "536365", A, 6, "0"), "零价的补送"),
        (row("01", "536365", A, -6, "0"), "零价的报损与盘点"),
        (row("01", "536365", A, -6), "方向不明"),
        (row("01", "536365", "POST", 1), "邮费运费"),
        (row("01", "536365", "DOT", 1), "邮费运费"),
        (row("01", "536365", "M", 1), "手工行"),
        (row("01", "C536365", "D", -1), "折扣"),
        (row("01", "536365", "BANK CHARGES", 1), "银行与平台费用"),
        (row("01", "536365", "GIFT_0001_20", 1), "礼券"),
        (row("01", "A536365", "B", 1, "-11062.06"), "坏账调整"),
        (row("01", "536365", "PADS", 1), "其他非商品编码"),
    ],
)
def test_what_is_goods(line: Row, expected: str | None) -> None:
    assert class_of(line) == expected


def test_names_and_prices_are_the_usual_ones() -> None:
    plan = plan_of(
        [
            row("01", "1", A, 1, "2.55", description="HEART"),
            row("01", "2", A, 1, "2.95", description="HEART"),
            row("02", "3", A, 1, "9.99", description="?"),
        ]
    )
    assert plan.items[A].name == "HEART"
    assert plan.items[A].price == Decimal("2.95")


def test_a_credit_note_goes_back_to_the_newest_sale_of_the_same_price_that_has_enough() -> None:
    plan = plan_of(
        [
            row("01", "1", A, 10, "2.00"),
            row("02", "2", A, 10, "3.00"),
            row("03", "3", A, 4, "2.00"),
            row("04", "C4", A, -6, "2.00"),  # 3 has only 4: it is 1
            row("05", "C5", A, -6, "2.00"),  # 1 has only 4 left: 2, at another price
            row("06", "C6", A, -9, "2.00"),  # nobody has 9
            row("07", "C7", A, -1, "2.00", customer="12345"),  # bought by somebody else
        ]
    )
    origins = [line.origin for invoice in plan.invoices[3:] for line in invoice.lines]
    assert origins == [Origin("1", 0), Origin("2", 0), None, None]


def test_nobody_can_tell_walk_in_customers_apart() -> None:
    plan = plan_of([walk_in("01", "1", A, 10), walk_in("02", "C2", A, -1)])
    assert plan.invoices[1].lines[0].origin is None


def test_what_is_bought_is_enough_for_every_day() -> None:
    rows = [
        row(day, f"{day}{n}", code, 3 * n)
        for n, code in enumerate([A, B], start=1)
        for day in ("01", "03", "06", "13", "14", "20", "31", "2011-01-10", "2011-02-14")
    ]
    rows += [row("07", "C9", A, -2)]
    plan = plan_of(sorted(rows, key=lambda r: r.at))
    held: Counter[str] = Counter()
    steps = [(p.received, 0, 1, p.lines) for p in plan.purchases]
    steps += [(i.day, 1, 1 if i.is_return else -1, i.lines) for i in plan.invoices]
    for _, _, sign, lines in sorted(steps, key=lambda step: step[:2]):
        for line in lines:
            held[line.code] += sign * line.quantity
            assert held[line.code] >= 0
    assert all(p.ordered <= p.received for p in plan.purchases)
    assert {p.received.weekday() for p in plan.purchases} <= {0, date(2010, 12, 1).weekday()}
    assert held[B] == 0
