"""Buy, receive, order, deliver, return over the API, checked by hand figures."""

from typing import Any

import pytest

from tests.api.clients import Api
from tests.worlds import World


def bought(owner: Api, company: World, quantity: str, price: str) -> dict[str, Any]:
    return owner.made(
        "/purchase-orders",
        {
            "dated": "2026-11-02",
            "warehouse_id": company.warehouses[0].pk,
            "partner_id": company.supplier.pk,
            "lines": [{"item_id": company.items[0].pk, "quantity": quantity, "price": price}],
            "then": "approve",
        },
    )


def ordered(owner: Api, company: World, quantity: str, price: str) -> dict[str, Any]:
    return owner.made(
        "/sales-orders",
        {
            "dated": "2026-11-10",
            "warehouse_id": company.warehouses[0].pk,
            "partner_id": company.customer.pk,
            "lines": [{"item_id": company.items[0].pk, "quantity": quantity, "price": price}],
            "then": "approve",
        },
    )


def test_buy_receive_order_deliver_return(owner: Api, company: World) -> None:
    order = bought(owner, company, "10", "10")
    assert (order["status"], order["amount_incl_tax"]) == ("approved", "100.00")
    first = owner.made(f"/purchase-orders/{order['id']}/receipts", {"dated": "2026-11-03"})
    assert (first["status"], first["lines"][0]["cost_amount"]) == ("posted", "100.00")
    second = bought(owner, company, "5", "16")
    owner.made(f"/purchase-orders/{second['id']}/receipts", {"dated": "2026-11-05"})

    sale = ordered(owner, company, "6", "20")
    line = str(sale["lines"][0]["id"])
    assert sale["lines"][0]["qty_reserved"] == "6"
    delivery = owner.made(
        f"/sales-orders/{sale['id']}/deliveries",
        {"dated": "2026-11-12", "quantities": {line: "4"}},
    )
    # (100 + 80) / 15 = 12 each; 4 × 12 = 48
    assert delivery["lines"][0]["cost_amount"] == "48.00"
    assert delivery["amount_incl_tax"] == "80.00"

    returned = owner.made(
        f"/sales-deliveries/{delivery['id']}/returns",
        {"dated": "2026-11-14", "quantities": {str(delivery["lines"][0]["id"]): "1"}},
    )
    assert returned["lines"][0]["cost_amount"] == "12.00"

    stock = owner.told("/stock-balances")
    assert stock["next"] is None
    row = stock["rows"][0]
    # 15 − 4 + 1 = 12 at 12.00; 2 of the order are still reserved
    assert [row[k] for k in ("on_hand", "reserved", "available", "on_order")] == [
        "12", "2", "10", "0",
    ]  # fmt: skip
    assert (row["value"], row["unit_cost"]) == ("144.00", "12")
    assert stock["totals"]["value"] == "144.00"

    money = owner.told("/partner-balances")
    assert money["totals"] == {"receivable": "60.00", "payable": "180.00"}
    ledger = owner.told(f"/partner-ledgers/{company.customer.pk}")["rows"]
    assert [(m["amount"], m["running"]) for m in ledger] == [
        ("80.00", "80.00"),
        ("-20.00", "60.00"),
    ]
    moves = owner.told(f"/item-ledgers/{company.items[0].pk}")
    assert [(m["quantity"], m["running"], m["running_value"]) for m in moves["rows"]] == [
        ("10", "10", "100.00"),
        ("5", "15", "180.00"),
        ("-4", "11", "132.00"),
        ("1", "12", "144.00"),
    ]
    chain = owner.told(f"/sales-deliveries/{delivery['id']}")["chain"]
    assert {(link["relation"], link["kind"]) for link in chain} == {
        ("source", "sales_order"),
        ("follower", "sales_return"),
    }


