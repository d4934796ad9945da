"""Every kind prints; what may not be seen is not printed; every print leaves a trace."""

import re

import pytest

from hengcang.books.models import Book
from hengcang.compliance.models import AuditLine
from hengcang.register.kinds import BY_PLURAL, KINDS
from hengcang.web.documents.layouts import STATES_COST
from tests.conftest import BookClient
from tests.documents.trade import delivered, received, reversed_
from tests.web.conftest import Login
from tests.web.masters.walks import COST_FIGURES, with_costs
from tests.worlds import world


def text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_every_kind_prints_with_head_lines_and_signatures(
    book: Book, web: BookClient, login: Login
) -> None:
    made = world()
    made.customer.address = "嘉兴市南湖区 1 号"
    made.customer.save()
    documents = with_costs(made)
    login()
    for kind in KINDS:
        answer = web.get(f"/{kind.plural}/{documents[kind.plural]}/print")
        page = answer.content.decode()
        assert answer.status_code == 200
        shown = text(page)
        assert f"衡远商贸 {kind.label}" in shown
        assert "单号" in shown
        assert "S001" in shown
        assert "signatures" in page
        has_money = (kind.role and kind.code != "arrival_notice") or kind.code in STATES_COST
        assert ("大写金额" in shown) == bool(has_money), kind
        if kind.role == "customer":
            assert "嘉兴市南湖区 1 号" in shown
        assert "毛利" not in shown


def test_amounts_are_the_documents(book: Book, web: BookClient, login: Login) -> None:
    made = world()
    received(made, "10", "7.31")
    delivery = delivered(made, "3")
    login()
    shown = text(web.get(f"/sales-deliveries/{delivery.pk}/print").content.decode())
    assert "¥60.00" in shown
    assert "陆拾元整" in shown
    assert "7.31" not in shown  # a customer's paper never says what it cost us
    twin = reversed_(delivery)
    shown = text(web.get(f"/sales-deliveries/{twin.pk}/print").content.decode())
    assert "红冲单" in shown
    assert "负陆拾元整" in shown
    assert "已红冲" in text(web.get(f"/sales-deliveries/{delivery.pk}/print").content.decode())


@pytest.mark.parametrize("role", ["STOREKEEPER", "SALES_LEAD"])
def test_no_cost_is_printed_for_who_may_not_see_it(
    book: Book, web: BookClient, login: Login, role: str
) -> None:
    documents = with_costs(world())
    login(role)
    opened = 0
    for plural, document_id in documents.items():
        answer = web.get(f"/{plural}/{document_id}/print")
        assert answer.status_code in (200, 403)
        opened += answer.status_code == 200
        page = answer.content.decode()
        assert not [figure for figure in COST_FIGURES if figure in page], plural
        may_view = answer.status_code == 200
        assert (web.post(f"/{plural}/{document_id}/print").status_code == 200) == may_view
    assert opened >= 4
    printed = {line.kind for line in AuditLine.objects.filter(verb__endswith=".print")}
    assert printed == {BY_PLURAL[p].code for p in documents if web.get(f"/{p}/").status_code == 200}


def test_prints_are_counted_and_shown(book: Book, web: BookClient, login: Login) -> None:
    made = world()
    received(made, "10", "5")
    delivery = delivered(made, "3")
    login()
    address = f"/sales-deliveries/{delivery.pk}/print"
    assert "已打印 0 次" in text(web.get(address).content.decode()).replace("  ", " ")
    assert web.post(f"{address}?paper=241").json() == {"prints": 1}
    assert web.post(address).json() == {"prints": 2}
    page = web.get(f"{address}?paper=241").content.decode()
    assert "已打印 2 次" in text(page).replace("  ", " ")
    assert "paper-241.css" in page
    lines = AuditLine.objects.filter(verb="sales_delivery.print").order_by("id")
    assert [line.facts["paper"] for line in lines] == ["241 mm 二等分", "A4"]
    assert "打印" in web.get(f"/sales-deliveries/{delivery.pk}").content.decode()


def test_looking_is_no_print_and_strangers_see_nothing(
    book: Book, web: BookClient, login: Login
) -> None:
    made = world()
    received(made, "10", "5")
    delivery = delivered(made, "3")
    login("STOREKEEPER", warehouse_ids=[made.warehouses[1].pk])
    address = f"/sales-deliveries/{delivery.pk}/print"
    assert web.get(address).status_code == 404
    assert web.post(address).status_code == 404
    assert web.get("/sales-deliveries/999999/print").status_code == 404
    login()
    web.get(f"{address}?now=1&paper=../../x")
    assert not AuditLine.objects.filter(verb="sales_delivery.print").exists()


def test_a_blind_count_prints_no_book(book: Book, web: BookClient, login: Login) -> None:
    from tests.stock.counted import received as found
    from tests.stock.counted import started

    made = world()
    found(made, "41")
    count = started(made)
    login("STOREKEEPER")
    shown = text(web.get(f"/stock-counts/{count.pk}/print").content.decode())
    assert "账面数" not in shown
    assert " 41 " not in shown
    login()
    assert "账面数" in web.get(f"/stock-counts/{count.pk}/print").content.decode()
