"""An order from several warehouses over the API."""

from typing import Any

from tests.api.clients import Api, api_as
from tests.worlds import World

DAY = "2026-11-10"


def _stocked(owner: Api, company: World) -> None:
    for place in company.warehouses[:2]:
        lines = [{"item_id": item.pk, "quantity": "9", "price": "1"} for item in company.items[:2]]
        body = {"dated": DAY, "warehouse_id": place.pk, "partner_id": company.supplier.pk}
        owner.made("/purchase-receipts", body | {"lines": lines, "then": "post"})


def _order(company: World) -> dict[str, Any]:
    here, there = (place.pk for place in company.warehouses[:2])
    first, second = (item.pk for item in company.items[:2])
    return {
        "dated": DAY,
        "warehouse_id": here,
        "partner_id": company.customer.pk,
        "lines": [
            {"item_id": first, "quantity": "2", "price": "9"},
            {"item_id": second, "quantity": "3", "price": "9", "warehouse_id": there},
        ],
        "then": "approve",
    }


def test_one_delivery_a_warehouse(owner: Api, company: World) -> None:
    _stocked(owner, company)
    order = owner.made("/sales-orders", _order(company))
    there = company.warehouses[1].pk
    assert [line["warehouse_id"] for line in order["lines"]] == [None, there]
    at_once = owner.post(f"/sales-orders/{order['id']}/deliveries", {"dated": DAY})
    assert (at_once.status_code, at_once.json()["code"]) == (422, "several_warehouses")
    path = f"/sales-orders/{order['id']}/deliveries-by-warehouse"
    body = {"dated": DAY, "client_uuid": "7d7a5e9e-3a53-4d1e-9d0f-1d2f8a1c0b11"}
    for _ in range(2):
        made = owner.post(path, body)
        assert made.status_code == 201, made.json()
        assert [paper["warehouse"]["id"] for paper in made.json()] == [
            place.pk for place in company.warehouses[:2]
        ]
    assert len(owner.told("/sales-deliveries")["rows"]) == 2
    assert owner.told(f"/sales-orders/{order['id']}")["status"] == "closed"
    again = owner.post(path, {"dated": DAY})
    assert (again.status_code, again.json()["code"]) == (422, "source_line_unknown")


def test_what_is_refused(owner: Api, company: World) -> None:
    body = _order(company)
    body["lines"][1]["warehouse_id"] = 999999
    answer = owner.post("/sales-orders", body)
    assert answer.status_code in {404, 422}
    assert "lines.2.warehouse" in answer.text
    assert owner.told("/sales-orders")["rows"] == []
    path = "/sales-orders/999999/deliveries-by-warehouse"
    assert owner.post(path, {"dated": DAY}).status_code == 404
    assert owner.post(path, {"dated": "x"}).status_code == 422
    assert api_as(owner.book, "AUDIT_ADMIN").post(path, {"dated": DAY}).status_code == 403
