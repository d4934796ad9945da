"""A file of documents: all of it becomes drafts, or nothing does and every error is told."""

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from hengcang.books.models import Book
from hengcang.catalog.models import Uom
from hengcang.kernel.actor import SYSTEM
from hengcang.register.kinds import KINDS
from hengcang.register.models import DocumentRow
from hengcang.register.verify import verify_books
from hengcang.sales.models import SalesOrder, SalesOrderLine
from hengcang.stock.models import OtherReceiptLine, TransferReceipt
from tests.conftest import BookClient
from tests.documents.trade import received, sold
from tests.integration.files import csv_of, workbook
from tests.web.conftest import Login
from tests.worlds import item, world

HEAD = ["客户单号", "客户", "仓库", "单据日期", "商品编码", "单位", "数量", "单价"]
DRAFTED = [kind.plural for kind in KINDS if kind.code != "stock_count"]


def upload(web: BookClient, kind: str, content: bytes, name: str = "a.xlsx", **more: str) -> Any:
    file = SimpleUploadedFile(name, content)
    return web.post(f"/{kind}/import", {"file": file, **more})


def errors(answer: Any) -> list[tuple[str, ...]]:
    """The rows of the table of errors: row, column, text, sentence."""
    page = answer.content.decode()
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.DOTALL)
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in rows]
    return [tuple(re.sub(r"<[^>]+>", "", c).strip() for c in row) for row in cells if row]


@pytest.mark.parametrize("kind", DRAFTED)
def test_every_kind_has_a_template_that_its_own_import_understands(
    book: Book, web: BookClient, login: Login, kind: str
) -> None:
    world()
    login()
    answer = web.get(f"/{kind}/import/template")
    assert answer.status_code == 200
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    heading = [cell.value for cell in sheet[1]]
    assert {"单据日期*", "商品编码*"} <= set(heading)
    assert web.get(f"/{kind}/import").status_code == 200
    told = errors(upload(web, kind, workbook(heading, ["x"] * len(heading))))
    assert told
    assert all(row == "2" for row, *_ in told)
    assert not DocumentRow.objects.exists()


def test_many_documents_of_one_file(book: Book, web: BookClient, login: Login) -> None:
    made = world()
    login()
    sheet = workbook(
        HEAD,
        ["PO-1", "C001", "W1", "2026-11-24", "S001", "个", 3, 20],
        ["PO-1", None, None, None, "S002", None, 4.5, "19.5"],
        ["PO-2", "嘉兴鼎盛超市", "2号仓", "2026/11/23", "s001", "", "1", ""],
    )
    answer = upload(web, "sales-orders", sheet)
    assert answer.status_code == 302, errors(answer)
    first, second = SalesOrder.objects.order_by("id")
    assert (first.external_no, first.partner_id, first.status) == (
        "PO-1",
        made.customer.pk,
        "draft",
    )
    lines = first.lines.values_list("item_id", "quantity", "price")
    assert [(i, str(q.normalize()), str(p.normalize())) for i, q, p in lines] == [
        (made.items[0].pk, "3", "2E+1"),
        (made.items[1].pk, "4.5", "19.5"),
    ]
    assert (second.warehouse_id, str(second.dated)) == (made.warehouses[1].pk, "2026-11-23")
    again = upload(web, "sales-orders", sheet)
    assert again.status_code == 302
    assert SalesOrder.objects.count() == 2
    assert not list(verify_books())


def test_the_same_number_in_another_file_is_asked_about(
    book: Book, web: BookClient, login: Login
) -> None:
    world()
    login()
    row = ["PO-1", "C001", "W1", "2026-11-24", "S001", "个", 3, 20]
    assert upload(web, "sales-orders", workbook(HEAD, row)).status_code == 302
    other = workbook(HEAD, [*row[:-2], 4, 20])
    answer = upload(web, "sales-orders", other)
    assert answer.status_code == 422
    assert "PO-1" in errors(answer)[0][3]
    assert SalesOrder.objects.count() == 1
    assert upload(web, "sales-orders", other, repeats="1").status_code == 302
    assert SalesOrder.objects.count() == 2


def test_all_errors_are_told_and_nothing_is_written(
    book: Book, web: BookClient, login: Login
) -> None:
    made = world()
    made.items[1].is_active = False
    made.items[1].save()
    login()
    sheet = workbook(
        HEAD,
        ["A", "C001", "W1", "2026-11-24", "S001", "个", 3, 20],
        ["A", "C999", None, None, "S009", "个", "１２", 20],
        ["A", None, None, None, "S001", "箱", "=1+1", "-1"],
        ["B", "V001", "W1", "24.11.2026", "S001", None, 0, None],
        ["C", "C001", "W1", "2026-11-24", "S002", None, 1, None],
        ["D", "C001", "W1", "2020-01-01", None, None, 1, None],
    )
    answer = upload(web, "sales-orders", sheet)
    assert answer.status_code == 422
    told = [(row, column) for row, column, *_ in errors(answer)]
    assert told == [
        ("3", "客户"),
        ("3", "商品编码"),
        ("3", "数量"),
        ("4", "数量"),
        ("4", "单位"),
        ("4", "单价"),
        ("5", "单据日期"),
        ("5", "客户"),
        ("5", "数量"),
        ("6", "商品编码"),
        ("7", "商品编码"),
    ], told
    assert not SalesOrder.objects.exists()
    assert not SalesOrderLine.objects.exists()


