"""Prices over HTTP: tiers, lists, agreed prices, and a line that states none."""

from uuid import uuid4

import pytest

from hengcang.books.models import Book
from tests.api.clients import Api, api_as
from tests.api.rows import nothing_written
from tests.worlds import World


def header(company: World, **more: object) -> dict[str, object]:
    lines = [{"item_id": company.items[0].pk, "quantity": "1"}]
    place, partner = company.warehouses[0].pk, company.customer.pk
    return {
        "dated": "2026-11-10",
        "warehouse_id": place,
        "partner_id": partner,
        "lines": lines,
    } | more


def autumn(company: World, **more: object) -> dict[str, object]:
    lines = [{"item_id": company.items[0].pk, "price": "19.5"}]
    return {"name": "秋季", "valid_from": "2026-11-01", "lines": lines} | more


def test_a_tier_a_list_and_an_agreement(owner: Api, company: World) -> None:
    tier = owner.made("/price-tiers", {"name": "批发"})
    path = f"/partners/{company.customer.pk}"
    customer = owner.told(path)
    body = {"name": customer["name"], "customer": {"price_tier_id": tier["id"]}, "version": 1}
    assert owner.put(path, body).json()["customer"]["price_tier_id"] == tier["id"]
    item = company.items[0].pk
    lines = [{"item_id": item, "price": "18", "tier_id": tier["id"]}]
    key = str(uuid4())
    made = [
        owner.made("/price-lists", autumn(company, lines=lines), idempotency_key=key)
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert made[0]["lines"][0]["tier"]["name"] == "批发"
    order = owner.made("/sales-orders", header(company))
    assert order["lines"][0]["price"] == "18"
    agreed = {
        "item_id": item,
        "price": "17.25",
        "valid_from": "2026-11-01",
        "valid_to": "2026-12-31",
    }
    answer = owner.put(f"{path}/prices", {"version": 2, "prices": [agreed]})
    assert [row["price"] for row in answer.json()] == ["17.25"]
    assert owner.made("/sales-orders", header(company))["lines"][0]["price"] == "17.25"
    query = f"?partner_id={company.customer.pk}&item_id={item}&dated=2026-11-10"
    (quote,) = owner.told(f"/sales-prices{query}")
    assert (quote["price"], quote["reason"]) == ("17.25", "协议价，至 12-31")


def test_adjusting(owner: Api, company: World) -> None:
    old = owner.made("/price-lists", autumn(company))
    body = {"version": 1, "percent": "-10", "on": "2026-12-01", "name": "冬季", "places": 1}
    new = owner.made(f"/price-lists/{old['id']}/adjust", body)
    assert (new["lines"][0]["price"], new["valid_from"]) == ("17.6", "2026-12-01")
    assert owner.told(f"/price-lists/{old['id']}")["valid_to"] == "2026-11-30"
    again = owner.post(f"/price-lists/{old['id']}/adjust", body | {"name": "再来"})
    assert (again.status_code, again.json()["code"]) == (409, "stale_version")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"valid_to": "2026-10-01"}, "validity_backwards"),
        ({"lines": []}, "no_prices"),
        ({"name": " "}, "field_missing"),
        ({"valid_from": "2026-13-01"}, None),
        ({"lines": [{"item_id": 10**9, "price": "1"}]}, None),
        ({"lines": [{"item_id": 1, "price": "１２"}]}, None),
        ({"lines": [{"item_id": 1, "price": 1e5}]}, None),
    ],
)
def test_a_bad_list_is_refused(owner: Api, company: World, changes, code: str | None) -> None:
    with nothing_written():
        answer = owner.post("/price-lists", autumn(company, **changes))
    assert answer.status_code == 422
    assert code is None or answer.json()["code"] == code


def test_who_may_only_look_writes_nothing(book: Book, owner: Api, company: World) -> None:
    owner.made("/price-lists", autumn(company))
    sales, keeper = api_as(book.code, "SALES"), api_as(book.code, "STOREKEEPER")
    assert len(sales.told("/price-lists")) == 1
    assert keeper.get("/price-lists").status_code == 403
    with nothing_written():
        for api in (sales, keeper):
            assert api.post("/price-lists", autumn(company, name="乱")).status_code == 403
            body = {"version": 1, "prices": []}
            assert api.put(f"/partners/{company.customer.pk}/prices", body).status_code == 403


def test_a_gift_over_http(owner: Api, company: World) -> None:
    item = company.items[0].pk
    free = [{"item_id": item, "quantity": "2", "is_gift": True}]
    order = owner.made("/sales-orders", header(company, lines=free))
    (told,) = order["lines"]
    assert (told["is_gift"], told["is_sample"], told["price"]) == (True, False, "0")
    bad = [free[0] | {"price": "1"}], [free[0] | {"is_sample": True}], [free[0] | {"is_gift": "1"}]
    for lines in bad:
        with nothing_written():
            answer = owner.post("/sales-orders", header(company, lines=lines))
        assert answer.status_code == 422
