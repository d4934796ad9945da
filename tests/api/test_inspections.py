"""质检 through the API: the item's flag, what waits, an inspection; bad input writes nothing."""

from tests.api.clients import Api
from tests.api.rows import nothing_written
from tests.api.test_main_loop import bought
from tests.worlds import World


def test_goods_are_inspected(owner: Api, company: World) -> None:
    item = owner.told(f"/items/{company.items[0].pk}")
    assert item["needs_inspection"] is False
    filled = {"code": "S001", "name": "商品1", "base_uom": "个", "quantity_places": 6}
    changed = filled | {"version": item["version"], "tax_rate": "0", "needs_inspection": True}
    answer = owner.put(f"/items/{item['id']}", changed)
    assert answer.json()["needs_inspection"] is True, answer.content.decode()
    order = bought(owner, company, "10", "6")
    receipt = owner.made(f"/purchase-orders/{order['id']}/receipts", {"dated": "2026-11-03"})
    assert receipt["lines"][0]["stock_status"] == "qc"
    (waiting,) = owner.told("/to-inspect")["rows"]
    assert (waiting["number"], waiting["to_inspect"]) == (receipt["number"], "10")
    only = {
        "item_id": company.items[0].pk,
        "quantity": "6",
        "source_line_id": waiting["line_id"],
    }
    head = {"dated": "2026-11-04", "warehouse_id": company.warehouses[0].pk, "then": "post"}
    with nothing_written():
        for wrong, words in (
            ({"rejected": "7", "reject_cause": "划伤"}, "多于本次检验"),
            ({"rejected": "1"}, "不合格的原因"),
            ({"rejected": "-1"}, "不合格数"),
            ({"quantity": "11"}, "还有 10 待检"),
            ({"source_line_id": 10**9}, "没有对应待检"),
        ):
            answer = owner.post("/quality-inspections", head | {"lines": [only | wrong]})
            assert answer.status_code in (409, 422)
            assert words in answer.content.decode(), wrong
    judged = only | {"rejected": "2", "reject_cause": "划伤"}
    made = owner.made("/quality-inspections", head | {"lines": [judged]})
    assert (made["lines"][0]["rejected"], made["lines"][0]["quantity"]) == ("2", "6")
    path = f"/purchase-receipts/{receipt['id']}"
    line = owner.told(path)["lines"][0]
    assert (line["qty_inspected"], line["qty_rejected"]) == ("6", "2")
    answer = owner.post(f"{path}/reverse", {"version": receipt["version"], "reason": "录错"})
    assert answer.status_code == 409
    twin = owner.made(
        f"/quality-inspections/{made['id']}/reverse",
        {"version": made["version"], "reason": "录错"},
    )
    assert twin["lines"][0]["rejected"] == "-2"
    assert owner.told("/to-inspect")["rows"][0]["to_inspect"] == "10"
