"""采购报表: sums by supplier, item and month; kept when a week or month is over."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.books.models import Book
from hengcang.kernel.actor import SYSTEM, Actor, FieldClass
from hengcang.kernel.errors import Refused
from hengcang.outbox.models import OutboxMessage
from hengcang.partners.models import Partner, SupplierProfile
from hengcang.purchasing.actions.policy import PolicyDraft, save_purchase_policy
from hengcang.purchasing.actions.reports import make_due_report
from hengcang.purchasing.report import (
    By,
    ReportAsk,
    kept_report,
    kept_reports,
    kept_rows,
    purchase_report,
)
from hengcang.purchasing.watching import last_span
from hengcang.purchasing.watching_models import PurchaseReport
from hengcang.register import tasks
from hengcang.register.verify import verify_books
from tests.documents.trade import received, reversed_, sent_back
from tests.worlds import GO_LIVE, TODAY, World, world

OCTOBER, NOVEMBER = date(2026, 10, 5), date(2026, 11, 3)
READER = Actor(
    id=3,
    name="采购",
    permissions=frozenset({"purchase_report.view"}),
    warehouse_ids=None,
    field_classes=frozenset({FieldClass.COST}),
)


def test_the_last_whole_week_or_month() -> None:
    assert last_span("week", date(2026, 11, 24)) == (date(2026, 11, 16), date(2026, 11, 22))
    assert last_span("week", date(2026, 11, 23)) == (date(2026, 11, 16), date(2026, 11, 22))
    assert last_span("week", date(2026, 11, 22)) == (date(2026, 11, 9), date(2026, 11, 15))
    assert last_span("month", date(2027, 1, 1)) == (date(2026, 12, 1), date(2026, 12, 31))
    assert last_span("", TODAY) is None


@pytest.fixture
def made(book: Book) -> World:
    """110 of item 1 in October, 40 and 7 of items 1 and 2 in November, 20 of it gone back."""
    found = world()
    other = Partner.objects.create(code="V002", name="宁波五金")
    SupplierProfile.objects.create(partner=other)
    received(found, "11", "10", OCTOBER)
    bought = received(found, "4", "10", NOVEMBER)
    received(replace(found, supplier=other), "1", "7", NOVEMBER, item=1, place=1)
    sent_back(found, bought, "2")
    reversed_(received(found, "9", "99", NOVEMBER))
    return found


def _rows(by: By, first: date = GO_LIVE, actor: Actor = READER) -> list[tuple[object, ...]]:
    report = purchase_report(actor, ReportAsk(by, first, TODAY))
    return [(row.code, row.quantity, row.gross, row.returned_gross) for row in report.rows]


def test_by_supplier_item_and_month(made: World) -> None:
    assert _rows(By.SUPPLIER) == [("V001", 0, 150, 20), ("V002", 0, 7, 0)]
    assert _rows(By.ITEM) == [("S001", 15, 150, 20), ("S002", 1, 7, 0)]
    assert _rows(By.MONTH) == [("2026-10", 0, 110, 0), ("2026-11", 0, 47, 20)]
    assert _rows(By.SUPPLIER, NOVEMBER) == [("V001", 0, 40, 20), ("V002", 0, 7, 0)]
    total = purchase_report(READER, ReportAsk(By.ITEM, GO_LIVE, TODAY)).total
    assert (total.gross, total.returned_gross, total.remains) == (157, 20, 137)
    assert verify_books() == []


def test_scope_costs_and_rights(made: World) -> None:
    here = replace(READER, warehouse_ids=frozenset({made.warehouses[1].pk}))
    assert _rows(By.SUPPLIER, actor=here) == [("V002", 0, 7, 0)]
    for blind in (replace(READER, field_classes=frozenset()), Actor(id=1, name="外人")):
        with pytest.raises(Refused) as refused:
            _rows(By.ITEM, actor=blind)
        assert refused.value.code == "forbidden"
    with pytest.raises(Refused) as refused:
        purchase_report(READER, ReportAsk(By.ITEM, TODAY, GO_LIVE))
    assert refused.value.code == "dates_reversed"


def test_two_statements_however_many_rows(made: World) -> None:
    with CaptureQueriesContext(connection) as queries:
        _rows(By.ITEM)
    assert len(queries) == 2


def test_a_month_is_kept_once_as_it_was(made: World) -> None:
    assert make_due_report(on=TODAY, actor=SYSTEM) is None
    save_purchase_policy(PolicyDraft(report_every="month"), 1, actor=SYSTEM)
    kept = make_due_report(on=TODAY, actor=SYSTEM)
    assert kept is not None
    assert (kept.first, kept.last) == (date(2026, 10, 1), date(2026, 10, 31))
    assert make_due_report(on=TODAY, actor=SYSTEM) is None
    received(made, "1", "10", OCTOBER)
    rows = kept_rows(kept_report(READER, kept.pk), By.ITEM)
    assert [(row.code, row.quantity, row.gross) for row in rows] == [
        ("S001", 11, 110),
        ("", 11, 110),
    ]
    (message,) = OutboxMessage.objects.filter(topic="purchase_report")
    assert message.payload == {"report_id": kept.pk, "first": "2026-10-01", "last": "2026-10-31"}


def test_a_book_that_was_not_in_use_has_no_report(made: World) -> None:
    save_purchase_policy(PolicyDraft(report_every="month"), 1, actor=SYSTEM)
    assert make_due_report(on=GO_LIVE + timedelta(days=3), actor=SYSTEM) is None
    assert not PurchaseReport.objects.exists()


def test_the_job_may_run_twice(made: World) -> None:
    save_purchase_policy(PolicyDraft(report_every="week"), 1, actor=SYSTEM)
    assert [tasks.report_purchases(), tasks.report_purchases()] == [1, 0]


def test_kept_reports_are_about_the_whole_company(made: World) -> None:
    save_purchase_policy(PolicyDraft(report_every="month"), 1, actor=SYSTEM)
    make_due_report(on=TODAY, actor=SYSTEM)
    assert kept_reports(READER).count() == 1
    assert kept_reports(replace(READER, warehouse_ids=frozenset({1}))).count() == 0
    with pytest.raises(Refused):
        kept_reports(replace(READER, field_classes=frozenset()))


def test_amounts_come_back_as_they_were(made: World) -> None:
    received(made, "3", "0.01", NOVEMBER)
    save_purchase_policy(PolicyDraft(report_every="week"), 1, actor=SYSTEM)
    kept = make_due_report(on=NOVEMBER + timedelta(days=7), actor=SYSTEM)
    assert kept is not None
    assert kept_rows(kept, By.SUPPLIER)[-1].gross == Decimal("47.03")
