"""Whether stock may fall below zero changes for the goods that are there, not only for new ones."""

from dataclasses import replace

import pytest

from hengcang.books.models import Book
from hengcang.compliance.models import AuditLine
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused
from hengcang.kernel.refusals import sentence
from hengcang.ledger.models import Availability, CostScope, StockBalance
from hengcang.places.actions import change_warehouse
from hengcang.places.drafts import Negatives, WarehouseDraft
from hengcang.places.models import Warehouse
from hengcang.register.verify import verify_books
from tests.documents.trade import delivered, received
from tests.worlds import TODAY, World, world


@pytest.fixture
def made(book: Book) -> World:
    """Both warehouses share one average, so that one may lend the other its cost."""
    return world(scope=CostScope.COMPANY)


def _says(made: World, negatives: Negatives) -> Warehouse:
    place = Warehouse.objects.get(pk=made.warehouses[0].pk)
    draft = WarehouseDraft(place.code, place.name)
    return change_warehouse(
        place.pk, place.version, replace(draft, negatives=negatives), actor=SYSTEM
    )


def _quantity(made: World) -> object:
    return StockBalance.objects.get(warehouse=made.warehouses[0], item=made.items[0]).quantity


def test_goods_that_are_there_follow_the_warehouse(made: World) -> None:
    received(made, "2", "10")
    received(made, "9", "10", place=1)
    with pytest.raises(Refused, match="insufficient_stock"):
        delivered(made, "3")
    _says(made, Negatives.ALLOWED)
    delivered(made, "3")
    assert _quantity(made) == -1
    told = AuditLine.objects.get(verb="warehouse.change").facts["changed"]
    assert told["allow_negative"] == [False, True]
    assert verify_books() == []


def test_it_is_not_taken_back_while_something_is_below_zero(made: World) -> None:
    received(made, "2", "10")
    received(made, "9", "10", place=1)
    _says(made, Negatives.ALLOWED)
    delivered(made, "3")
    with pytest.raises(Refused) as refused:
        _says(made, Negatives.REFUSED)
    assert sentence(refused.value) == (
        "「1号仓」有 1 个商品的结存或可用量小于 0（如「商品1」-1），"
        "请先入库补足，再改为不允许负库存。"
    )
    assert Warehouse.objects.get(pk=made.warehouses[0].pk).allow_negative
    received(made, "4", "10", TODAY)
    _says(made, Negatives.REFUSED)
    assert not StockBalance.objects.filter(allow_negative=True).exists()
    assert not Availability.objects.filter(allow_negative=True).exists()
    with pytest.raises(Refused, match="insufficient_stock"):
        delivered(made, "4")
    assert verify_books() == []  # its past may run below zero: that was allowed then