def test_a_reversal_is_a_document_of_its_own(owner: Api, company: World) -> None:
    order = bought(owner, company, "10", "10")
    receipt = owner.made(f"/purchase-orders/{order['id']}/receipts", {"dated": "2026-11-03"})
    path = f"/purchase-receipts/{receipt['id']}"
    impact = owner.told(f"{path}/impact?verb=reverse")
    assert (impact["entries"], impact["blocked"]) == (0, None)
    twin = owner.made(f"{path}/reverse", {"version": receipt["version"], "reason": "录错"})
    assert (twin["reversal_of_id"], twin["amount_incl_tax"]) == (receipt["id"], "-100.00")
    assert owner.told(path)["status"] == "reversed"
    assert owner.told("/stock-balances")["rows"][0]["on_hand"] == "0"
    verbs = [line["verb"] for line in owner.told(f"{path}/timeline")]
    assert verbs == [
        "purchase_receipt.create",
        "ledger.post",
        "purchase_receipt.post",
        "purchase_receipt.reverse",
    ]


def test_a_draft_is_changed_then_stepped(owner: Api, company: World) -> None:
    body = {
        "dated": "2026-11-10",
        "warehouse_id": company.warehouses[0].pk,
        "partner_id": company.customer.pk,
        "lines": [{"item_id": company.items[0].pk, "quantity": "3"}],
    }
    draft = owner.made("/sales-orders", body)
    assert (draft["number"], draft["status"], draft["amount_incl_tax"]) == (None, "draft", "60.00")
    path = f"/sales-orders/{draft['id']}"
    lines = [{"item_id": company.items[0].pk, "quantity": "2", "price": "9.5"}]
    changed = owner.put(path, body | {"version": draft["version"], "lines": lines}).json()
    assert (changed["amount_incl_tax"], changed["version"]) == ("19.00", draft["version"] + 1)
    seen = changed
    for verb, status in (
        ("submit", "pending"),
        ("send-back", "draft"),
        ("approve", "approved"),
        ("take-back", "draft"),
        ("approve", "approved"),
        ("reserve", "approved"),
        ("close", "closed_forced"),
    ):
        reason = {"reason": "客户取消"} if verb == "close" else {}
        seen = owner.made(f"{path}/{verb}", {"version": seen["version"], **reason})
        assert seen["status"] == status
    assert seen["verbs"] == []


def test_a_voided_draft_says_why(owner: Api, company: World) -> None:
    body = {
        "dated": "2026-11-10",
        "warehouse_id": company.warehouses[0].pk,
        "partner_id": company.customer.pk,
        "lines": [{"item_id": company.items[0].pk, "quantity": "3"}],
    }
    path = f"/sales-deliveries/{owner.made('/sales-deliveries', body)['id']}"
    assert owner.made(f"{path}/void", {"version": 1, "reason": "重复"})["status"] == "voided"
    assert owner.told(f"{path}/timeline")[-1]["facts"]["reason"] == "重复"


def test_a_refused_posting_leaves_no_draft(owner: Api, company: World) -> None:
    body = {
        "dated": "2026-11-10",
        "warehouse_id": company.warehouses[0].pk,
        "partner_id": company.customer.pk,
        "lines": [{"item_id": company.items[0].pk, "quantity": "3"}],
        "then": "post",
    }
    response = owner.post("/sales-deliveries", body)
    assert (response.status_code, response.json()["code"]) == (409, "insufficient_stock")
    assert owner.told("/sales-deliveries")["rows"] == []


@pytest.mark.parametrize("by", ["barcode", "code"])
def test_a_line_may_name_its_item_by_what_is_scanned(owner: Api, company: World, by: str) -> None:
    item = owner.made(
        "/items",
        {
            "code": "bolt-8",
            "name": "螺栓",
            "base_uom": "个",
            "sale_price": "2",
            "uoms": [{"name": "盒", "ratio_num": 50, "sale_price": "90", "barcodes": ["69000001"]}],
        },
    )
    scanned = {"barcode": "69000001", "code": "BOLT-8"}[by]
    order = owner.made(
        "/sales-orders",
        {
            "dated": "2026-11-10",
            "warehouse_id": company.warehouses[0].pk,
            "partner_id": company.customer.pk,
            "lines": [{"barcode": scanned, "quantity": "2"}],
        },
    )
    line = order["lines"][0]
    assert line["item"]["id"] == item["id"]
    expected = {"barcode": ("盒", "100", "180.00"), "code": ("个", "2", "4.00")}[by]
    assert (line["uom"], line["quantity"], line["amount_incl_tax"]) == expected
