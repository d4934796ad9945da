"""Shipments over the API."""

from typing import Any

from tests.api.clients import Api, api_as
from tests.worlds import World

DAY = "2026-11-10"


def _delivery(owner: Api, company: World) -> dict[str, Any]:
    body = {
        "dated": DAY,
        "warehouse_id": company.warehouses[0].pk,
        "partner_id": company.supplier.pk,
        "lines": [{"item_id": company.items[0].pk, "quantity": "9", "price": "1"}],
        "then": "post",
    }
    owner.made("/purchase-receipts", body)
    return owner.made("/sales-deliveries", body | {"partner_id": company.customer.pk})


def test_sent_signed_and_reopened(owner: Api, company: World) -> None:
    delivery = _delivery(owner, company)
    path = f"/sales-deliveries/{delivery['id']}/shipments"
    body = {"carrier": "顺丰", "tracking_nos": ["SF1", "SF2"], "shipped_on": DAY}
    made = owner.post(path, body)
    assert made.status_code == 201, made.json()
    first, second = made.json()
    signed = owner.post(
        f"/shipments/{first['id']}/sign", {"signed_by": "李梅", "signed_on": "2026-11-12"}
    )
    assert signed.status_code == 200
    assert signed.json()["events"][-1]["signed_by"] == "李梅"
    waiting = owner.told("/shipments?state=shipped")["rows"]
    assert [row["tracking_no"] for row in waiting] == ["SF2"]
    again = owner.post(
        f"/shipments/{first['id']}/sign", {"signed_by": "李梅", "signed_on": "2026-11-12"}
    )
    assert (again.status_code, again.json()["code"]) == (409, "shipment_state")
    back = owner.post(f"/shipments/{first['id']}/reopen", {"reason": "签错"})
    assert back.json()["state"] == "shipped"
    gone = owner.post(f"/shipments/{second['id']}/withdraw", {"reason": "未发"})
    assert gone.json()["state"] == "withdrawn"
    assert owner.post(path, body | {"shipped_on": "2026-11-01"}).status_code == 422
    assert owner.post(path, {"carrier": 5}).status_code == 422
    assert owner.post("/shipments/999/withdraw", {"reason": "x"}).status_code == 404
    auditor = api_as(owner.book, "AUDIT_ADMIN")
    assert auditor.post(path, body).status_code == 403
