"""New rows and statements sent together: nothing cut, nothing lost, errors as they are."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from hengcang.books.inserting import insert_row, insert_rows
from hengcang.books.models import Book
from hengcang.books.together import sent_together
from hengcang.catalog.models import Uom
from hengcang.stock.models import OtherIssue, OtherIssueLine
from tests.worlds import World, world


def issue(made: World, **columns: object) -> OtherIssue:
    given = {"dated": date(2026, 11, 24), "warehouse": made.warehouses[0], "created_by_id": 1}
    return OtherIssue(**{**given, "client_uuid": uuid4(), "created_by_name": "仓管", **columns})


def line(made: World, document: OtherIssue, position: int, quantity: Decimal) -> OtherIssueLine:
    item = made.items[0]
    return OtherIssueLine(
        document=document,
        position=position,
        item=item,
        item_uom=item.uoms.get(),
        quantity_in_unit=quantity,
        quantity=quantity,
        note=f"第{position}行",
    )


def test_rows_stand_as_given_and_know_what_the_database_made(book: Book) -> None:
    made = world(items=1, warehouses=1)
    document = insert_row(issue(made, note='逗号,引号"反斜杠\\大括号{}'))
    lines = insert_rows([line(made, document, n, Decimal(n) / 3) for n in range(1, 8)])
    read = OtherIssue.objects.get(pk=document.pk)
    assert (read.note, read.created_at) == (document.note, document.created_at)
    assert [row.pk for row in lines] == sorted(row.pk for row in lines)
    stored = OtherIssueLine.objects.filter(document=document).values_list("id", "position", "note")
    assert list(stored) == [(row.pk, row.position, row.note) for row in lines]
    assert insert_rows([]) == []


def test_the_text_of_the_statement_is_the_same_for_any_number(book: Book) -> None:
    made = world(items=1, warehouses=1)
    document = insert_row(issue(made))
    lines = [line(made, document, n, Decimal(n)) for n in range(1, 300)]
    with CaptureQueriesContext(connection) as told:
        insert_rows(lines[:1])
        insert_rows(lines[1:])
    assert len(told) == 2


def test_a_text_too_long_is_refused_not_cut(book: Book) -> None:
    made = world(items=1, warehouses=1)
    with pytest.raises(DataError), transaction.atomic():
        insert_row(issue(made, external_no="单" * 61))
    assert not OtherIssue.objects.exists()


def test_an_error_of_statements_sent_together_comes_at_the_end_and_undoes_all(book: Book) -> None:
    def twice() -> None:
        with transaction.atomic(), sent_together(), connection.cursor() as cursor:
            for name in ("打", "捆", "打"):
                cursor.execute("INSERT INTO catalog_uom (name) VALUES (%s)", [name])

    with pytest.raises(IntegrityError):
        twice()
    assert not Uom.objects.filter(name__in=["打", "捆"]).exists()


def test_a_block_within_a_block_is_part_of_it(book: Book) -> None:
    with sent_together():
        with sent_together(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO catalog_uom (name) VALUES ('捆') RETURNING id")
            made = cursor.fetchone()
        Uom.objects.filter(name="捆").update(name="扎")
    assert Uom.objects.get(pk=made[0]).name == "扎"
