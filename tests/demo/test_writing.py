"""The demo book is a real book: written in seconds, and every check of it passes."""

from datetime import date

import pytest
from django.db import connection

from hengcang.catalog.models import Item
from hengcang.cli.demo import writing
from hengcang.cli.demo.rare_goods import RARE_GOODS
from hengcang.documents.flow import Status
from hengcang.identity.models import User
from hengcang.identity.roles import TEMPLATES
from hengcang.ledger.models import Period, StockEntry, Verification
from hengcang.purchasing.models import PurchaseOrder
from hengcang.register.kinds import KINDS
from hengcang.sales.models import SalesDelivery, SalesOrder, SalesReturnLine

TODAY = date(2026, 11, 24)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_whole_demo_book(fresh_book) -> None:
    writing.write_demo(TODAY, lambda what: None)
    assert Verification.objects.latest("id").differences == 0
    assert Item.objects.count() == 2000 + len(RARE_GOODS)
    assert StockEntry.objects.count() > 30_000
    assert set(_statuses(SalesOrder)) == {
        Status.DRAFT, Status.PENDING, Status.APPROVED, Status.CLOSED, Status.CLOSED_FORCED
    }  # fmt: skip
    assert {Status.DRAFT, Status.PENDING, Status.APPROVED} < set(_statuses(PurchaseOrder))
    assert {Status.DRAFT, Status.POSTED, Status.REVERSED} == set(_statuses(SalesDelivery))
    assert SalesReturnLine.objects.exclude(source_line=None).exists()
    months = Period.objects.order_by("month")
    assert [p.closed_at is None for p in months] == [False] * 16 + [True] * 2


def _statuses(model) -> list[str]:
    return list(model.objects.order_by().values_list("status", flat=True).distinct())


def test_a_small_demo_book_is_sound_and_has_a_user_for_every_role(fresh_book, monkeypatch) -> None:
    monkeypatch.setattr(writing, "MONTHS", 3)
    writing.write_demo(TODAY, lambda what: None)
    assert Verification.objects.latest("id").differences == 0
    for kind in KINDS:  # whoever looks around finds an example of every kind of document
        assert kind.model._default_manager.exists(), kind.code
    holders = set(User.objects.values_list("roles__code", flat=True))
    assert {template.code for template in TEMPLATES} <= holders
    with connection.cursor() as cursor:  # a back-order: something is open that nothing is held for
        cursor.execute(
            "SELECT count(*) FROM sales_salesorderline l JOIN sales_salesorder o "
            "ON o.id = l.document_id WHERE o.status = 'approved' "
            "AND l.quantity > l.qty_fulfilled + l.qty_reserved"
        )
        assert cursor.fetchone()[0] > 0
