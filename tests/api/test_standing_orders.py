"""Standing orders over the API."""

from tests.api.clients import Api, api_as
from tests.worlds import World


def test_made_and_changed(owner: Api, company: World) -> None:
    body = {
        "dated": "2026-11-10",
        "warehouse_id": company.warehouses[0].pk,
        "partner_id": company.customer.pk,
        "lines": [{"item_id": company.items[0].pk, "quantity": "3", "price": "9"}],
    }
    order = owner.made("/sales-orders", body)
    path = f"/sales-orders/{order['id']}/standing-orders"
    rhythm = {"rhythm": "weekly", "every": 2, "next_on": "2090-01-02"}
    made = owner.post(path, rhythm)
    assert made.status_code == 201, made.json()
    kept = made.json()
    assert (kept["every"], kept["is_active"], kept["trouble"]) == (2, True, "")
    assert [row["id"] for row in owner.told("/standing-orders")] == [kept["id"]]
    here = f"/standing-orders/{kept['id']}"
    changed = owner.put(here, rhythm | {"version": 1, "is_active": False})
    assert changed.json()["is_active"] is False
    assert owner.put(here, rhythm | {"version": 1}).status_code == 409
    assert owner.post(path, rhythm | {"rhythm": "daily"}).status_code == 422
    assert owner.post(path, rhythm | {"next_on": "2020-01-01"}).json()["code"] == "not_before_today"
    assert owner.post("/sales-orders/999/standing-orders", rhythm).status_code == 404
    assert api_as(owner.book, "AUDIT_ADMIN").post(path, rhythm).status_code == 403
