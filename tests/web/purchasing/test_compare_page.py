"""询价、报价、比价 on the pages and by programs."""

from decimal import Decimal
from uuid import uuid4

import pytest

from hengcang.books.models import Book
from hengcang.purchasing.inquiry_models import (
    Rfq,
    RfqLine,
    RfqSupplier,
    SupplierQuote,
    SupplierQuoteLine,
)
from hengcang.purchasing.models import PurchaseOrder, PurchaseOrderLine, SupplierPrice
from tests.api.clients import api_as
from tests.conftest import BookClient
from tests.purchasing.inquired import another, answered, asked
from tests.web.conftest import Login
from tests.web.documents.forms import cell_error, form, htmx, line, saved, source_id
from tests.worlds import World, world


@pytest.fixture
def made(book: Book) -> World:
    return world()


def test_a_buyer_asks_answers_compares_and_orders(
    web: BookClient, login: Login, made: World
) -> None:
    login("BUYER")
    request_id = saved(web, "/rfqs/new", form(made, "rfqs", line(made, "10", ""), verb="approve"))
    assert "比价" in web.get(f"/rfqs/{request_id}").content.decode()
    compare = f"/rfqs/{request_id}/compare"
    ask = f"/rfqs/{request_id}/ask"
    assert "还没有供应商" in web.get(compare).content.decode()
    assert web.post(ask, {"partner": str(made.supplier.pk)}).status_code == 302
    assert web.post(ask, {"partner": ""}).status_code == 422
    assert web.post(ask, {"partner": str(made.customer.pk)}).status_code == 404
    assert RfqSupplier.objects.count() == 1
    new = f"/supplier-quotes/new?from={request_id}"
    terms = {"source": source_id(web, new), "moq": "12", "lead_time_days": "4"}
    posted = form(
        made, "purchase", line(made, "10", "7") | terms, verb="approve", valid_until="2026-12-01"
    )
    quote_id = saved(web, "/supplier-quotes/new", posted)
    offered = SupplierQuoteLine.objects.get()
    assert (offered.moq, offered.lead_time_days, offered.source_line_id) == (
        Decimal(12),
        4,
        RfqLine.objects.get().pk,
    )
    assert "起订量" in web.get(f"/supplier-quotes/{quote_id}").content.decode()
    page = web.get(compare).content.decode()
    assert "唯一有效报价；4 天到货；已按起订量 12 计算" in page
    assert f'name="quantity-{offered.pk}" value="12"' in page
    choice = {"intent": str(uuid4()), f"quantity-{offered.pk}": "12", "list_prices": "1"}
    answer = web.post(compare, choice)
    assert answer.status_code == 302
    order = PurchaseOrder.objects.get()
    assert answer["Location"].endswith(f"/purchase-orders/{order.pk}")
    assert (PurchaseOrderLine.objects.get().quantity, SupplierPrice.objects.get().price) == (12, 7)
    assert web.post(compare, choice)["Location"] == answer["Location"]
    chain = web.get(f"/purchase-orders/{order.pk}").content.decode()
    assert str(Rfq.objects.get().number) in chain


def test_bad_input_writes_nothing(web: BookClient, login: Login, made: World) -> None:
    request = asked(made, "10")
    answered(made, request, made.supplier, ("9", None, 3))
    only = SupplierQuoteLine.objects.get().pk
    compare = f"/rfqs/{request.pk}/compare"
    login("BUYER")
    good = {"intent": str(uuid4()), f"quantity-{only}": "1"}
    for wrong in (
        {f"quantity-{only}": "x"},
        {f"quantity-{only}": "0"},
        {f"quantity-{only}": ""},
        {"quantity-999999": "1"},
        {"intent": "no"},
    ):
        answer = web.post(compare, good | wrong)
        assert answer.status_code == 422, (wrong, answer)
        assert "alert" in answer.content.decode()
    assert not PurchaseOrder.objects.exists()
    wrong_terms = line(made, "1", "5") | {"moq": "no", "lead_time_days": "-1"}
    posted = form(made, "purchase", wrong_terms, valid_until="2026-12-01")
    answer = htmx(web, "/supplier-quotes/new", posted)
    assert answer.status_code == 422
    assert cell_error(answer, 0, "moq")
    assert cell_error(answer, 0, "lead_time_days")
    assert SupplierQuote.objects.count() == 1


def test_who_may_not(web: BookClient, login: Login, made: World) -> None:
    request = asked(made, "10")
    answered(made, request, made.supplier, ("9.87", None, 3))
    compare = f"/rfqs/{request.pk}/compare"
    for role in ("STOREKEEPER", "SALES"):
        login(role)
        assert web.get(compare).status_code == 403
        assert web.post(compare, {}).status_code == 403
        assert web.get(f"/rfqs/{request.pk}").status_code == 403
    login("ACCOUNTANT")
    assert "9.87" in web.get(compare).content.decode()
    assert web.post(compare, {}).status_code == 403
    login("BUYER", warehouse_ids=[made.warehouses[1].pk])
    assert web.get(compare).status_code == 404


def test_programs(book: Book, made: World) -> None:
    buyer = api_as(book.code, "BUYER")
    head = {"dated": "2026-11-24", "warehouse_id": made.warehouses[0].pk}
    item = {"item_id": made.items[0].pk, "quantity": "10"}
    request = buyer.made("/rfqs", {**head, "lines": [item], "then": "approve"})
    one = f"/rfqs/{request['id']}"
    other = another("宁波五金", "V002")
    told = buyer.made(f"{one}/suppliers", {"partner_ids": [made.supplier.pk, other.pk]})
    assert [row["answered"] for row in told["suppliers"]] == [False, False]
    for partner, price in ((made.supplier, "9"), (other, "8")):
        offer = item | {"price": price, "moq": "5", "source_line_id": request["lines"][0]["id"]}
        body = head | {"partner_id": partner.pk, "valid_until": "2026-12-31", "lines": [offer]}
        quote = buyer.made("/supplier-quotes", {**body, "then": "approve"})
        assert quote["lines"][0]["moq"] == "5"
    (row,) = buyer.told(f"{one}/comparison")["lines"]
    best = next(answer for answer in row["answers"] if answer["is_best"])
    assert (best["partner_id"], best["net_price"]) == (other.pk, "8")
    body = {
        "dated": "2026-11-24",
        "client_uuid": str(uuid4()),
        "choices": [{"quote_line_id": best["quote_line_id"], "quantity": "10"}],
    }
    (order,) = buyer.made(f"{one}/orders", body)["orders"]
    assert buyer.made(f"{one}/orders", body)["orders"][0]["id"] == order["id"]
    lines = buyer.told(f"/purchase-orders/{order['id']}")["lines"]
    assert lines[0]["quote_line_id"] == best["quote_line_id"]
    again = body | {"client_uuid": str(uuid4())}
    assert buyer.post(f"{one}/orders", again).status_code == 409
    assert buyer.post(f"{one}/orders", body | {"choices": []}).status_code == 422
    assert buyer.post(f"{one}/suppliers", {"partner_ids": []}).status_code == 422
    listed = buyer.made(f"/supplier-quotes/{best['quote_id']}/price-list", {})
    assert listed == {"rows": 1}
    keeper = api_as(book.code, "STOREKEEPER")
    assert keeper.get(f"{one}/comparison").status_code == 403
    assert keeper.post(f"{one}/orders", body).status_code == 403
