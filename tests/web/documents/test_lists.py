"""List pages: filters, paging, sums, queries and bytes."""

import gzip
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.search import search_keys
from hengcang.register.kinds import KINDS
from hengcang.sales.actions import orders
from tests.conftest import BookClient
from tests.web.conftest import Login
from tests.worlds import TODAY, World, draft, line, target, world

QUERIES = 12
BYTES = 20_000
ROWS = 50


@pytest.mark.parametrize("plural", [kind.plural for kind in KINDS])
def test_a_list_renders(web: BookClient, login: Login, plural: str) -> None:
    world()
    login()
    with CaptureQueriesContext(connection) as queries:
        answer = web.get(f"/{plural}/")
    assert answer.status_code == 200
    assert "还没有" in answer.content.decode()
    assert len(queries) <= QUERIES, "\n".join(each["sql"][:110] for each in queries)


@pytest.mark.parametrize("plural", [kind.plural for kind in KINDS])
def test_a_list_has_every_column_once(web: BookClient, login: Login, plural: str) -> None:
    world()
    login()
    keys = re.findall(r'data-col="([a-z_]+)"', web.get(f"/{plural}/").content.decode())
    assert "warehouse" in keys
    assert len(keys) == len(set(keys)), keys


def fifty_five_orders(made: World) -> None:
    for number in range(55):
        dated = TODAY - timedelta(days=number // 2)
        paper = draft(made.warehouses[number % 2], [line(made.items[0], "1")], dated, made.customer)
        order = orders.save_order(paper, actor=SYSTEM)
        if number % 3 == 0:
            orders.step_order(target(order), "approve", actor=SYSTEM)


def numbers(page: str) -> list[str]:
    return re.findall(r'<a class="no mono" href="[^"]*/(\d+)"', page)


def test_paging_shows_every_row_once(web: BookClient, login: Login) -> None:
    fifty_five_orders(world())
    login()
    with CaptureQueriesContext(connection) as queries:
        answer = web.get("/sales-orders/")
    page = answer.content.decode()
    assert len(queries) <= QUERIES, "\n".join(each["sql"][:110] for each in queries)
    assert len(gzip.compress(answer.content)) <= BYTES
    assert "共 <b>55 张</b>" in page
    assert "1,100.00" in page
    following = re.search(r'href="([^"]*after=[^"]*)"', page)
    assert following
    second = web.get(following[1].replace("&amp;", "&")).content.decode()
    first_ids, second_ids = numbers(page), numbers(second)
    assert (len(first_ids), len(second_ids)) == (ROWS, 5)
    assert not set(first_ids) & set(second_ids)
    assert "回到第一页" in second


def test_htmx_gets_the_rows_only(web: BookClient, login: Login) -> None:
    world()
    login()
    page = web.get("/sales-orders/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page


FILTERS = [
    ("status=approved", 19),
    ("status=draft", 36),
    ("status=nonsense", 50),
    ("from=2026-11-24&to=2026-11-24", 2),
    ("from=昨天", 50),
    ("q=嘉兴", 50),
    ("q=nobody", 0),
    ("q=xsdd202611", 16),
    ("q=0007", 1),
    ("q=jxds", 50),
    ("q=嘉兴 0007", 1),
    ("partner={customer}", 50),
    ("warehouse={first}&status=approved", 10),
    ("after=rubbish", 50),
    ("after=2026-11-24.1", 50),
]


@pytest.mark.parametrize(("query", "count"), FILTERS)
def test_filters_live_in_the_address(web: BookClient, login: Login, query: str, count: int) -> None:
    made = world()
    keys = search_keys(made.customer.name, [made.customer.code])
    made.customer.search_text, made.customer.search_tokens = keys.text, keys.tokens
    made.customer.save()
    fifty_five_orders(made)
    login()
    asked = query.format(customer=made.customer.pk, first=made.warehouses[0].pk)
    answer = web.get(f"/sales-orders/?{asked}")
    assert answer.status_code == 200
    found = len(numbers(answer.content.decode()))
    assert found == count if query != "after=2026-11-24.1" else found > 0


def test_a_page_of_fifty_lines_is_small(web: BookClient, login: Login) -> None:
    made = world(items=50)
    login()
    paper = draft(
        made.warehouses[0], [line(item, "1") for item in made.items], partner=made.customer
    )
    order = orders.save_order(paper, actor=SYSTEM)
    web.get("/sales-orders/")  # the session has its token
    with CaptureQueriesContext(connection) as queries:
        answer = web.get(f"/sales-orders/{order.pk}")
    assert len(gzip.compress(answer.content)) <= BYTES
    assert len(queries) <= QUERIES, "\n".join(each["sql"][:110] for each in queries)
