"""采购进度 through the API: own days of lines, filters, pages."""

from tests.api.clients import Api
from tests.worlds import World


def test_open_lines_by_urgency(owner: Api, company: World) -> None:
    item = company.items[0].pk
    lines = [
        {"item_id": item, "quantity": "9", "price": "3"},
        {"item_id": item, "quantity": "1", "price": "3", "due_date": "2026-11-01"},
    ]
    body = {
        "dated": "2026-11-02",
        "warehouse_id": company.warehouses[0].pk,
        "partner_id": company.supplier.pk,
        "due_date": "2099-01-01",
        "lines": lines,
        "then": "approve",
    }
    order = owner.made("/purchase-orders", body)
    assert [line["due_date"] for line in order["lines"]] == [None, "2026-11-01"]
    assert order["lines"][0]["receive_label"] == "未到"
    page = owner.told("/purchase-progress?limit=1")
    row = page["rows"][0]
    assert (row["position"], row["due_date"], row["open"], row["on_order"]) == (
        2, "2026-11-01", "1", "10",
    )  # fmt: skip
    assert row["days_left"] < 0
    rest = owner.told(f"/purchase-progress?next={page['next']}")
    assert [row["due_date"] for row in rest["rows"]] == ["2099-01-01"]
    assert len(owner.told("/purchase-progress?late=true")["rows"]) == 1
    assert owner.told(f"/purchase-progress?partner_id={company.customer.pk}")["rows"] == []
    assert owner.get("/purchase-progress?next=nonsense").status_code == 422
    wrong = body | {"lines": [lines[0] | {"due_date": "2026-02-30"}]}
    answer = owner.post("/purchase-orders", wrong)
    assert answer.status_code == 422
    assert answer.json()["field"] == "lines.1.due_date"
