"""到货通知 through the API: from order lines, received in parts; bad input writes nothing."""

from tests.api.clients import Api
from tests.api.rows import nothing_written
from tests.api.test_main_loop import bought
from tests.worlds import World


def test_announced_received_and_reversed(owner: Api, company: World) -> None:
    order = bought(owner, company, "10", "6")
    source = order["lines"][0]["id"]
    typed = {"item_id": company.items[0].pk, "quantity": "8", "source_line_id": source}
    head = {
        "dated": "2026-11-03",
        "warehouse_id": company.warehouses[0].pk,
        "partner_id": company.supplier.pk,
        "due_date": "2026-11-05",
        "carrier": "顺丰",
        "tracking_no": "SF1",
    }
    with nothing_written():
        for wrong, words in (
            ({"due_date": None}, "预计到货"),
            ({"lines": [typed | {"quantity": "11"}], "then": "approve"}, "最多还可通知 10"),
            ({"lines": [typed | {"source_line_id": 10**9}]}, "源单"),
            ({"lines": [typed | {"price": "1"}]}, "price"),
            ({"lines": [typed, typed]}, "写了两行"),
            ({"tracking_no": "1" * 61}, "60"),
        ):
            answer = owner.post("/arrival-notices", head | {"lines": [typed]} | wrong)
            assert answer.status_code in (409, 422), wrong
            assert words in answer.content.decode(), wrong
    made = owner.made("/arrival-notices", head | {"lines": [typed], "then": "approve"})
    assert (made["status"], made["carrier"], made["amount_incl_tax"]) == (
        "approved", "顺丰", "48.00",
    )  # fmt: skip
    only = made["lines"][0]
    assert (only["quantity"], only["qty_fulfilled"], only["batch_no"]) == ("8", "0", "")
    assert owner.told("/purchase-progress")["rows"][0]["announced"] == "8"
    (coming,) = owner.told("/arrivals")
    assert (coming["number"], coming["lines"][0]["open"]) == (made["number"], "8")
    path = f"/arrival-notices/{made['id']}"
    receipt = owner.made(
        f"{path}/receipts", {"dated": "2026-11-05", "quantities": {str(only["id"]): "3"}}
    )
    assert (receipt["status"], receipt["notice_id"]) == ("posted", made["id"])
    assert receipt["lines"][0]["notice_line_id"] == only["id"]
    owner.made(f"{path}/receipts", {"dated": "2026-11-06"})
    whole = owner.told(path)
    assert (whole["status"], whole["lines"][0]["qty_fulfilled"]) == ("closed", "8")
    assert owner.told("/arrivals") == []
    answer = owner.post(f"{path}/receipts", {"dated": "2026-11-06"})
    assert (answer.status_code, answer.json()["code"]) == (409, "source_not_open")
    undone = {"version": receipt["version"], "reason": "录错"}
    owner.made(f"/purchase-receipts/{receipt['id']}/reverse", undone)
    again = owner.told(path)
    assert (again["status"], again["lines"][0]["qty_fulfilled"]) == ("approved", "5")
    stale = owner.post(f"{path}/close", {"version": 1, "reason": "不来了"})
    assert stale.status_code == 409
    closed = owner.post(f"{path}/close", {"version": again["version"], "reason": "不来了"})
    assert closed.json()["status"] == "closed_forced"


def test_a_notice_that_is_not_there(owner: Api, company: World) -> None:
    bought(owner, company, "10", "6")
    with nothing_written():
        assert (
            owner.post("/arrival-notices/1000/receipts", {"dated": "2026-11-05"}).status_code == 404
        )
        lines = [{"item_id": company.items[0].pk, "quantity": "1", "price": "1"}]
        body = {
            "dated": "2026-11-03",
            "warehouse_id": company.warehouses[0].pk,
            "partner_id": company.supplier.pk,
            "lines": lines,
            "notice_id": 10**9,
        }
        assert owner.post("/purchase-receipts", body).status_code == 404
