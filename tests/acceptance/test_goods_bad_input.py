"""Bad input of goods documents, line by line: each refused by page and by API with who, what, how
much and what to do instead, nothing written; where somebody may approve, that is offered and done.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from hengcang.books.models import Book
from hengcang.catalog.models import Item, ItemUom, Uom
from hengcang.compliance.models import AuditLine
from hengcang.kernel.actor import SYSTEM
from hengcang.partners.models import SupplierProfile
from hengcang.purchasing.actions.policy import PolicyDraft, save_purchase_policy
from hengcang.purchasing.models import PurchaseOrder, PurchaseReceipt
from hengcang.purchasing.watching_models import PurchasePolicy
from hengcang.register.verify import verify_books
from hengcang.sales.models import SalesOrder
from tests.acceptance.refusing import CONFLICT, INVALID, Person, person, refused
from tests.conftest import BookClient
from tests.documents.trade import bought, delivered, given_back, received
from tests.paste.shop import shop as corpus_shop
from tests.serials import pieces
from tests.stock.batched import dairy, put
from tests.stock.counted import started
from tests.web.documents.forms import form, htmx, line, saved
from tests.worlds import TODAY, World, world

FACES = pytest.mark.parametrize("by", ["page", "api"])
DAY = str(TODAY)


@pytest.fixture
def owner(book: Book, web: BookClient) -> Person:
    return person(web, "OWNER")


def body(made: World, partner: Any, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A document of these lines for the API, to be posted at once."""
    head = {"dated": DAY, "warehouse_id": made.warehouses[0].pk, "then": "post"}
    return head | {"partner_id": partner.pk, "lines": list(lines)} | more


def sent(who: Person, by: str, path: str, page: dict[str, str], api: dict[str, Any]) -> Any:
    """The same wish by the face."""
    return htmx(who.web, f"{path}/new", page) if by == "page" else who.api.post(path, api)


@FACES
def test_a_return_of_more_than_was_delivered(owner: Person, by: str) -> None:
    made = world()
    received(made, "10", "6")
    delivery = delivered(made, "4")
    source = delivery.lines.get().pk
    page = form(made, "sales", line(made, "5") | {"source": str(source)}, verb="post")
    api = {"item_id": made.items[0].pk, "quantity": "5", "source_line_id": source}
    words = ["商品1", str(delivery.number), "可退 4", "本次填写 5", "请减少数量"]
    refused(
        by,
        lambda: sent(owner, by, "/sales-returns", page, body(made, made.customer, api)),
        CONFLICT,
        words,
    )
    assert verify_books() == []


@FACES
def test_a_reversal_of_a_document_whose_goods_have_left(owner: Person, by: str) -> None:
    made = world()
    receipt = received(made, "10", "6")
    delivered(made, "7")
    path = f"/purchase-receipts/{receipt.pk}"
    verb = {"verb": "reverse", "version": str(receipt.version), "reason": "录错"}

    def act() -> Any:
        if by == "page":
            return htmx(owner.web, path, verb | {"intent": str(uuid4())})
        asked = {"version": receipt.version, "reason": "录错"}
        return owner.api.post(f"{path}/reverse", asked)

    words = ["商品1", "S001", "1号仓", "现存 3", "需要 10", str(receipt.number), "请先红冲之后"]
    refused(by, act, CONFLICT, words)
    assert verify_books() == []


@FACES
def test_a_reversal_of_a_document_that_was_returned(owner: Person, by: str) -> None:
    made = world()
    received(made, "10", "6")
    delivery = delivered(made, "7")
    back = given_back(made, delivery, "2")
    delivery.refresh_from_db()
    path = f"/sales-deliveries/{delivery.pk}"
    verb = {"verb": "reverse", "version": str(delivery.version), "reason": "录错"}

    def act() -> Any:
        if by == "page":
            return htmx(owner.web, path, verb | {"intent": str(uuid4())})
        asked = {"version": delivery.version, "reason": "录错"}
        return owner.api.post(f"{path}/reverse", asked)

    words = [str(delivery.number), str(back.number), "请先红冲"]
    refused(by, act, CONFLICT, words)
    assert verify_books() == []


@FACES
def test_a_unit_conversion_that_is_not_exact(owner: Person, by: str) -> None:
    made = world()
    item = made.items[0]
    Item.objects.filter(pk=item.pk).update(quantity_places=0)
    half = ItemUom.objects.create(
        item=item, uom=Uom.objects.create(name="半打零一"), ratio_num=61, ratio_den=12
    )
    page = form(made, "sales", line(made, "5") | {"uom": str(half.pk)})
    api = {"item_id": item.pk, "quantity": "5", "item_uom_id": half.pk}
    words = ["商品1", "数量 5", "0 或 12"]
    refused(
        by,
        lambda: sent(owner, by, "/sales-orders", page, body(made, made.customer, api, then="save")),
        INVALID,
        words,
    )


