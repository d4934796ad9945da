"""Lists are paged by key: every row once, in order, and filters mean what they say."""

from typing import Any

import pytest

from hengcang.books.models import Book
from tests.api.clients import Api, api_as
from tests.worlds import World


def rows_of(api: Api, path: str, limit: int = 2) -> list[dict[str, Any]]:
    """All rows over all pages."""
    joint = "&" if "?" in path else "?"
    found: list[dict[str, Any]] = []
    mark = ""
    while True:
        page = api.told(f"{path}{joint}limit={limit}&next={mark}")
        assert len(page["rows"]) <= limit
        found += page["rows"]
        if page["next"] is None:
            return found
        mark = page["next"]


@pytest.fixture
def orders(owner: Api, company: World) -> list[dict[str, Any]]:
    """Five sales orders on three days; the second is approved."""
    partner = owner.made("/partners", {"name": "鼎盛商行", "customer": {}})["id"]
    made = []
    for number, dated in enumerate(["10", "12", "12", "12", "11"]):
        body = {
            "dated": f"2026-11-{dated}",
            "warehouse_id": company.warehouses[number % 2].pk,
            "partner_id": partner,
            "external_no": f"PO-{number}",
            "lines": [{"item_id": company.items[0].pk, "quantity": "1"}],
        }
        made.append(
            owner.made("/sales-orders", body | ({"then": "approve"} if number == 1 else {}))
        )
    return made


def test_documents_newest_first_each_once(owner: Api, orders: list[dict[str, Any]]) -> None:
    expected = [orders[i]["id"] for i in (3, 2, 1, 4, 0)]
    assert [row["id"] for row in rows_of(owner, "/sales-orders")] == expected
    assert [row["document_id"] for row in rows_of(owner, "/documents")] == expected


@pytest.mark.parametrize(
    ("question", "which"),
    [
        ("status=approved", [1]),
        ("dated_from=2026-11-11&dated_to=2026-11-11", [4]),
        ("words=po-3", [3]),
        ("words=鼎盛&dated_from=2026-11-12", [3, 2, 1]),
        ("words=没有", []),
    ],
)
def test_filters(owner: Api, orders: list[dict[str, Any]], question: str, which: list[int]) -> None:
    found = [row["id"] for row in rows_of(owner, f"/sales-orders?{question}")]
    assert found == [orders[i]["id"] for i in which]


def test_filters_by_place_and_partner(
    owner: Api, orders: list[dict[str, Any]], company: World
) -> None:
    partner = orders[0]["partner"]["id"]
    place = company.warehouses[1].pk
    assert len(rows_of(owner, f"/sales-orders?warehouse_id={place}")) == 2
    assert len(rows_of(owner, f"/sales-orders?partner_id={partner}")) == 5
    assert rows_of(owner, f"/sales-orders?partner_id={company.supplier.pk}") == []


def test_any_document_is_found_by_its_number(owner: Api, orders: list[dict[str, Any]]) -> None:
    number = orders[1]["number"]
    assert [d["number"] for d in rows_of(owner, f"/documents?number={number.lower()}")] == [number]
    assert [d["external_no"] for d in rows_of(owner, "/documents?number=PO-2")] == ["PO-2"]


def test_items_partners_and_stock(owner: Api, company: World) -> None:
    for code in ("b", "a", "c"):
        owner.made("/items", {"code": code, "name": f"货{code}", "base_uom": "个"})
    assert [i["code"] for i in rows_of(owner, "/items")] == ["A", "B", "C", "S001", "S002"]
    assert [p["code"] for p in rows_of(owner, "/partners", 1)] == ["C001", "V001"]
    for place in company.warehouses:
        lines = [{"item_id": i.pk, "quantity": "2", "unit_cost": "1"} for i in company.items]
        body = {"dated": "2026-11-02", "warehouse_id": place.pk, "reason": "期初", "lines": lines}
        owner.made("/other-receipts", body | {"then": "post"})
    found = [(r["code"], r["warehouse"]) for r in rows_of(owner, "/stock-balances", 1)]
    assert found == [(c, w) for c in ("S001", "S002") for w in ("1号仓", "2号仓")]
    moves = rows_of(owner, f"/item-ledgers/{company.items[0].pk}", 1)
    assert [m["running"] for m in moves] == ["2", "4"]
    assert all(m["number"].startswith("QTRK") for m in moves)


def test_the_audit_log(owner: Api, orders: list[dict[str, Any]], book: Book) -> None:
    told = rows_of(api_as(book.code, "AUDIT_ADMIN"), "/audit-lines?kind=sales_order")
    assert [line["verb"] for line in told].count("sales_order.create") == 5
    assert [line["id"] for line in told] == sorted((line["id"] for line in told), reverse=True)


def test_a_list_costs_few_queries(
    owner: Api, orders: list[dict[str, Any]], django_assert_max_num_queries: Any
) -> None:
    for path in ("/sales-orders", "/documents", "/items", "/partners", "/stock-balances"):
        with django_assert_max_num_queries(8):
            owner.told(path)
    with django_assert_max_num_queries(12):
        owner.told(f"/sales-orders/{orders[1]['id']}")
