"""By which channel a sale came and whose it is: defaults, carried along, refused."""

from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest

from hengcang.books.models import Book
from hengcang.documents.reversal import Undo
from hengcang.identity.models import User
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused
from hengcang.register.kinds import BY_CODE
from hengcang.register.lists import DocumentFilter, listed
from hengcang.register.verify import verify_books
from hengcang.sales import queries
from hengcang.sales.actions import channels, deliveries, orders, quotes, returns
from hengcang.sales.actions.channels import ChannelDraft
from hengcang.sales.models import SalesOrder
from tests.documents.trade import received
from tests.worlds import TODAY, World, draft, line, target, world

D = Decimal


@pytest.fixture
def made(book: Book) -> World:
    return world()


def _person(name: str) -> User:
    return User.objects.create(username=name, name=name, password="!")


def test_a_book_starts_with_four_channels(made: World) -> None:
    assert [way.name for way in queries.channels(SYSTEM)] == ["门店", "批发", "电商", "其他"]


def test_channel_and_salesperson_go_along_from_the_quotation_to_the_return(made: World) -> None:
    received(made, "9", "10")
    way, person = queries.channels(SYSTEM)[2], _person("王芳")
    filled = replace(
        draft(made.warehouses[0], [line(made.items[0], "4", "18")], partner=made.customer),
        valid_until=TODAY,
        channel_id=way.pk,
        salesperson_id=person.pk,
    )
    quote = quotes.save_quote(filled, actor=SYSTEM)
    quotes.step_quote(target(quote), "approve", actor=SYSTEM)
    asked = {"on": TODAY, "actor": SYSTEM}
    order = orders.order_quote(quote.pk, {}, client_uuid=uuid4(), **asked)  # type: ignore[arg-type]
    delivery = deliveries.deliver_order(order.pk, {}, client_uuid=uuid4(), **asked)  # type: ignore[arg-type]
    part = {delivery.lines.get().pk: D(1)}
    back = returns.return_delivery(delivery.pk, part, client_uuid=uuid4(), **asked)  # type: ignore[arg-type]
    undone = returns.reverse_return(target(back), Undo(uuid4(), "录错", TODAY), actor=SYSTEM)
    for paper in (quote, order, delivery, back, undone):
        paper.refresh_from_db()
        assert (paper.channel_id, paper.salesperson_id) == (way.pk, person.pk), paper.kind
    assert verify_books() == []


def test_the_salesperson_is_the_customers_unless_chosen(made: World) -> None:
    made.customer.salesperson = _person("李强")
    made.customer.save()
    other = _person("赵敏")
    plain = draft(made.warehouses[0], [line(made.items[0], "1", "18")], partner=made.customer)
    order = orders.save_order(plain, actor=SYSTEM)
    assert (order.salesperson_id, order.channel_id) == (made.customer.salesperson_id, None)
    chosen = orders.change_order(
        target(order), replace(plain, salesperson_id=other.pk), actor=SYSTEM
    )
    assert chosen.salesperson_id == other.pk
    found = listed(SYSTEM, BY_CODE["sales_order"], DocumentFilter(salesperson_id=other.pk))
    assert found == [order]
    assert listed(SYSTEM, BY_CODE["sales_order"], DocumentFilter(channel_id=1)) == []


def test_nobody_and_nowhere_are_refused(made: World) -> None:
    plain = draft(made.warehouses[0], [line(made.items[0], "1", "18")], partner=made.customer)
    way = queries.channels(SYSTEM)[0]
    channels.change_channel(
        way.pk, way.version, ChannelDraft("STORE", "门店", is_active=False), actor=SYSTEM
    )
    for wrong, code, field in (
        (replace(plain, channel_id=999), "not_found", "channel"),
        (replace(plain, channel_id=way.pk), "channel_inactive", "channel"),
        (replace(plain, salesperson_id=999), "not_found", "salesperson"),
    ):
        with pytest.raises(Refused) as refused:
            orders.save_order(wrong, actor=SYSTEM)
        assert (refused.value.code, refused.value.field) == (code, field)
    assert SalesOrder.objects.count() == 0


def test_a_channel_is_kept_like_any_master_row(made: World) -> None:
    way = channels.save_channel(ChannelDraft("live", " 直播 "), actor=SYSTEM)
    assert (way.code, way.name) == ("LIVE", "直播")
    for wrong, code in (
        (ChannelDraft("LIVE", "另一个"), "code_taken"),
        (ChannelDraft("a b", "空格"), "code_invalid"),
        (ChannelDraft("X", ""), "field_missing"),
    ):
        with pytest.raises(Refused) as refused:
            channels.save_channel(wrong, actor=SYSTEM)
        assert refused.value.code == code
    with pytest.raises(Refused) as refused:
        channels.change_channel(way.pk, 9, ChannelDraft("LIVE", "直播"), actor=SYSTEM)
    assert refused.value.code == "stale_version"
    clerk = replace(SYSTEM, omnipotent=False)
    with pytest.raises(Refused) as refused:
        channels.save_channel(ChannelDraft("Y", "无权"), actor=clerk)
    assert refused.value.code == "forbidden"