@FACES
def test_a_count_line_for_an_unknown_batch(owner: Person, by: str) -> None:
    made = dairy()
    put(made, "20", "L1", "A-1")
    count = started(made)
    item = made.items[0].pk

    def act() -> Any:
        path = f"/stock-counts/{count.pk}"
        if by == "page":
            typed = {"intent": str(uuid4()), "item": item, "step": "set", "quantity": "3"}
            return owner.web.post(f"{path}/record", typed | {"batch": "L9", "bin": "A-1"})
        entry = {"item_id": item, "quantity": "3", "batch_no": "L9", "bin_code": "A-1"}
        return owner.api.post(f"{path}/tallies", {"entries": [entry], "mode": "set"})

    refused(by, act, INVALID, ["商品1", "没有批号 L9", "请核对", "注明是新批次"])
    assert verify_books() == []


def tolerated(rate: int = 10) -> tuple[World, PurchaseOrder]:
    """100 are ordered of a supplier who may send so many percent more."""
    made = world()
    SupplierProfile.objects.filter(partner=made.supplier).update(over_receipt_rate=rate)
    return made, bought(made, "100")


def receiving(made: World, order: PurchaseOrder, quantity: str, who: Person, by: str) -> Any:
    source = order.lines.get().pk
    if by == "api":
        asked = {"dated": DAY, "quantities": {str(source): quantity}}
        return who.api.post(f"/purchase-orders/{order.pk}/receipts", asked)
    typed = line(made, quantity, "") | {"source": str(source)}
    return htmx(who.web, "/purchase-receipts/new", form(made, "purchase", typed, verb="post"))


@FACES
def test_a_receipt_over_tolerance_is_approved_by_who_may(
    book: Book, web: BookClient, by: str
) -> None:
    made, order = tolerated()
    keeper = person(web, "STOREKEEPER")
    words = [
        "杭州文具批发", "商品1", "订购 100", "已入库 0", "允许超收 10%", "还可入库 110",
        "本次填写 120", "请减少数量", "「超过收货容差入库」",
    ]  # fmt: skip
    refused(by, lambda: receiving(made, order, "120", keeper, by), CONFLICT, words)
    lead = person(web, "PURCHASE_LEAD")
    double = ["商品1", "订购 100", "两倍", "还可入库 200", "本次填写 201"]
    refused(by, lambda: receiving(made, order, "201", lead, by), CONFLICT, double)
    assert receiving(made, order, "120", lead, by).status_code in {200, 201}
    receipt = PurchaseReceipt.objects.get()
    told = AuditLine.objects.get(verb="purchase_receipt.post", subject_id=receipt.pk)
    assert told.facts["over_tolerance"] == [["S001", "100", "120"]]
    assert told.actor_name == "purchase_lead-of-test"
    order.refresh_from_db()
    assert (order.status, order.lines.get().qty_fulfilled) == ("closed", 120)
    assert verify_books() == []


@FACES
def test_an_expired_batch_on_a_delivery(owner: Person, by: str) -> None:
    """Nobody may deliver it: what has expired is scrapped or goes back, so nothing is offered."""
    made = dairy()
    put(made, "20", "L1", dated=date(2026, 11, 1), expiry_date=date(2026, 11, 20))
    page = form(made, "sales", line(made, "2") | {"batch_no": "L1"}, verb="post")
    api = {"item_id": made.items[0].pk, "quantity": "2", "batch_no": "L1"}
    words = ["商品1", "L1", "2026-11-20 到期", "2026-11-24 不能出库", "请换批次", "报废"]
    refused(
        by,
        lambda: sent(owner, by, "/sales-deliveries", page, body(made, made.customer, api)),
        INVALID,
        words,
    )
    assert verify_books() == []


@FACES
def test_a_serial_sold_twice(owner: Person, by: str) -> None:
    made = pieces.shop()
    pieces.received(made, "A1-2")
    first = pieces.sold(made, "A1")
    page = form(made, "sales", line(made, "1") | {"serials": "A1"}, verb="post")
    api = {"item_id": made.items[0].pk, "quantity": "1", "serials": ["A1"]}
    words = ["商品1", "A1", DAY, str(first.number), "嘉兴鼎盛超市", "请换一个"]
    refused(
        by,
        lambda: sent(owner, by, "/sales-deliveries", page, body(made, made.customer, api)),
        CONFLICT,
        words,
    )
    assert verify_books() == []


