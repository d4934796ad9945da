"""Goods back to the supplier through the API."""

from tests.api.clients import Api
from tests.api.test_main_loop import bought
from tests.worlds import World


def test_a_receipt_goes_back_in_parts(owner: Api, company: World) -> None:
    order = bought(owner, company, "10", "6")
    receipt = owner.made(f"/purchase-orders/{order['id']}/receipts", {"dated": "2026-11-03"})
    path, only = f"/purchase-receipts/{receipt['id']}", str(receipt["lines"][0]["id"])
    body = {"dated": "2026-11-04", "quantities": {only: "4"}}
    back = owner.made(f"{path}/returns", body)
    assert (back["number"], back["amount_incl_tax"]) == ("CGTH202611-0001", "24.00")
    assert back["lines"][0]["cost_amount"] == "24.00"
    assert owner.told(path)["lines"][0]["qty_returned"] == "4"
    too_many = {"dated": "2026-11-04", "quantities": {only: "7"}}
    answer = owner.post(f"{path}/returns", too_many)
    assert (answer.status_code, answer.json()["code"]) == (409, "more_than_received")
    assert owner.told(path)["lines"][0]["qty_returned"] == "4"
    assert len(owner.told("/purchase-returns")["rows"]) == 1
    twin = owner.made(
        f"/purchase-returns/{back['id']}/reverse", {"version": back["version"], "reason": "录错"}
    )
    assert twin["amount_incl_tax"] == "-24.00"
    assert owner.told("/partner-balances")["totals"]["payable"] == "60.00"
