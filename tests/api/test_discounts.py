"""Discounts on a whole document over the API."""

from typing import Any

from tests.api.clients import Api, api_as
from tests.worlds import World


def _order(company: World, **more: Any) -> dict[str, Any]:
    return {
        "dated": "2026-11-10",
        "warehouse_id": company.warehouses[0].pk,
        "partner_id": company.customer.pk,
        "lines": [{"item_id": item.pk, "quantity": "3", "price": "9.99"} for item in company.items],
        "bill_discount": "10",
        "rounding_off": "0.94",
    } | more


def test_an_order_tells_what_was_taken_off(owner: Api, company: World) -> None:
    made = owner.made("/sales-orders", _order(company))
    assert (made["bill_discount"], made["rounding_off"]) == ("10.00", "0.94")
    assert (made["discount_carried"], made["amount_incl_tax"]) == ("0.00", "49.00")
    shares = [line["bill_share"] for line in made["lines"]]
    assert sorted(shares) == ["5.47", "5.47"]
    again = {"version": made["version"]} | {
        name: value for name, value in _order(company).items() if name != "then"
    }
    answer = owner.put(f"/sales-orders/{made['id']}", again | {"bill_discount": "9"})
    assert answer.status_code == 200, answer.json()
    assert answer.json()["amount_incl_tax"] == "50.00"


def test_what_a_discount_refuses(owner: Api, company: World) -> None:
    for off, code in (("-1", "amount_negative"), ("1.005", "number_too_fine"), (10, None),
                      ("60", "discount_too_large")):  # fmt: skip
        answer = owner.post("/sales-orders", _order(company, bill_discount=off))
        assert answer.status_code in ({201} if code is None else {422})
        assert code is None or code in answer.text
    keeper = api_as(owner.book, "STOREKEEPER")
    answer = keeper.post(
        "/sales-deliveries",
        _order(company, lines=[{"item_id": company.items[0].pk, "quantity": "1"}]),
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "discount_forbidden")
