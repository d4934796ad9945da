"""Single pieces through the API."""

from typing import Any

from hengcang.register.verify import verify_books
from tests.api.clients import Api, api_as
from tests.worlds import World


def _tracked(owner: Api) -> int:
    body = {"code": "XJ", "name": "相机", "base_uom": "台", "tracks_serials": True}
    return int(owner.made("/items", body)["id"])


def _line(item: int, quantity: str, serials: list[str], **more: Any) -> dict[str, Any]:
    return {"item_id": item, "quantity": quantity, "price": "10", "serials": serials, **more}


def _body(company: World, side: str, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    partner = company.supplier if side == "supplier" else company.customer
    head = {"dated": "2026-11-10", "warehouse_id": company.warehouses[0].pk}
    return head | {"partner_id": partner.pk, "lines": list(lines), "then": "post"} | more


def test_pieces_are_bought_sold_found_and_told(owner: Api, company: World) -> None:
    item = _tracked(owner)
    body = _body(company, "supplier", _line(item, "3", ["A1", "A2", "A3"]))
    receipt = owner.made("/purchase-receipts", body)
    assert receipt["lines"][0]["serials"] == ["A1", "A2", "A3"]
    sale = owner.made("/sales-deliveries", _body(company, "customer", _line(item, "1", [])))
    assert sale["lines"][0]["serials"] == ["A1"], "first in, first out"
    rows = owner.told("/serial-numbers?words=A")["rows"]
    assert {row["serial_no"]: row["place"] for row in rows} == {
        "A1": "customer",
        "A2": "in_stock",
        "A3": "in_stock",
    }
    one = next(row for row in rows if row["serial_no"] == "A1")
    assert one["partner"] == company.customer.name
    life = owner.told(f"/serial-numbers/{one['id']}")["life"]
    assert [(step["number"], step["becomes"]) for step in life] == [
        (receipt["number"], "1号仓"),
        (sale["number"], "在客户处"),
    ]
    after = owner.told(f"/serial-numbers/next?item_id={item}&prefix=A&count=2")
    assert after == {"serials": ["A4", "A5"]}
    assert owner.get("/serial-numbers/999999").status_code == 404


def test_wrong_pieces_are_all_told_and_nothing_is_written(owner: Api, company: World) -> None:
    item = _tracked(owner)
    owner.made("/purchase-receipts", _body(company, "supplier", _line(item, "2", ["A1", "A2"])))
    owner.made("/sales-deliveries", _body(company, "customer", _line(item, "1", ["A1"])))
    wrong = _body(company, "customer", _line(item, "4", ["A1", "X1", "A2"]))
    answer = owner.post("/sales-deliveries", wrong)
    assert answer.status_code == 422
    codes = {error["code"] for error in answer.json()["errors"]}
    assert codes == {"serial_count", "serial_gone", "serial_unknown"}
    twice = owner.post(
        "/purchase-receipts", _body(company, "supplier", _line(item, "2", ["B1", "B1"]))
    )
    assert twice.status_code == 422
    for bad in (["A\u0000"], ["A\nB"], ["x" * 61], [1], "A1", [""]):
        body = _body(company, "supplier", {"item_id": item, "quantity": "1", "price": "1"})
        body["lines"][0]["serials"] = bad
        assert owner.post("/purchase-receipts", body).status_code == 422, bad
    assert len(owner.told("/sales-deliveries")["rows"]) == 1
    assert len(owner.told("/serial-numbers")["rows"]) == 2
    assert verify_books() == []


def test_tracking_is_fixed_once_goods_have_moved(owner: Api, company: World) -> None:
    item = _tracked(owner)
    path = f"/items/{item}"
    told = owner.told(path)
    body = {"code": "XJ", "name": "相机", "base_uom": "台", "tracks_serials": False}
    changed = owner.put(path, body | {"version": told["version"]})
    assert changed.status_code == 200
    body |= {"tracks_serials": True, "version": changed.json()["version"]}
    fine = owner.put(path, body).json()
    broken = owner.put(path, body | {"version": fine["version"], "quantity_places": 2})
    assert broken.json()["code"] == "serials_need_whole"
    owner.made("/purchase-receipts", _body(company, "supplier", _line(item, "1", ["A1"])))
    fixed = owner.put(path, body | {"version": fine["version"], "tracks_serials": False})
    assert (fixed.status_code, fixed.json()["code"]) == (409, "serials_fixed")
    assert owner.told(path)["tracks_serials"] is True


def test_who_may_not_see_stock_sees_no_pieces(owner: Api, company: World) -> None:
    item = _tracked(owner)
    owner.made("/purchase-receipts", _body(company, "supplier", _line(item, "1", ["A1"])))
    elsewhere = api_as(owner.book, "STOREKEEPER", warehouse_ids=[company.warehouses[1].pk])
    assert elsewhere.told("/serial-numbers")["rows"] == []
    piece = owner.told("/serial-numbers")["rows"][0]["id"]
    assert elsewhere.get(f"/serial-numbers/{piece}").status_code == 404
    nobody = api_as(owner.book, "AUDIT_ADMIN")
    assert nobody.get("/serial-numbers").status_code == 403
