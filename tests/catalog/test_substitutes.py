"""Substitutes: one for one, one way or both, offered where stock is short."""

from decimal import Decimal

import pytest

from hengcang.books.models import Book
from hengcang.catalog.models import Item, ItemSubstitute
from hengcang.catalog.substitutes import SubstituteDraft, save_substitutes, substitutes
from hengcang.compliance.models import AuditLine
from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.refusals import sentence
from hengcang.register.verify import verify_books
from hengcang.sales.actions import deliveries, orders
from tests.api.clients import api_as
from tests.documents.trade import received
from tests.worlds import World, draft, line, target, world

D = Decimal


@pytest.fixture
def shop(book: Book) -> World:
    """Three items; 2 of the first, 30 of the second, none of the third."""
    made = world(items=3)
    received(made, "2", "10")
    received(made, "30", "10", item=1)
    return made


def says(made: World, n: int, *drafts: SubstituteDraft) -> Item:
    item = Item.objects.get(pk=made.items[n].pk)
    return save_substitutes(item.pk, item.version, drafts, actor=SYSTEM)


def codes(made: World, n: int) -> list[str]:
    return [one.code for one in substitutes(SYSTEM, made.items[n].pk)]


def test_one_way_and_both_ways(shop: World) -> None:
    says(
        shop, 0, SubstituteDraft("s002", note="颜色不同"), SubstituteDraft("S003", both_ways=False)
    )
    assert codes(shop, 0) == ["S002", "S003"]
    assert codes(shop, 1) == ["S001"]
    assert codes(shop, 2) == []
    (other,) = substitutes(SYSTEM, shop.items[1].pk)
    assert (other.is_own, other.both_ways, other.note) == (False, True, "颜色不同")
    says(shop, 0, SubstituteDraft("S003"))
    assert (codes(shop, 0), codes(shop, 1), codes(shop, 2)) == (["S003"], [], ["S001"])
    logged = AuditLine.objects.filter(verb="item.substitutes").latest("id")
    assert logged.facts["changed"]["substitutes"] == [["S002", "S003"], ["S003"]]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ("S001", "substitute_itself"),
        ("NOPE", "substitute_unknown"),
        ("S002", "substitute_twice"),
    ],
)
def test_what_cannot_stand_in_is_refused_and_nothing_changes(
    shop: World, wrong: str, code: str
) -> None:
    with pytest.raises(RefusedLines) as refused:
        says(shop, 0, SubstituteDraft("S002"), SubstituteDraft(wrong))
    assert [(r.field, r.code) for r in refused.value.refusals] == [("lines.2.code", code)]
    assert "？" not in sentence(refused.value.refusals[0])
    assert not ItemSubstitute.objects.exists()
    with pytest.raises(Refused, match="stale_version"):
        save_substitutes(shop.items[0].pk, 99, [], actor=SYSTEM)
    keeper = Actor(9, "李仓管", frozenset({"item.view"}))
    with pytest.raises(Refused, match="forbidden"):
        save_substitutes(shop.items[0].pk, 1, [], actor=keeper)


def test_a_short_sale_is_offered_what_is_there(shop: World) -> None:
    says(shop, 0, SubstituteDraft("S003"), SubstituteDraft("S002"))
    sold = draft(shop.warehouses[0], [line(shop.items[0], "5")], partner=shop.customer)
    saved = deliveries.save_delivery(sold, actor=SYSTEM)
    with pytest.raises(Refused) as refused:
        deliveries.post_delivery(target(saved), actor=SYSTEM)
    assert "可用替代品：「商品2」（S002）可用 30 个。" in sentence(refused.value)
    assert refused.value.facts["substitutes"] == [
        {
            "item_id": shop.items[1].pk,
            "code": "S002",
            "name": "商品2",
            "available": "30",
            "uom": "个",
        }
    ]
    all_of_it = draft(shop.warehouses[0], [line(shop.items[1], "30")], partner=shop.customer)
    orders.step_order(target(orders.save_order(all_of_it, actor=SYSTEM)), "approve", actor=SYSTEM)
    with pytest.raises(Refused) as refused:
        deliveries.post_delivery(target(saved), actor=SYSTEM)
    assert "替代品" not in sentence(refused.value)
    assert refused.value.facts["substitutes"] == []
    assert verify_books() == []


def test_the_api(book: Book, shop: World) -> None:
    owner, seller = api_as(book.code, "OWNER"), api_as(book.code, "SALES")
    root = f"/items/{shop.items[0].pk}/substitutes"
    body = {"substitutes": [{"code": "S002"}, {"code": "S003", "both_ways": False}], "version": 1}
    body["version"] = Item.objects.get(pk=shop.items[0].pk).version
    assert seller.put(root, body).status_code == 403
    told = owner.put(root, body)
    assert told.status_code == 200, told.content.decode()
    assert [(one["code"], one["both_ways"]) for one in told.json()] == [
        ("S002", True),
        ("S003", False),
    ]
    assert owner.put(root, body).status_code == 409
    assert [one["is_own"] for one in seller.told(f"/items/{shop.items[1].pk}/substitutes")] == [
        False
    ]
    assert owner.get("/items/99999/substitutes").status_code == 404
