"""Quotations over the API: made, ordered in parts, refused."""

from typing import Any

from tests.api.clients import Api, api_as
from tests.worlds import World


def _offer(company: World, **more: Any) -> dict[str, Any]:
    return {
        "dated": "2026-11-10",
        "valid_until": "2026-11-20",
        "warehouse_id": company.warehouses[0].pk,
        "partner_id": company.customer.pk,
        "lines": [{"item_id": company.items[0].pk, "quantity": "4", "price": "18"}],
    } | more


def test_a_quotation_becomes_orders(owner: Api, company: World) -> None:
    quote = owner.made("/sales-quotes", _offer(company, then="approve"))
    assert (quote["status"], quote["valid_until"]) == ("approved", "2026-11-20")
    line = quote["lines"][0]
    assert (line["qty_fulfilled"], quote["amount_incl_tax"]) == ("0", "72.00")
    assert {verb["verb"] for verb in quote["verbs"]} == {"take-back", "lapse", "void"}
    part = {"dated": "2026-11-20", "quantities": {str(line["id"]): "1"}}
    order = owner.made(f"/sales-quotes/{quote['id']}/orders", part, idempotency_key="a" * 32)
    assert (order["status"], order["lines"][0]["source_line_id"]) == ("approved", line["id"])
    again = owner.made(f"/sales-quotes/{quote['id']}/orders", part, idempotency_key="a" * 32)
    assert again["id"] == order["id"]
    bound = {"item_id": company.items[0].pk, "quantity": "3", "source_line_id": line["id"]}
    typed = _offer(company, lines=[bound], then="approve")
    del typed["valid_until"]
    assert owner.made("/sales-orders", typed)["amount_incl_tax"] == "54.00"
    assert owner.told(f"/sales-quotes/{quote['id']}")["status"] == "won"
    assert owner.told("/sales-quotes?status=won")["rows"][0]["number"] == quote["number"]


def test_what_a_quotation_refuses(owner: Api, company: World) -> None:
    quote = owner.made("/sales-quotes", _offer(company, then="approve"))
    path = f"/sales-quotes/{quote['id']}/orders"
    late = owner.post(path, {"dated": "2026-11-21"})
    assert (late.status_code, late.json()["code"]) == (409, "quote_expired")
    assert "2026-11-20" in late.json()["message"]
    beyond = owner.post(
        path, {"dated": "2026-11-11", "quantities": {str(quote["lines"][0]["id"]): "5"}}
    )
    assert (beyond.status_code, beyond.json()["code"]) == (409, "more_than_quoted")
    missing = _offer(company)
    del missing["valid_until"]
    assert owner.post("/sales-quotes", missing).status_code == 422
    before = owner.post("/sales-quotes", _offer(company, valid_until="2026-11-01"))
    assert (before.status_code, before.json()["code"]) == (422, "field_invalid")
    assert owner.told("/sales-orders")["rows"] == []
    assert len(owner.told("/sales-quotes")["rows"]) == 1


def test_a_clerk_offers_but_does_not_approve(owner: Api, company: World) -> None:
    clerk = api_as(owner.book, "SALES")
    quote = clerk.made("/sales-quotes", _offer(company))
    verbs = {"version": quote["version"]}
    refused = clerk.post(f"/sales-quotes/{quote['id']}/approve", verbs)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert clerk.made(f"/sales-quotes/{quote['id']}/submit", verbs)["status"] == "pending"
    assert api_as(owner.book, "BUYER").get("/sales-quotes").status_code == 403


def test_channels_and_whose_a_sale_is(owner: Api, company: World) -> None:
    way = owner.told("/sales-channels")[1]
    assert way["name"] == "批发"
    me = owner.told("/me")["id"]
    quote = owner.made("/sales-quotes", _offer(company, channel_id=way["id"], salesperson_id=me))
    assert quote["channel"]["name"] == "批发"
    assert quote["salesperson"]["id"] == me
    found = owner.told(f"/sales-quotes?channel_id={way['id']}&salesperson_id={me}")
    assert [row["id"] for row in found["rows"]] == [quote["id"]]
    assert owner.told("/sales-quotes?channel_id=999")["rows"] == []
    wrong = owner.post("/sales-quotes", _offer(company, channel_id=999))
    assert (wrong.json()["code"], wrong.json()["field"]) == ("not_found", "channel_id")
    made = owner.made("/sales-channels", {"code": "LIVE", "name": "直播"})
    path = f"/sales-channels/{made['id']}"
    changed = {"code": "LIVE", "name": "直播间", "version": 1, "is_active": False}
    assert owner.put(path, changed).json()["name"] == "直播间"
    assert owner.put(path, changed).json()["code"] == "stale_version"
    assert api_as(owner.book, "SALES").post("/sales-channels", changed).status_code in (403, 422)


def test_a_line_of_an_order_is_wanted_on_its_own_day(owner: Api, company: World) -> None:
    lines = [{"item_id": company.items[0].pk, "quantity": "1", "due_date": "2026-12-03"}]
    body = _offer(company, lines=lines)
    del body["valid_until"]
    made = owner.made("/sales-orders", body)
    assert made["lines"][0]["due_date"] == "2026-12-03"
    answer = owner.told(f"/sales-orders/{made['id']}/promised-dates")
    assert answer == [
        {
            "line_id": made["lines"][0]["id"],
            "promised_date": None,
            "reason": "现有 0，还缺 1 没有采购",
        }
    ]
    assert (
        api_as(owner.book, "BUYER").get(f"/sales-orders/{made['id']}/promised-dates").status_code
        == 403
    )
    lines[0]["due_date"] = "2026-02-30"
    assert owner.post("/sales-orders", body).json()["field"] == "lines.1.due_date"
