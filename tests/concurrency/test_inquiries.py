"""The same offer, ordered by many at once, is ordered once."""

from decimal import Decimal
from functools import partial
from uuid import uuid4

from hengcang.books.models import Book
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import RefusedLines
from hengcang.purchasing.actions.awarding import Award, Choice, order_choices
from hengcang.purchasing.actions.reminders import make_reminders
from hengcang.purchasing.models import PurchaseOrder
from hengcang.purchasing.watching_models import PurchaseReminder
from hengcang.register.verify import verify_books
from tests.concurrency.crowd import crowd
from tests.documents.trade import bought
from tests.purchasing.inquired import answered, asked
from tests.worlds import TODAY, world

BUYERS = 5


def test_one_of_many_orders_a_line(fresh_book: Book) -> None:
    made = world()
    request = asked(made, "10")
    quote = answered(made, request, made.supplier, ("9", None, 3))
    choice = Choice(quote.lines.get().pk, Decimal(10))
    awards = [Award(uuid4(), request.pk, TODAY, (choice,)) for _ in range(BUYERS)]
    outcomes = crowd(
        fresh_book.code, [partial(order_choices, award, actor=SYSTEM) for award in awards]
    )
    refused = [found for found in outcomes if isinstance(found, RefusedLines)]
    assert [found.refusals[0].code for found in refused] == ["rfq_line_ordered"] * (BUYERS - 1)
    assert PurchaseOrder.objects.count() == 1
    assert verify_books() == []


def test_the_same_intent_from_two_windows_is_one_order(fresh_book: Book) -> None:
    made = world()
    request = asked(made, "10")
    quote = answered(made, request, made.supplier, ("9", None, 3))
    award = Award(uuid4(), request.pk, TODAY, (Choice(quote.lines.get().pk, Decimal(10)),))
    outcomes = crowd(fresh_book.code, [partial(order_choices, award, actor=SYSTEM)] * 3)
    assert len({tuple(order.pk for order in found) for found in outcomes}) == 1
    assert PurchaseOrder.objects.count() == 1


def test_reminders_made_twice_at_once_are_there_once(fresh_book: Book) -> None:
    made = world()
    order = bought(made, "10")
    order.lines.update(due_date=TODAY)
    crowd(fresh_book.code, [partial(make_reminders, on=TODAY, actor=SYSTEM)] * 4)
    assert PurchaseReminder.objects.count() == 1