def assembling(made: World, *parts: tuple[int, str]) -> tuple[dict[str, str], dict[str, Any]]:
    """2 of the first item, for the page and for the API."""
    product = made.items[0]
    head = {"product": str(product.pk), "product_typed": product.name, "product_quantity": "2"}
    typed = [line(made, quantity, "", item=n) for n, quantity in parts]
    api = {
        "dated": DAY,
        "warehouse_id": made.warehouses[0].pk,
        "product_id": product.pk,
        "product_quantity": "2",
        "lines": [{"item_id": made.items[n].pk, "quantity": quantity} for n, quantity in parts],
        "then": "post",
    }
    return form(made, "assemblies", *typed, verb="post", **head), api


@FACES
def test_an_assembly_without_parts(owner: Person, by: str) -> None:
    page, api = assembling(world())
    words = ["商品1", "请填写配件", "没有启用的物料清单"]
    refused(by, lambda: sent(owner, by, "/assemblies", page, api), INVALID, words)


@FACES
def test_an_assembly_whose_parts_are_not_there(owner: Person, by: str) -> None:
    made = world()
    received(made, "3", "5", item=1)
    page, api = assembling(made, (1, "4"))
    words = ["商品2", "1号仓", "可用 3 个", "需要 4 个", "请减少数量或先入库"]
    refused(by, lambda: sent(owner, by, "/assemblies", page, api), CONFLICT, words)
    assert verify_books() == []


@FACES
def test_a_price_below_the_floor_is_approved_by_who_may(
    book: Book, web: BookClient, by: str
) -> None:
    made = world()
    Item.objects.filter(pk=made.items[0].pk).update(floor_price=Decimal(18))

    def act(who: Person) -> Any:
        page = form(made, "sales", line(made, "10", "15"))
        api = {"item_id": made.items[0].pk, "quantity": "10", "price": "15"}
        asked = body(made, made.customer, api, then="save")
        return sent(who, by, "/sales-orders", page, asked)

    seller = person(web, "SALES")
    words = ["商品1", "15", "最低售价 18", "请提高单价", "「低于最低售价销售」", "保存"]
    refused(by, lambda: act(seller), INVALID, words)
    assert act(person(web, "SALES_LEAD")).status_code in {200, 201}
    told = AuditLine.objects.get(verb="sales_order.create", subject_id=SalesOrder.objects.get().pk)
    assert told.facts["below_floor"] == [["S001", "15", "18"]]
    assert told.actor_name == "sales_lead-of-test"


@FACES
def test_a_purchase_far_above_the_last_price_is_approved_by_who_may(
    book: Book, web: BookClient, by: str
) -> None:
    made = world()
    last = received(made, "3", "8")
    policy = PurchasePolicy.objects.filter(id=1).first() or PurchasePolicy()
    save_purchase_policy(PolicyDraft(over_price_rate=Decimal(10)), policy.version, actor=SYSTEM)
    lead = person(web, "PURCHASE_LEAD")
    order_id = saved(web, "/purchase-orders/new", form(made, "purchase", line(made, "5", "9")))
    path = f"/purchase-orders/{order_id}"

    def act(who: Person) -> Any:
        if by == "api":
            return who.api.post(f"{path}/approve", {"version": 1})
        typed = form(made, "purchase", line(made, "5", "9"), verb="approve", version="1")
        return htmx(who.web, path, typed)

    words = ["商品1", "每个 9", "上次进价 8", str(last.number), "高 12.5%", "上限是 10%"]
    offered = ["请改低单价", "「超过进价上限采购」", "审核"]
    refused(by, lambda: act(lead), INVALID, words + offered)
    assert act(person(web, "OWNER")).status_code in {200, 201}
    told = AuditLine.objects.get(verb="purchase_order.approve", subject_id=order_id)
    assert told.facts["over_price"] == [["S001", "9", "12.5"]]
    assert told.actor_name == "owner-of-test"


@FACES
@pytest.mark.parametrize("noise", ["x", "~!@#￥%……&*（）", "\t\t\t"])
def test_a_paste_of_5000_lines_of_noise(owner: Person, by: str, noise: str) -> None:
    made = corpus_shop()
    text = "\n".join([noise] * 5_000)
    partner = made.customers["K06"]

    def act() -> Any:
        if by == "api":
            asked = {"partner_id": partner, "text": text}
            return owner.api.post("/sales-orders/readings", asked)
        posted = {"partner": str(partner), "warehouse": str(made.world.warehouses[0].pk)}
        typed = posted | {"intent": str(uuid4()), "text": text, "verb": "read"}
        return owner.web.post("/paste-order", typed)

    words: Sequence[str] = ["5000 行", "最多 500 行", "请分几次粘贴"]
    refused(by, act, INVALID, words)
