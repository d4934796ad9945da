"""Count plans and customers' own item codes over the API."""

from hengcang.books.models import Book
from hengcang.sales.models import CustomerItemCode
from hengcang.stock.models import CountPlan
from tests.api.clients import Api, api_as
from tests.stock.counted import received
from tests.worlds import World


def test_a_plan_is_set_seen_and_makes_the_days_count(
    book: Book, owner: Api, company: World
) -> None:
    received(company, "5")
    body = {"warehouse_id": company.warehouses[0].pk, "c_days": 10}
    told = owner.put("/count-plans", body).json()
    assert (told["c_days"], told["is_active"], told["progress"][2]["waiting"]) == (10, True, 1)
    assert owner.put("/count-plans", body | {"c_days": 20}).json()["id"] == told["id"]
    assert owner.told("/count-plans")[0]["c_days"] == 20
    made = owner.made(f"/count-plans/{told['id']}/due", {})
    assert made["number"] == "PDD202611-0001"
    assert owner.made(f"/count-plans/{told['id']}/due", {}) == made
    for wrong in (
        {"c_days": 1001},
        {"most_a_day": 0},
        {"a_percent": 90, "b_percent": 80},
        {"warehouse_id": 10**9},
        {"c_days": "ten"},
    ):
        assert owner.put("/count-plans", body | wrong).status_code in {404, 422}, wrong
    keeper = api_as(book.code, "STOREKEEPER")
    assert keeper.put("/count-plans", body).status_code == 403
    assert CountPlan.objects.get().c_days == 20
    assert owner.post("/count-plans/99999/due", {}).status_code == 404


def test_a_customers_code_is_saved_moved_and_removed(
    book: Book, owner: Api, company: World
) -> None:
    root = f"/partners/{company.customer.pk}/item-codes"
    first, second = (item.pk for item in company.items)
    key = "6c1f0f7e-0d5e-4f0e-9f0e-1c1f0f7e0d5e"
    for _ in range(2):
        made = owner.made(root, {"code": "kh-001", "item_id": first}, Idempotency_Key=key)
    assert (made["code"], made["item_code"]) == ("KH-001", "S001")
    moved = owner.made(root, {"code": "KH-001", "item_id": second})
    assert (moved["id"], moved["item_code"]) == (made["id"], "S002")
    for wrong in ({"code": "a b"}, {"code": "x"}, {"item_id": 10**9}, {"item_uom_id": 10**9}):
        body = {"code": "KH-002", "item_id": first} | wrong
        assert owner.post(root, body).status_code in {404, 422}, wrong
    supplier = f"/partners/{company.supplier.pk}/item-codes"
    assert owner.post(supplier, {"code": "KH-003", "item_id": first}).status_code == 422
    assert [row["code"] for row in owner.told(root)] == ["KH-001"]
    keeper = api_as(book.code, "STOREKEEPER")
    assert keeper.post(root, {"code": "KH-009", "item_id": first}).status_code == 403
    assert owner.send("DELETE", f"{root}/99999").status_code == 404
    assert owner.send("DELETE", f"{root}/{made['id']}").json() == []
    assert not CustomerItemCode.objects.exists()
