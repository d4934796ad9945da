"""Single pieces in inspections, makings and counts through the API; bad input writes nothing."""

from typing import Any

from hengcang.register.verify import verify_books
from hengcang.stock.models import StockTally
from hengcang.stock.piece_models import TallyPiece
from tests.api.clients import Api
from tests.api.rows import nothing_written
from tests.api.test_serial_numbers import _body, _line, _tracked
from tests.worlds import TODAY, World


def _stock(company: World, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    head = {"dated": "2026-11-10", "warehouse_id": company.warehouses[0].pk, "then": "post"}
    return head | {"lines": list(lines)} | more


def test_inspected_pieces(owner: Api, company: World) -> None:
    item = _tracked(owner)
    unseen = _line(item, "3", ["A1", "A2", "A3"], stock_status="qc")
    receipt = owner.made("/purchase-receipts", _body(company, "supplier", unseen))
    source = receipt["lines"][0]["id"]
    only = {"item_id": item, "quantity": "2", "source_line_id": source, "serials": ["A1", "A2"]}
    bad = {"rejected": "1", "reject_cause": "划伤", "rejected_serials": ["A2"]}
    with nothing_written():
        wrongs: list[dict[str, Any]] = [
            {"rejected_serials": ["A3"]},
            {"rejected_serials": []},
            {"serials": ["A1"]},
        ]
        for wrong in wrongs:
            body = _stock(company, only | bad | wrong)
            assert owner.post("/quality-inspections", body).status_code in (409, 422), wrong
    made = owner.made("/quality-inspections", _stock(company, only | bad))
    line = made["lines"][0]
    assert (line["serials"], line["rejected_serials"]) == (["A1", "A2"], ["A2"])
    assert verify_books() == []


def test_a_product_of_numbered_parts(owner: Api, company: World) -> None:
    item = _tracked(owner)
    body = {"code": "ZJ", "name": "整机", "base_uom": "台", "tracks_serials": True}
    product = owner.made("/items", body)["id"]
    owner.made("/purchase-receipts", _body(company, "supplier", _line(item, "1", ["A1"])))
    head = {"product_id": product, "product_quantity": "1", "product_serials": ["P1"]}
    part = {"item_id": item, "quantity": "1", "serials": ["A1"]}
    with nothing_written():
        wrong = head | {"product_serials": ["P1", "P2"]}
        assert owner.post("/assemblies", _stock(company, part, **wrong)).status_code == 422
    made = owner.made("/assemblies", _stock(company, part, **head))
    assert made["product_serials"] == ["P1"]
    (row,) = owner.told("/serial-numbers?words=P1")["rows"]
    (kin,) = owner.told(f"/serial-numbers/{row['id']}")["parts"]
    assert (kin["serial_no"], kin["is_inside"], kin["kind"]) == ("A1", True, "assembly")
    (whole,) = owner.told(f"/serial-numbers/{kin['serial_id']}")["products"]
    assert whole["serial_no"] == "P1"
    assert verify_books() == []


def test_pieces_are_counted(owner: Api, company: World) -> None:
    item = _tracked(owner)
    owner.made("/purchase-receipts", _body(company, "supplier", _line(item, "2", ["A1", "A2"])))
    body = {"dated": str(TODAY), "warehouse_id": company.warehouses[0].pk, "then": "start"}
    root = f"/stock-counts/{owner.made('/stock-counts', body)['id']}"
    one = {"item_id": item, "quantity": "2", "serials": ["A1", "N1"]}
    wrongs: list[dict[str, Any]] = [
        {"serials": []},
        {"serials": ["A1", "A1"]},
        {"quantity": "-2"},
    ]
    for wrong in wrongs:
        answer = owner.post(f"{root}/tallies", {"entries": [one | wrong], "mode": "add"})
        assert answer.status_code in (409, 422), wrong
    assert (StockTally.objects.count(), TallyPiece.objects.count()) == (0, 0)
    owner.made(f"{root}/tallies", {"entries": [one], "mode": "add"})
    rows = owner.told(f"{root}/serial-differences")
    assert [(row["serial_no"], row["finding"], row["book_place"]) for row in rows] == [
        ("A2", "missing", "1号仓"),
        ("N1", "found", "未入库"),
    ]
    assert verify_books() == []
