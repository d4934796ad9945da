"""Who may not see purchase prices cannot bend them either."""

from decimal import Decimal
from typing import Any

import pytest

from hengcang.books.models import Book
from hengcang.catalog.models import Item
from hengcang.purchasing.models import PurchaseReceipt
from tests.api.clients import Api, api_as
from tests.worlds import TODAY, World


def order(owner: Api, company: World, **more: object) -> dict[str, Any]:
    """10 pieces at 113 of an item of 13 % tax, approved."""
    Item.objects.filter(pk=company.items[0].pk).update(tax_rate=13)
    body = {
        "dated": str(TODAY),
        "warehouse_id": company.warehouses[0].pk,
        "partner_id": company.supplier.pk,
        "lines": [{"item_id": company.items[0].pk, "quantity": "10", "price": "113"}],
        "then": "approve",
    }
    return owner.made("/purchase-orders", body | more)


def receipt(of: dict[str, Any], company: World, **more: object) -> dict[str, Any]:
    line = {"item_id": company.items[0].pk, "quantity": "1", "source_line_id": of["lines"][0]["id"]}
    return {
        "dated": str(TODAY),
        "warehouse_id": of["warehouse"]["id"],
        "partner_id": of["partner"]["id"],
        "lines": [line],
        **more,
    }


@pytest.mark.parametrize("on_order", [True, False])
def test_a_storekeeper_cannot_add_or_drop_the_tax(
    book: Book, owner: Api, company: World, *, on_order: bool
) -> None:
    made = order(owner, company, prices_include_tax=on_order)
    keeper = api_as(book.code, "STOREKEEPER")
    told = keeper.made(
        "/purchase-receipts", receipt(made, company, prices_include_tax=not on_order)
    )
    written = PurchaseReceipt.objects.get(pk=told["id"])
    gross = Decimal("113.00") if on_order else Decimal("127.69")
    assert (written.amount_incl_tax, written.prices_include_tax) == (gross, on_order)
    change = receipt(made, company, prices_include_tax=not on_order, version=told["version"])
    assert keeper.put(f"/purchase-receipts/{told['id']}", change).status_code == 200
    written.refresh_from_db()
    assert (written.amount_incl_tax, written.prices_include_tax) == (gross, on_order)


def test_a_price_taken_from_the_order_keeps_its_worth_when_tax_is_said_otherwise(
    owner: Api, company: World
) -> None:
    made = order(owner, company)
    told = owner.made("/purchase-receipts", receipt(made, company, prices_include_tax=False))
    assert (told["lines"][0]["price"], told["amount_incl_tax"]) == ("100", "113.00")


def test_no_day_is_too_far_for_credit_days(owner: Api, company: World) -> None:
    body = {
        "dated": "9999-12-31",
        "warehouse_id": company.warehouses[0].pk,
        "partner_id": company.customer.pk,
        "lines": [{"item_id": company.items[0].pk, "quantity": "1", "price": "1"}],
    }
    told = owner.made("/sales-deliveries", body)
    impact = owner.told(f"/sales-deliveries/{told['id']}/impact?verb=post")
    assert impact["blocked"]["code"] == "date_in_future"
