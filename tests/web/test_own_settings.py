"""我的设置, and the menu as somebody left it."""

import re

import pytest

from hengcang.identity.models import User
from hengcang.places.models import Warehouse
from tests.conftest import BookClient
from tests.web.conftest import Login
from tests.worlds import world


def chosen(web: BookClient, path: str) -> str:
    """The warehouse that a new form starts with."""
    text = str(web.get(path).content.decode())
    [select] = re.findall(r'<select class="inp"[^>]*name="warehouse".*?</select>', text, re.DOTALL)
    found = re.findall(r'<option value="(\d*)" selected', select)
    first = re.findall(r'<option value="(\d*)"', select)
    return str((found or first)[0])


def test_new_documents_start_in_the_usual_warehouse(
    book: object, web: BookClient, login: Login
) -> None:
    first, second = world().warehouses
    login()
    for path in ("/sales-orders/new", "/paste-order", "/kit/"):
        assert chosen(web, path) == str(first.pk), path
    assert web.post("/my-settings", {"warehouse": str(second.pk)}).status_code == 302
    for path in ("/sales-orders/new", "/stock-transfers/new", "/paste-order", "/kit/"):
        assert chosen(web, path) == str(second.pk), path
    assert chosen(web, "/my-settings") == str(second.pk)
    web.post("/my-settings", {"warehouse": ""})
    assert chosen(web, "/sales-orders/new") == str(first.pk)


def test_a_usual_warehouse_out_of_use_is_passed_over(
    book: object, web: BookClient, login: Login
) -> None:
    first, second = world().warehouses
    user = login("STOREKEEPER", warehouse_ids=[second.pk])
    User.objects.filter(pk=user.pk).update(usual_warehouse_id=first.pk)
    assert chosen(web, "/sales-deliveries/new") == str(second.pk)


@pytest.mark.parametrize("typed", ["x", "0", "99999999999999999999", "987654321", "\x00"])
def test_what_is_no_warehouse_is_refused(
    book: object, web: BookClient, login: Login, typed: str
) -> None:
    world()
    user = login()
    assert web.post("/my-settings", {"warehouse": typed}).status_code == 422
    user.refresh_from_db()
    assert user.usual_warehouse_id is None


def test_a_warehouse_of_others_or_out_of_use_is_refused(
    book: object, web: BookClient, login: Login
) -> None:
    first, second = world().warehouses
    login("STOREKEEPER", warehouse_ids=[second.pk])
    assert web.post("/my-settings", {"warehouse": str(first.pk)}).status_code == 422
    Warehouse.objects.filter(pk=second.pk).update(is_active=False)
    assert web.post("/my-settings", {"warehouse": str(second.pk)}).status_code == 422


def open_groups(web: BookClient, path: str) -> list[str]:
    text = str(web.get(path).content.decode())
    return re.findall(r'<details data-group="(\w+)" open>', text)


def test_the_menu_is_open_where_the_page_is_and_where_it_was_left_open(
    book: object, web: BookClient, login: Login
) -> None:
    world()
    login()
    assert open_groups(web, "/") == []
    assert open_groups(web, "/sales-orders/new") == ["xs"]
    web.cookies["hc_menu"] = "kc.sz.\"'<"
    assert open_groups(web, "/") == ["kc", "sz"]
    assert open_groups(web, "/sales-orders/") == ["xs", "kc", "sz"]
