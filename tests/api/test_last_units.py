"""Sixty-four want one of the last ten, at once, over real HTTP: ten get it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from hengcang.books.models import Book
from hengcang.register.verify import verify_books
from tests.api.clients import Api, api_as
from tests.api.servers import ask, running
from tests.worlds import World, world

BUYERS, UNITS = 64, 10


def body_of(company: World, **more: Any) -> dict[str, Any]:
    return {
        "dated": "2026-11-10",
        "warehouse_id": company.warehouses[0].pk,
        "then": "post",
        "lines": [{"item_id": company.items[0].pk, "quantity": "1"}],
    } | more


def stocked(api: Api, company: World) -> None:
    line = {"item_id": company.items[0].pk, "quantity": str(UNITS), "unit_cost": "3"}
    body = body_of(company, dated="2026-11-02", reason="期初", lines=[line])
    api.made("/other-receipts", body)


def test_the_last_ten_units_are_sold_ten_times(fresh_book: Book) -> None:
    company = world()
    api = api_as(fresh_book.code, "OWNER")
    stocked(api, company)
    delivery = body_of(company, partner_id=company.customer.pk)
    start = Barrier(BUYERS)

    with running() as port, ThreadPoolExecutor(BUYERS) as pool:

        def deliver(_: int) -> tuple[int, Any]:
            start.wait()
            return ask(port, "POST", "/api/v1/sales-deliveries", delivery, api.key)

        answers = list(pool.map(deliver, range(BUYERS)))

    statuses = sorted(status for status, _ in answers)
    assert statuses == [201] * UNITS + [409] * (BUYERS - UNITS)
    problems = [problem for status, problem in answers if status == 409]
    assert {problem["code"] for problem in problems} == {"insufficient_stock"}
    for problem in problems:
        facts = problem["facts"]
        assert (facts["item_id"], facts["item_code"]) == (company.items[0].pk, "S001")
        assert (facts["available"], facts["needed"]) == ("0", "1")
        assert "S001" in problem["message"]
    numbers = sorted(document["number"] for status, document in answers if status == 201)
    assert [number[-4:] for number in numbers] == [f"{n:04d}" for n in range(1, UNITS + 1)]
    assert verify_books() == []
    assert api.told("/sales-deliveries?limit=200")["next"] is None
    assert len(api.told("/sales-deliveries?limit=200")["rows"]) == UNITS


def test_one_intent_sent_sixteen_times_at_once_is_one_delivery(fresh_book: Book) -> None:
    company = world()
    api = api_as(fresh_book.code, "OWNER")
    stocked(api, company)
    key = "6f1a4b62-7d5e-4c1e-9d5e-2f0f6f3c9a10"
    delivery = body_of(company, partner_id=company.customer.pk, client_uuid=key)
    start = Barrier(16)

    with running() as port, ThreadPoolExecutor(16) as pool:

        def deliver(_: int) -> tuple[int, Any]:
            start.wait()
            return ask(port, "POST", "/api/v1/sales-deliveries", delivery, api.key)

        answers = list(pool.map(deliver, range(16)))

    assert {status for status, _ in answers} == {201}
    assert len({document["id"] for _, document in answers}) == 1
    assert api.told("/stock-balances")["rows"][0]["on_hand"] == str(UNITS - 1)
