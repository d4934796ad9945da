"""The load goes through the same actions as the pages, and can be broken off and repeated."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from hengcang.cli.load import jobs
from hengcang.cli.load.online_retail import checking, doing
from hengcang.cli.load.online_retail.planning import Plan, plan_of
from hengcang.cli.load.online_retail.reading import read_rows
from hengcang.documents.flow import Status
from hengcang.kernel.actor import SYSTEM
from hengcang.ledger.periods import Terms, go_live
from hengcang.sales.models import SalesDelivery, SalesOrder, SalesReturn, SalesReturnLine
from tests.load.records import needed, parquet, row, walk_in
from tests.worlds import TODAY

pytest.importorskip("pyarrow", reason="the extra `load` is not installed")
A, B = "85123A", "22752"
LAST = date(2010, 12, 31)


def _live(plan: Plan) -> None:
    go_live(Terms("Online Retail", plan.first), today=TODAY, actor=SYSTEM)


def _counts() -> dict[str, int]:
    tables = ("sales_salesorder", "sales_salesdelivery", "sales_salesreturn", "documents_intent",
              "purchasing_purchaseorder", "purchasing_purchasereceipt", "ledger_stockentry",
              "compliance_auditline", "catalog_item", "partners_partner")  # fmt: skip
    counts = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table}")
            counts[table] = cursor.fetchone()[0]
    return counts


@pytest.fixture
def small(tmp_path: Path) -> Path:
    rows = [
        row("01", "536365", A, 6, "2.55"),
        row("01", "536365", B, 2, "7.65"),
        row("01", "536365", "POST", 1, "18.00"),
        walk_in("01", "536366", "85123a", 3, "2.95"),
        row("02", "536367", B, -30, "0"),
        row("03", "C536368", A, -2, "2.55"),
        walk_in("03", "C536369", A, -1, "2.95"),
        row("09", "536370", A, 12, "2.55", customer="13047"),
        row("14", "536371", B, 5, "7.655", customer="13047"),
    ]
    return parquet(rows, tmp_path / "small.parquet")


def test_a_small_file_becomes_documents_and_its_sums_agree(book: Any, small: Path) -> None:
    plan = plan_of(read_rows(small))
    _live(plan)
    doing.carry_out(plan, LAST)
    said: list[str] = []
    assert checking.check(small, plan, LAST, said.append), said
    assert "0 differences" in said[-1]
    assert set(SalesOrder.objects.values_list("status", flat=True)) == {Status.CLOSED}
    assert set(SalesDelivery.objects.values_list("status", flat=True)) == {Status.POSTED}
    assert SalesReturn.objects.count() == 2
    bound, unbound = SalesReturnLine.objects.order_by("id")
    assert bound.source_line is not None
    assert (unbound.source_line, unbound.cost_amount is None) == (None, False)
    assert "邮费运费：1 行，18.00" in checking.not_goods_report(plan, LAST)


def test_broken_off_and_repeated_it_ends_the_same(
    book: Any, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BATCH", 1)
    plan = plan_of(read_rows(small))
    _live(plan)
    doing.carry_out(plan, date(2010, 12, 1))
    selling, left = doing.Loader._selling, [1]

    def kill_in_the_second(self: Any, invoice: Any) -> Any:
        act = selling(self, invoice)

        def wrapped() -> object:
            if not left.pop():
                raise KeyboardInterrupt
            left.append(0)
            return act()

        return wrapped

    monkeypatch.setattr(doing.Loader, "_selling", kill_in_the_second)
    with pytest.raises(KeyboardInterrupt):
        doing.carry_out(plan, LAST)
    monkeypatch.setattr(doing.Loader, "_selling", selling)
    doing.carry_out(plan, LAST)
    assert checking.check(small, plan, LAST, lambda text: None)
    before = _counts()
    doing.carry_out(plan, LAST)
    assert _counts() == before


def test_a_line_that_is_not_booked_is_found_and_named(
    book: Any, small: Path, tmp_path: Path
) -> None:
    plan = plan_of(read_rows(small))
    _live(plan)
    doing.carry_out(plan, LAST)
    more = parquet([*read_rows(small), row("20", "536399", A, 1)], tmp_path / "more.parquet")
    said: list[str] = []
    assert not checking.check(more, plan, LAST, said.append)
    assert any(text.startswith("不符 2010-12 17850") for text in said)


def _load(path: Path, last: date) -> None:
    plan = plan_of(read_rows(path))
    go_live(Terms("Online Retail", plan.first), today=plan.last, actor=SYSTEM)
    doing.carry_out(plan, last)
    said: list[str] = []
    assert checking.check(path, plan, last, said.append), said


@pytest.mark.timeout(300)
def test_the_first_lines_of_the_real_file(book: Any, tmp_path: Path) -> None:
    """500 lines. The first month takes minutes: test-long."""
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(needed("online_retail/online_retail.parquet"))
    path = tmp_path / "first.parquet"
    pyarrow.parquet.write_table(table.slice(0, 500), path)
    _load(path, date(2010, 12, 1))


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_first_month_of_the_real_file(fresh_book: Any) -> None:
    """42,481 lines."""
    _load(needed("online_retail/online_retail.parquet"), LAST)
