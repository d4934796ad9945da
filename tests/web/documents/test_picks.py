"""拣货单: what is to be fetched, of several papers at once."""

from uuid import uuid4

from hengcang.kernel.actor import SYSTEM
from hengcang.sales.actions import deliveries
from tests.conftest import BookClient
from tests.documents.trade import received, sold
from tests.web.conftest import Login
from tests.worlds import draft, line, world


def test_orders_are_picked_together_by_item_code(web: BookClient, login: Login) -> None:
    made = world()
    received(made, "9", "10")
    login()
    first, second = sold(made, "4"), sold(made, "3")
    sold(made, "2", item=1)
    deliveries.deliver_order(
        first.pk,
        {first.lines.get().pk: line(made.items[0], "1").quantity},
        on=first.dated,
        client_uuid=uuid4(),
        actor=SYSTEM,
    )
    assert "拣货单" in web.get(f"/sales-orders/{first.pk}").content.decode()
    asked = f"/pick-list?kind=sales-orders&id={first.pk}&numbers={second.number}"
    page = web.get(asked).content.decode()
    assert f"{first.number} 3、{second.number} 3" in page  # 4 − 1 delivered, and 3
    assert ">6<" in page
    assert "S002" not in page


def test_a_draft_delivery_is_picked(web: BookClient, login: Login) -> None:
    made = world()
    login()
    paper = draft(
        made.warehouses[0],
        [line(made.items[1], "2", "20"), line(made.items[0], "5", "20")],
        partner=made.customer,
    )
    saved = deliveries.save_delivery(paper, actor=SYSTEM)
    page = web.get(f"/pick-list?kind=sales-deliveries&id={saved.pk}").content.decode()
    assert page.index("S001") < page.index("S002")
    assert "拣货单" in web.get(f"/sales-deliveries/{saved.pk}").content.decode()


def test_what_cannot_be_picked_is_told(web: BookClient, login: Login) -> None:
    made = world()
    login("SALES_LEAD", warehouse_ids=[made.warehouses[1].pk])
    hidden = sold(made, "1")
    for query, status in (
        ("", 200),
        ("?kind=x&id=abc", 404),
        (f"?id={hidden.pk}", 404),
        ("?numbers=XSDD%00 %27", 404),
        ("?numbers=" + "+".join(f"N{n}" for n in range(101)), 422),
    ):
        assert web.get(f"/pick-list{query}").status_code == status, query


def test_an_order_that_is_over_is_not_picked(web: BookClient, login: Login) -> None:
    made = world()
    received(made, "9", "10")
    login()
    order = sold(made, "4")
    deliveries.deliver_order(order.pk, {}, on=order.dated, client_uuid=uuid4(), actor=SYSTEM)
    answer = web.get(f"/pick-list?id={order.pk}")
    assert answer.status_code == 409
    assert "已完成" in answer.content.decode()


def test_a_buyer_picks_nothing(web: BookClient, login: Login) -> None:
    world()
    login("BUYER")
    assert web.get("/pick-list").status_code == 403
