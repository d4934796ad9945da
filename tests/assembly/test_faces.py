"""Parts lists, kits, assemblies and disassemblies on the page and in the API."""

import pytest

from hengcang.assembly.models import Assembly, Disassembly, PartsList
from hengcang.register.verify import verify_books
from tests.api.clients import Api
from tests.conftest import BookClient
from tests.documents.trade import received
from tests.web.conftest import Login
from tests.web.documents.forms import field_error, form, htmx, line, saved, told
from tests.worlds import World, world


@pytest.fixture
def shop(web: BookClient, login: Login) -> World:
    made = world(items=3)
    received(made, "10", "3", item=1)
    received(made, "10", "5", item=2)
    login()
    return made


def head(made: World, quantity: str = "2", **more: str) -> dict[str, str]:
    product = {"product": str(made.items[0].pk), "product_typed": made.items[0].name}
    return product | {"product_quantity": quantity} | more


def with_list(web: BookClient, made: World, lines: str = "S002 1\nS003 2") -> object:
    posted = {"item": str(made.items[0].pk), "output_quantity": "1", "is_active": "1"}
    return htmx(web, "/parts-lists/new", posted | {"lines": lines})


def test_an_assembly_is_typed_with_the_parts_of_its_list_and_posted(
    web: BookClient, shop: World
) -> None:
    with_list(web, shop)
    assert PartsList.objects.get().lines.count() == 2
    assert "商品2 × 1" in web.get("/parts-lists/").content.decode()
    kit = web.get(f"/kit/?item={shop.items[0].pk}&quantity=6").content.decode()
    assert "缺 1 种" in kit
    made = saved(web, "/assemblies/new", form(shop, "assemblies", **head(shop), why=""))
    page = web.get(f"/assemblies/{made}").content.decode()
    assert "商品3" in page
    assert 'value="4"' in page
    posted = form(
        shop,
        "assemblies",
        line(shop, "2", "", item=1),
        **head(shop, extra_cost="1.20"),
        verb="post",
        version="1",
    )
    saved(web, f"/assemblies/{made}", posted)
    assert Assembly.objects.get().status == "posted"
    assert "1.20" in web.get(f"/assemblies/{made}").content.decode()
    assert "商品1" in web.get("/assemblies/").content.decode()
    assert verify_books() == []


def test_a_disassembly_is_typed_with_what_its_parts_are_reckoned_at(
    web: BookClient, shop: World
) -> None:
    received(shop, "1", "9")
    parts = (line(shop, "1", "2", item=1), line(shop, "1", "1", item=2))
    posted = form(shop, "disassemblies", *parts, **head(shop, "1"), verb="post")
    saved(web, "/disassemblies/new", posted)
    assert Disassembly.objects.get().status == "posted"
    assert verify_books() == []


def test_what_is_wrong_is_said_at_its_place(web: BookClient, shop: World) -> None:
    wrong = htmx(web, "/assemblies/new", form(shop, "assemblies", **head(shop, "x")))
    assert wrong.status_code == 422
    assert field_error(wrong, "product_quantity")
    none = htmx(web, "/assemblies/new", form(shop, "assemblies", **head(shop)))
    assert "没有配件不能组装" in told(none)
    assert "没有条码为「S999」" in told(with_list(web, shop, "S999 1"))
    assert (Assembly.objects.count(), PartsList.objects.count()) == (0, 0)


def test_a_storekeeper_sees_no_costs(web: BookClient, shop: World, login: Login) -> None:
    saved(
        web,
        "/assemblies/new",
        form(
            shop,
            "assemblies",
            line(shop, "2", "", item=1),
            **head(shop, extra_cost="97.31"),
            verb="post",
        ),
    )
    made = Assembly.objects.get().pk
    login("STOREKEEPER")
    assert "97.31" not in web.get(f"/assemblies/{made}").content.decode()


def test_a_program_assembles(owner: Api, shop: World) -> None:
    lamp, foot, place = shop.items[0].pk, shop.items[1].pk, shop.warehouses[0].pk
    body = {"item_id": lamp, "lines": [{"item_id": foot, "quantity": "2"}]}
    listed = owner.made("/parts-lists", body)
    assert owner.put(f"/parts-lists/{listed['id']}", body | {"version": 1}).status_code == 200
    assert owner.put(f"/parts-lists/{listed['id']}", body | {"version": 1}).status_code == 409
    kit = owner.told(f"/kits?item_id={lamp}&warehouse_id={place}&quantity=6")
    assert (kit["can_make"], kit["parts"][0]["short"]) == ("5", "2")
    head = {"dated": "2026-11-24", "warehouse_id": place, "product_id": lamp}
    made = owner.made(
        "/assemblies",
        head | {"product_quantity": "2", "lines": [], "extra_cost": "1.50", "then": "post"},
    )
    assert made["product"]["id"] == lamp
    assert (made["extra_cost"], made["lines"][0]["cost_amount"]) == ("1.50", "12.00")
    back = owner.made(f"/assemblies/{made['id']}/reverse", {"version": 2, "reason": "录错"})
    assert back["reversal_of_id"] == made["id"]
    bad = owner.post("/assemblies", head | {"product_quantity": "-1", "lines": []})
    assert bad.status_code == 422
    assert verify_books() == []
