"""Quotations lapse by themselves once their validity is over, however often the job runs."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from hengcang.books.models import Book
from hengcang.compliance.models import AuditLine
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused
from hengcang.register import tasks
from hengcang.register.verify import verify_books
from hengcang.sales.actions import orders, quotes
from hengcang.sales.models import SalesQuote
from tests.worlds import TODAY, World, draft, line, target, world

TOMORROW = TODAY + timedelta(days=1)


def offered(made: World, until: date, verb: str = "approve", quantity: str = "2") -> SalesQuote:
    filled = replace(
        draft(made.warehouses[0], [line(made.items[0], quantity)], partner=made.customer),
        valid_until=until,
    )
    saved = quotes.save_quote(filled, actor=SYSTEM)
    return quotes.step_quote(target(saved), verb, actor=SYSTEM) if verb else saved


def test_only_what_is_over_lapses_and_only_once(book: Book) -> None:
    made = world()
    today, later = offered(made, TODAY), offered(made, TOMORROW)
    draft_only, asked = offered(made, TODAY, ""), offered(made, TODAY, "submit")
    assert quotes.lapse_quotes(on=TODAY, actor=SYSTEM) == []  # its last day counts
    assert quotes.lapse_quotes(on=TOMORROW, actor=SYSTEM) == [today.pk]
    assert quotes.lapse_quotes(on=TOMORROW, actor=SYSTEM) == []
    for quote, status in (
        (today, "lapsed"),
        (later, "approved"),
        (draft_only, "draft"),
        (asked, "pending"),
    ):
        quote.refresh_from_db()
        assert quote.status == status
    logged = AuditLine.objects.get(verb="sales_quote.lapse")
    assert TODAY.isoformat() in logged.facts["reason"]
    assert verify_books() == []


def test_what_was_partly_ordered_lapses_with_its_order_kept(book: Book) -> None:
    made = world()
    quote = offered(made, TODAY, quantity="5")
    part = {quote.lines.get().pk: line(made.items[0], "2").quantity}
    order = orders.order_quote(quote.pk, part, on=TODAY, client_uuid=uuid4(), actor=SYSTEM)
    assert quotes.lapse_quotes(on=TOMORROW, actor=SYSTEM) == [quote.pk]
    order.refresh_from_db()
    assert order.status == "approved"
    assert verify_books() == []


def test_who_was_quicker_is_left_alone(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    made = world()
    quote = offered(made, TODAY)

    def refuses(*_: object, **__: object) -> None:
        raise Refused("stale_version", version=3, seen=2)

    monkeypatch.setattr(quotes, "step_quote", refuses)
    assert quotes.lapse_quotes(on=TOMORROW, actor=SYSTEM) == []
    quote.refresh_from_db()
    assert quote.status == "approved"


def test_the_job_runs_by_the_clock_and_twice_is_once(book: Book) -> None:
    assert tasks.end_quotes() == 0  # the book is not open yet
    made = world()
    old = offered(made, TODAY)
    SalesQuote.objects.filter(pk=old.pk).update(
        dated=TODAY - timedelta(days=9), valid_until=TODAY - timedelta(days=1)
    )
    assert tasks.end_quotes() == 1
    assert tasks.end_quotes() == 0
