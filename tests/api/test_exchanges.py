"""Exchanges over the API: both sides told, refusals with a code, nothing written."""

from typing import Any

from hengcang.sales.models import SalesExchange
from tests.api.clients import Api
from tests.api.test_main_loop import bought, ordered
from tests.worlds import World


def _delivered(owner: Api, company: World) -> dict[str, Any]:
    order = bought(owner, company, "10", "6")
    owner.made(f"/purchase-orders/{order['id']}/receipts", {"dated": "2026-11-03"})
    sale = ordered(owner, company, "4", "20")
    return owner.made(f"/sales-orders/{sale['id']}/deliveries", {"dated": "2026-11-12"})


def _body(company: World, delivery: dict[str, Any], **back: Any) -> dict[str, Any]:
    item = company.items[0].pk
    came = {
        "item_id": item,
        "quantity": "2",
        "direction": "back",
        "source_line_id": delivery["lines"][0]["id"],
    }
    return {
        "dated": "2026-11-14",
        "warehouse_id": company.warehouses[0].pk,
        "partner_id": company.customer.pk,
        "lines": [came | back, {"item_id": item, "quantity": "3", "direction": "out"}],
        "then": "post",
    }


def test_an_exchange_is_made_told_and_reversed(owner: Api, company: World) -> None:
    delivery = _delivered(owner, company)
    made = owner.made("/sales-exchanges", _body(company, delivery))
    sums = [made[name] for name in ("out_amount", "back_amount", "amount_incl_tax")]
    assert (made["status"], sums) == ("posted", ["60.00", "40.00", "20.00"])
    told = [
        [line[name] for name in ("direction", "quantity", "amount_incl_tax", "cost_amount")]
        for line in made["lines"]
    ]
    assert told == [["back", "2", "-40.00", "-12.00"], ["out", "3", "60.00", "18.00"]]
    assert [line["stock_status"] for line in made["lines"]] == ["defect", "good"]
    assert ("source", "sales_delivery") in {(ln["relation"], ln["kind"]) for ln in made["chain"]}
    assert owner.told(f"/sales-deliveries/{delivery['id']}")["lines"][0]["qty_returned"] == "2"
    assert owner.told("/partner-balances")["totals"]["receivable"] == "100.00"
    undo = {"version": made["version"], "reason": "录错"}
    twin = owner.made(f"/sales-exchanges/{made['id']}/reverse", undo)
    assert (twin["out_amount"], twin["amount_incl_tax"]) == ("-60.00", "-20.00")
    assert owner.told("/partner-balances")["totals"]["receivable"] == "80.00"


def test_bad_bodies_are_refused_and_nothing_is_written(owner: Api, company: World) -> None:
    delivery = _delivered(owner, company)
    wrong: list[tuple[dict[str, Any], int]] = [
        ({"direction": "sideways"}, 422),
        ({"direction": None}, 422),
        ({"stock_status": "lost"}, 422),
        ({"quantity": "5"}, 409),
        ({"direction": "out"}, 422),
        ({"source_line_id": 999_999}, 422),
        ({"source_line_id": None}, 422),
    ]
    for back, status in wrong:
        answer = owner.post("/sales-exchanges", _body(company, delivery, **back))
        assert answer.status_code == status, (back, answer.content.decode())
    assert not SalesExchange.objects.exists()
    assert owner.told("/partner-balances")["totals"]["receivable"] == "80.00"
