"""合并采购 and requisitions, as pages and API show them."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from hengcang.books.models import Book
from hengcang.identity.models import User
from hengcang.purchasing.models import PurchaseOrder, PurchaseRequisition
from hengcang.register.verify import verify_books
from tests.api.clients import api_as
from tests.api.rows import nothing_written
from tests.conftest import BookClient
from tests.documents.trade import received
from tests.purchasing.test_requisitions import requested
from tests.web.conftest import Login
from tests.web.documents.forms import field_error, form, htmx, line, saved
from tests.worlds import World, world

PAGE = "/purchasing/merge"


@pytest.fixture
def made(book: Book) -> World:
    return world()


def posted(made: World, requisition: PurchaseRequisition, **changes: str) -> dict[str, str]:
    """The page as it is posted with every line of the requisition ticked."""
    answer = {"intent": str(uuid4())}
    for ln in requisition.lines.all():
        answer |= {
            f"pick-{ln.pk}": "1",
            f"quantity-{ln.pk}": "10",
            f"supplier-{ln.pk}": str(made.supplier.pk),
            f"supplier-{ln.pk}_typed": made.supplier.name,
        }
        answer |= {f"{name}-{ln.pk}": value for name, value in changes.items()}
    return answer


def test_a_requisition_is_written_without_prices_and_approved_on_its_page(
    web: BookClient, made: World, login: Login
) -> None:
    login("PURCHASE_LEAD")
    head = {"partner": "", "partner_typed": "", "due_date": "2026-12-01", "why": "货架空了"}
    filled = form(made, "purchase-requisitions", line(made, "4", price=""), **head)
    pk = saved(web, "/purchase-requisitions/new", filled | {"verb": "approve"})
    found: Any = PurchaseRequisition.objects.get(pk=pk)
    assert (found.number or "").startswith("QGD")
    assert (found.reason, found.partner_id, str(found.due_date)) == ("货架空了", None, "2026-12-01")
    page = web.get(f"/purchase-requisitions/{pk}").content.decode()
    assert "请购单" in page
    assert "单价" not in page
    wrong = filled | {"partner": str(made.customer.pk), "intent": str(uuid4())}
    with nothing_written():
        answer = htmx(web, "/purchase-requisitions/new", wrong)
    assert "不是供应商" in field_error(answer, "partner")


def test_open_lines_are_ordered_from_who_delivered_last(
    web: BookClient, made: World, login: Login
) -> None:
    receipt = received(made, "3", "9")
    wanted = requested(made, "10")
    login("BUYER")
    page = web.get(PAGE).content.decode()
    assert f"最近一次进货：2026-11-24 {receipt.number}" in page
    assert f'value="{made.supplier.name}"' in page
    answer = htmx(web, PAGE, posted(made, wanted, price="8.5"))
    order: Any = PurchaseOrder.objects.get()
    assert answer.headers["HX-Redirect"].endswith(f"/purchase-orders/{order.pk}")
    assert order.lines.get().price == Decimal("8.5")
    seen = web.get(f"/purchase-orders/{order.pk}").content.decode()
    assert str(wanted.number) in seen
    assert "没有待订的请购行" in web.get(PAGE).content.decode()
    assert verify_books() == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"quantity": "1e5"}, "不是有效数字"),
        ({"quantity": "-1"}, "必须大于 0"),
        ({"quantity": ""}, "请填写数量"),
        ({"supplier": ""}, "找不到该供应商"),
        ({"supplier": "999999"}, "找不到该供应商"),
        ({"price": "１２"}, "不是有效数字"),
    ],
)
def test_what_is_wrong_is_told_at_the_row(
    web: BookClient, made: World, login: Login, changes: dict[str, str], sentence: str
) -> None:
    wanted = requested(made, "10")
    login("BUYER")
    with nothing_written():
        answer = htmx(web, PAGE, posted(made, wanted, **changes))
    assert answer.status_code in (404, 422)
    assert sentence in answer.content.decode()


def test_nothing_ticked_is_told(web: BookClient, made: World, login: Login) -> None:
    login("BUYER")
    with nothing_written():
        answer = htmx(web, PAGE, {"intent": str(uuid4())})
    assert "没有明细" in answer.content.decode()


def test_only_who_may_order_orders(web: BookClient, made: World, login: Login) -> None:
    wanted = requested(made, "10")
    user: User = login("STOREKEEPER")
    assert user.pk
    assert "生成采购订单" not in web.get(PAGE).content.decode()
    with nothing_written():
        assert web.post(PAGE, posted(made, wanted)).status_code == 403
    login("SALES", warehouse_ids=[])
    assert web.get(PAGE).status_code == 403


def test_programs_merge_once(book: Book, made: World) -> None:
    wanted, owner = requested(made, "10"), api_as(book.code, "OWNER")
    (row,) = owner.told("/open-requisition-lines")
    assert (row["quantity"], row["qty_fulfilled"], row["supplier_id"]) == ("10", "0", None)
    lines = [{"line_id": row["line_id"], "supplier_id": made.supplier.pk, "quantity": "4"}]
    body = {"dated": "2026-11-24", "lines": lines, "client_uuid": str(uuid4())}
    first = owner.made("/requisition-merges", body)
    assert owner.made("/requisition-merges", body)["orders"] == first["orders"]
    assert PurchaseOrder.objects.count() == 1
    lines[0]["supplier_id"] = made.customer.pk
    with nothing_written():
        answer = owner.post("/requisition-merges", body | {"client_uuid": str(uuid4())})
    assert answer.json()["code"] == "partner_wrong_role"
    chain = owner.told(f"/purchase-requisitions/{wanted.pk}")["chain"]
    assert [link["kind"] for link in chain] == ["purchase_order"]


def test_programs_say_suppliers_and_dates_of_lines(book: Book, made: World) -> None:
    owner = api_as(book.code, "OWNER")
    asked = {
        "item_id": made.items[0].pk,
        "quantity": "3",
        "supplier_id": made.supplier.pk,
        "due_date": "2026-12-24",
    }
    body = {"dated": "2026-11-24", "warehouse_id": made.warehouses[0].pk, "lines": [asked]}
    told = owner.made("/purchase-requisitions", body)
    assert told["lines"][0]["supplier_id"] == made.supplier.pk
    assert told["lines"][0]["due_date"] == "2026-12-24"
    assert told["partner"] is None
    asked["supplier_id"] = made.customer.pk
    answer = owner.post("/purchase-requisitions", body)
    assert answer.json()["field"] == "lines.1.supplier_id"
