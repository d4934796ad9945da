"""Rows read by a statement of a fixed text are the rows Django would have read."""

from dataclasses import replace

from django.db import models, transaction

from hengcang.books import rows
from hengcang.books.models import Book
from hengcang.books.together import sent_together, when_sent
from hengcang.kernel.actor import SYSTEM
from hengcang.sales import queries
from hengcang.sales.actions import deliveries
from hengcang.sales.models import SalesDelivery, SalesDeliveryLine
from tests.worlds import draft, line, world


def saved() -> SalesDelivery:
    made = world(items=2)
    lines = [line(item, "3", "20") for item in made.items]
    return deliveries.save_delivery(
        draft(made.warehouses[0], lines, partner=made.customer), actor=SYSTEM
    )


def columns(row: models.Model) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_a_row_and_its_lines_are_those_of_django(book: Book) -> None:
    delivery = saved()
    read = rows.ask_locked(SalesDelivery.objects.all(), delivery.pk)()
    assert read is not None
    assert columns(read) == columns(SalesDelivery.objects.get(pk=delivery.pk))
    lines = rows.ask_lines(SalesDeliveryLine, delivery.pk)()
    assert [columns(one) for one in lines] == [columns(one) for one in delivery.lines.all()]
    rows.with_related(lines, "item", "item_uom", "batch")
    assert [one.item.name for one in lines] == [one.item.name for one in delivery.lines.all()]
    assert all(one.batch is None for one in lines)


def test_a_scope_is_kept(book: Book) -> None:
    """Whoever sees one warehouse does not read another's paper by its number."""
    delivery = saved()
    elsewhere = replace(SYSTEM, warehouse_ids=frozenset({delivery.warehouse_id + 1000}))
    visible = queries.deliveries(elsewhere).select_related(None)
    assert rows.ask_locked(visible, delivery.pk)() is None
    assert rows.ask_row(visible, delivery.pk)() is None
    within = replace(SYSTEM, warehouse_ids=frozenset({delivery.warehouse_id}))
    assert rows.ask_row(queries.deliveries(within), delivery.pk)() == delivery
    assert rows.ask_row(SalesDelivery.objects.filter(status="posted"), delivery.pk)() is None


def test_what_waits_is_read_at_the_end_and_not_after_a_failure(fresh_book: Book) -> None:
    said: list[str] = []
    with sent_together(), transaction.atomic():
        with sent_together():
            when_sent(lambda: said.append("inner"))
        assert said == []
    assert said == ["inner"]
    try:
        with sent_together():
            when_sent(lambda: said.append("lost"))
            raise KeyError
    except KeyError:
        pass
    when_sent(lambda: said.append("alone"))
    assert said == ["inner", "alone"]