@pytest.mark.parametrize(
    ("heading", "word"),
    [
        (["客户", "仓库", "单据日期", "商品编码", "数量", "猫"], "猫"),
        (["客户", "仓库", "单据日期", "商品编码", "数量", "数量"], "两列"),
        (["客户", "仓库", "商品编码", "数量"], "单据日期"),
    ],
)
def test_headings_must_be_known(
    book: Book, web: BookClient, login: Login, heading: list[str], word: str
) -> None:
    world()
    login()
    answer = upload(web, "sales-orders", workbook(heading, ["x"] * len(heading)))
    assert answer.status_code == 422
    assert any(word in row[3] for row in errors(answer))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"a", "客户,仓库".encode()])
def test_bad_files_are_a_sentence(
    book: Book, web: BookClient, login: Login, content: bytes
) -> None:
    world()
    login()
    answer = upload(web, "sales-orders", content)
    assert answer.status_code == 422
    assert web.post("/sales-orders/import").status_code == 422


def test_rights_and_scope_are_the_actors(book: Book, web: BookClient, login: Login) -> None:
    made = world()
    login("BUYER")
    assert web.get("/sales-orders/import").status_code == 403
    row = ["", "C001", "W1", "2026-11-24", "S001", "个", 3, 20]
    assert upload(web, "sales-orders", workbook(HEAD, row)).status_code == 403
    login("SALES_LEAD", warehouse_ids=[made.warehouses[1].pk])
    answer = upload(web, "sales-orders", workbook(HEAD, row))
    assert [(r, c) for r, c, *_ in errors(answer)] == [("2", "仓库")]
    login("STOREKEEPER")
    template = web.get("/purchase-receipts/import").content.decode()
    assert "进价" not in template
    assert not SalesOrder.objects.exists()


def test_lines_follow_their_source_by_its_number(book: Book, web: BookClient, login: Login) -> None:
    made = world()
    received(made, "50", "10")
    order = sold(made, "8")
    login()
    head = ["客户", "仓库", "日期", "源单号", "编码", "数量"]
    row = ["C001", "W1", "2026-11-24", order.number, "S001", 5]
    answer = upload(web, "sales-deliveries", csv_of(head, row), "a.csv")
    assert answer.status_code == 302, errors(answer)
    delivery = DocumentRow.objects.get(kind="sales_delivery")
    from hengcang.sales.models import SalesDeliveryLine

    line = SalesDeliveryLine.objects.get(document_id=delivery.document_id)
    assert (line.source_line_id, str(line.price.normalize())) == (order.lines.get().pk, "2E+1")
    answer = upload(web, "sales-deliveries", csv_of(head, [*row[:3], "XX9", "S001", 1]), "a.csv")
    assert [(r, c) for r, c, *_ in errors(answer)] == [("2", "源单号")]
    head[0] = "仓库"
    answer = upload(web, "transfer-receipts", csv_of(["仓库", *head[2:]], row[1:]), "a.csv")
    assert [(r, c) for r, c, *_ in errors(answer)] == [("2", "源单号")]
    assert not TransferReceipt.objects.exists()


def test_a_stated_cost_is_of_the_unit_that_is_typed(
    book: Book, web: BookClient, login: Login
) -> None:
    made = world()
    box = Uom.objects.create(name="箱")
    made.items[0].uoms.create(uom=box, ratio_num=12, ratio_den=1)
    login()
    head = ["仓库", "单据日期", "入库原因", "编码", "单位", "数量", "成本单价"]
    answer = upload(
        web, "other-receipts", csv_of(head, ["W1", "2026-11-24", "盘盈", "S001", "箱", 2, 100]), "a"
    )
    assert answer.status_code == 302, errors(answer)
    line = OtherReceiptLine.objects.get()
    assert (str(line.quantity.normalize()), str(line.cost_amount)) == ("24", "200.00")


def test_a_thousand_lines_are_quick_and_statements_do_not_grow(
    book: Book, web: BookClient, login: Login, django_assert_max_num_queries: Any
) -> None:
    made = world(items=1)
    uom = Uom.objects.get(name="个")
    for n in range(2, 101):
        made.items.append(item(f"S{n:03d}", f"商品{n}", uom))
    login()
    rows = [
        ["PO-1", "C001", "W1", "2026-11-24", f"S{n % 100 + 1:03d}", "个", n + 1, 20]
        for n in range(1000)
    ]
    sheet = workbook(HEAD, *rows)
    with django_assert_max_num_queries(80):
        answer = upload(web, "sales-orders", sheet)
    assert answer.status_code == 302, errors(answer)[:3]
    assert SalesOrderLine.objects.count() == 1000


def test_an_import_leaves_a_trace(book: Book, web: BookClient, login: Login) -> None:
    world()
    login()
    upload(web, "sales-orders", workbook(HEAD, ["", "C001", "W1", "2026-11-24", "S001", "", 1, 2]))
    from hengcang.compliance.models import AuditLine

    line = AuditLine.objects.get(verb="sales_order.import")
    assert line.facts["made"] == 1
    assert len(line.facts["sha256"]) == 64
    assert SYSTEM is not None
