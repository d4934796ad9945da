"""Scrap, overages and status changes through the API; bad input leaves nothing behind."""

from typing import Any

from tests.api.clients import Api
from tests.api.rows import nothing_written
from tests.api.test_main_loop import bought
from tests.worlds import World


def body(company: World, quantity: str = "1", **line: Any) -> dict[str, Any]:
    only = {"item_id": company.items[0].pk, "quantity": quantity, **line}
    place = company.warehouses[0].pk
    return {"dated": "2026-11-05", "warehouse_id": place, "reason": "待查", "lines": [only]}


def stocked(owner: Api, company: World) -> None:
    order = bought(owner, company, "10", "6")
    owner.made(f"/purchase-orders/{order['id']}/receipts", {"dated": "2026-11-03"})


def test_frozen_scrapped_found_and_undone(owner: Api, company: World) -> None:
    stocked(owner, company)
    held = body(company, "4", to_status="frozen")
    change = owner.made("/status-changes", held | {"then": "post"})
    assert change["lines"][0]["to_status"] == "frozen"
    scrap = owner.made("/scraps", body(company, "1", stock_status="frozen") | {"then": "post"})
    assert scrap["lines"][0]["cost_amount"] == "6.00"
    more = owner.made("/overages", body(company, "2") | {"then": "post"})
    assert more["lines"][0]["cost_amount"] == "12.00"
    early = {"version": change["version"], "reason": "录错"}
    answer = owner.post(f"/status-changes/{change['id']}/reverse", early)
    assert (answer.status_code, answer.json()["code"]) == (409, "insufficient_of_key")
    owner.made(f"/scraps/{scrap['id']}/reverse", {"version": scrap["version"], "reason": "找到"})
    twin = owner.made(f"/status-changes/{change['id']}/reverse", early)
    assert twin["lines"][0]["quantity"] == "-4"


def test_bad_input_is_told_and_nothing_is_written(owner: Api, company: World) -> None:
    stocked(owner, company)
    with nothing_written():
        for path, sent, status, words in (
            ("/status-changes", body(company), 422, "调整后的状态"),
            ("/status-changes", body(company, to_status="lost"), 422, "调整后的状态"),
            ("/status-changes", body(company, to_status="good"), 422, "调整前后都是"),
            ("/scraps", body(company) | {"reason": ""}, 422, "请填写原因"),
            ("/scraps", body(company, "0"), 422, "必须大于 0"),
            ("/overages", body(company, unit_cost="-1"), 422, "不能为负"),
            ("/scraps", body(company, "11") | {"then": "post"}, 409, "可用 10"),
        ):
            answer = owner.post(path, sent)
            assert (answer.status_code, words in answer.content.decode()) == (status, True), sent
