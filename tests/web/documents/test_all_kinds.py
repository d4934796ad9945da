"""全部单据: one list of every kind, found by what people remember of a document."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.search import search_keys
from hengcang.sales.actions import orders
from hengcang.stock.actions import transfers
from tests.conftest import BookClient
from tests.documents.trade import delivered, received, sold
from tests.web.conftest import Login
from tests.web.masters.walks import with_costs
from tests.worlds import World, draft, line, target, world

MOST_QUERIES = 12


def page(web: BookClient, **query: str) -> str:
    response = web.get("/documents/", query)
    assert response.status_code == 200
    return str(response.content.decode())


def sent(made: World) -> str:
    """The number of a transfer from the first warehouse to the second."""
    typed = replace(
        draft(made.warehouses[0], [line(made.items[0], "1")]),
        to_warehouse_id=made.warehouses[1].pk,
    )
    saved = transfers.save_transfer(typed, actor=SYSTEM)
    return str(transfers.ship_transfer(target(saved), actor=SYSTEM).number)


def test_every_kind_is_listed_and_leads_to_its_document(
    book: object, web: BookClient, login: Login
) -> None:
    documents = with_costs(world())
    login()
    text = page(web)
    for plural, pk in documents.items():
        assert f"/{plural}/{pk}" in text, plural


def test_it_is_found_by_number_ending_partner_and_their_number(
    book: object, web: BookClient, login: Login
) -> None:
    made = world()
    keys = search_keys(made.customer.name, [made.customer.code])
    made.customer.search_text, made.customer.search_tokens = keys.text, keys.tokens
    made.customer.save()
    receipt, delivery = received(made, "9", "10"), delivered(made, "2")
    theirs = replace(
        draft(made.warehouses[0], [line(made.items[0], "1", "20")], partner=made.customer),
        external_no="KH-2026-77",
    )
    order = orders.save_order(theirs, actor=SYSTEM)
    login()
    came, went = str(receipt.number), str(delivery.number)
    for query, shown, hidden in (
        ({"q": came.lower()}, came, went),
        ({"q": went[-5:]}, went, None),
        ({"q": "鼎盛"}, went, came),
        ({"q": "jxds"}, went, came),
        ({"q": "kh-2026"}, f"草稿 {order.pk}", went),
        ({"kind": "purchase_receipt"}, came, went),
        ({"status": "draft"}, f"草稿 {order.pk}", came),
        ({"partner": str(made.supplier.pk)}, came, went),
        ({"warehouse": str(made.warehouses[0].pk), "kind": "sales_delivery"}, went, came),
        ({"from": "2026-11-24", "to": "2026-11-24", "kind": "sales_delivery"}, went, came),
    ):
        text = page(web, **query)
        assert shown in text, query
        assert hidden is None or hidden not in text, query
    assert went not in page(web, to="2026-11-23")


@pytest.mark.parametrize(
    "query",
    [
        {"q": "\x00%_'\\"},
        {"q": "0" * 400},
        {"kind": "nothing", "status": "nothing"},
        {"partner": "99999999999999999999", "warehouse": "x"},
        {"from": "昨天", "to": "2026-02-30"},
        {"after": "2026-11-24.1.nothing"},
        {"after": "x.y.z"},
    ],
)
def test_what_cannot_be_read_breaks_nothing(
    book: object, web: BookClient, login: Login, query: dict[str, str]
) -> None:
    received(world(), "9", "10")
    login()
    page(web, **query)


def test_a_transfer_is_there_for_the_warehouse_that_waits_for_it(
    book: object, web: BookClient, login: Login
) -> None:
    made = world()
    came = str(received(made, "9", "10").number)
    number = sent(made)
    login("STOREKEEPER", warehouse_ids=[made.warehouses[1].pk])
    text = page(web)
    assert number in text
    assert "1号仓 → 2号仓" in text
    assert came not in text
    assert number in str(web.get("/").content.decode())


def test_an_order_is_there_for_the_warehouse_a_line_goes_from(
    book: object, web: BookClient, login: Login
) -> None:
    made = world()
    here, there = made.warehouses
    typed = line(made.items[0], "1", "20", warehouse_id=there.pk)
    saved = orders.save_order(draft(here, [typed], partner=made.customer), actor=SYSTEM)
    split = orders.step_order(target(saved), "approve", actor=SYSTEM)
    whole = sold(made, "1")
    login("STOREKEEPER", warehouse_ids=[there.pk])
    text = page(web)
    assert str(split.number) in text
    assert str(whole.number) not in text


def test_amounts_of_purchases_are_for_those_who_see_costs(
    book: object, web: BookClient, login: Login
) -> None:
    received(world(), "9", "7.31")
    login("STOREKEEPER")
    assert "65.79" not in page(web)
    login("OWNER")
    assert "65.79" in page(web)


def test_pages_follow_each_other_without_gap(book: object, web: BookClient, login: Login) -> None:
    made = world()
    numbers = {str(received(made, "1", "1").number) for _ in range(53)}
    login()
    first = page(web)
    [later] = {part.split('"')[0] for part in first.split("after=")[1:]}
    second = page(web, after=later)
    on_first = {number for number in numbers if f">{number}<" in first}
    on_second = {number for number in numbers if f">{number}<" in second}
    assert (len(on_first), len(on_second)) == (50, 3)
    assert on_first | on_second == numbers


def test_it_costs_few_statements(book: object, web: BookClient, login: Login) -> None:
    made = world()
    with_costs(made)
    login()
    for query in ({}, {"q": "1"}, {"q": "商贸 1", "partner": str(made.customer.pk)}):
        with CaptureQueriesContext(connection) as asked:
            page(web, **query)
        assert len(asked) <= MOST_QUERIES, query
