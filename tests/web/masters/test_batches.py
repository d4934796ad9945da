"""A batch: found, corrected with a reason, traced to suppliers and customers."""

from datetime import timedelta
from typing import Any

import pytest

from hengcang.books.models import Book
from hengcang.catalog.models import Batch
from hengcang.compliance.models import AuditLine
from hengcang.documents.drafts import LineDraft
from hengcang.identity.models import User
from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.kernel.errors import Refused
from hengcang.ledger.batch_changes import BatchDraft, correct_batch
from hengcang.partners.models import CustomerProfile, Partner
from hengcang.purchasing.actions import receipts
from hengcang.register.recall import customers_of, suppliers_of
from hengcang.register.verify import verify_books
from hengcang.sales.actions import deliveries, returns
from tests.api.clients import api_as
from tests.conftest import BookClient
from tests.documents.test_set_size import statements
from tests.documents.trade import reversed_
from tests.stock.batched import dairy
from tests.web.conftest import Login
from tests.web.masters.test_stock_and_money import text
from tests.worlds import TODAY, World, draft, line, target

LATER = TODAY + timedelta(days=90)


@pytest.fixture
def recalled(book: Book) -> World:
    """20 of L1 bought; 8 and 3 sold, 2 came back, a delivery of 4 was undone."""
    made = dairy()
    place, item = made.warehouses[0], made.items[0]
    bought = line(item, "20", "10", batch_no="L1", expiry_date=LATER, bin_code="A-1")
    saved = receipts.save_receipt(draft(place, [bought], partner=made.supplier), actor=SYSTEM)
    receipts.post_receipt(target(saved), actor=SYSTEM)
    sold(made, "8")
    other = Partner.objects.create(code="C002", name="临安小店")
    CustomerProfile.objects.create(partner=other, credit_days=1)
    delivery = sold(made, "3", other)
    back = LineDraft(
        item.pk,
        delivery.lines.get().quantity - 1,
        bin_code="A-1",
        source_line_id=delivery.lines.get().pk,
    )
    returned = returns.save_return(draft(place, [back], partner=other), actor=SYSTEM)
    returns.post_return(target(returned), actor=SYSTEM)
    reversed_(sold(made, "4"))
    return made


def sold(made: World, quantity: str, partner: Any = None) -> Any:
    filled = draft(
        made.warehouses[0],
        [line(made.items[0], quantity, "20")],
        partner=partner or made.customer,
    )
    saved = deliveries.save_delivery(filled, actor=SYSTEM)
    return deliveries.post_delivery(target(saved), actor=SYSTEM)


def test_who_has_the_goods_and_who_supplied_them(recalled: World) -> None:
    batch = Batch.objects.get()
    with statements() as seen:
        customers = customers_of(SYSTEM, batch.pk)
    assert len(seen) == 1
    told = {c.code: (c.moved, c.returned, c.still) for c in customers}
    assert told == {"C001": (8, 0, 8), "C002": (3, 2, 1)}
    (supplier,) = suppliers_of(SYSTEM, batch.pk)
    assert (supplier.code, supplier.moved, supplier.still) == ("V001", 20, 20)
    assert verify_books() == []


def test_a_salesperson_sees_the_own_customers_only(recalled: World) -> None:
    user = User.objects.create(username="other", name="别人")
    Partner.objects.filter(code="C001").update(salesperson=user)
    rights = frozenset({"stock.view", "sales_delivery.view"})
    seller = Actor(user.pk + 1, "小王", rights, None, own_partners_only=True)
    batch = Batch.objects.get()
    assert [c.code for c in customers_of(seller, batch.pk)] == ["C002"]
    assert suppliers_of(seller, batch.pk) == []
    far = Actor(9, "外仓", rights, frozenset({recalled.warehouses[1].pk}))
    assert customers_of(far, batch.pk) == []


def test_dates_are_corrected_with_a_reason_and_the_number_is_not(recalled: World) -> None:
    batch = Batch.objects.get()
    draft = BatchDraft("L1", None, LATER + timedelta(days=5), "包装日期看错")
    changed = correct_batch(batch.pk, 1, draft, actor=SYSTEM)
    assert (changed.expiry_date, changed.version) == (LATER + timedelta(days=5), 2)
    logged = AuditLine.objects.get(verb="batch.change")
    assert logged.facts["reason"] == "包装日期看错"
    assert logged.facts["changed"]["expiry_date"][0] == LATER.isoformat()
    for wrong, version, code in (
        (BatchDraft("L2", None, LATER, "改号"), 2, "batch_used"),
        (BatchDraft("L1", None, LATER, " "), 2, "reason_missing"),
        (BatchDraft("", None, LATER, "空"), 2, "field_missing"),
        (BatchDraft("L1", LATER, TODAY, "反了"), 2, "field_invalid"),
        (BatchDraft("L1", None, LATER, "旧"), 1, "stale_version"),
    ):
        with pytest.raises(Refused, match=code):
            correct_batch(batch.pk, version, wrong, actor=SYSTEM)
    unused = Batch.objects.create(item=recalled.items[0], batch_no="X1")
    unused.refresh_from_db()
    with pytest.raises(Refused, match="code_taken"):
        correct_batch(unused.pk, 1, BatchDraft("L1", None, None, "改号"), actor=SYSTEM)
    correct_batch(unused.pk, 1, BatchDraft("X2", None, None, "改号"), actor=SYSTEM)
    keeper = Actor(9, "李仓管", frozenset({"stock.view"}))
    with pytest.raises(Refused, match="forbidden"):
        correct_batch(unused.pk, 2, BatchDraft("X3", None, None, "改号"), actor=keeper)
    assert Batch.objects.get(pk=unused.pk).batch_no == "X2"


def test_the_pages(web: BookClient, recalled: World, login: Login) -> None:
    login("OWNER")
    batch = Batch.objects.get()
    assert "L1 S001" in text(web, "/batches/?q=l1")
    assert "没有这样的批次" in text(web, "/batches/?q=zz")
    said = text(web, f"/batches/{batch.pk}")
    assert "在客户处 9" in said
    assert "嘉兴鼎盛超市 C001 8 8" in said
    assert "XSCK202611-0001" in said
    page = f"/batches/{batch.pk}/change"
    form = {"made": "", "expiry": "2027-03-01", "reason": "看错", "version": "1"}
    assert web.post(page, form | {"reason": ""}).status_code == 422
    assert web.post(page, form | {"expiry": "2027-13-01"}).status_code == 422
    assert web.post(page, form | {"batch_no": "L7"}).status_code == 422
    assert Batch.objects.get().version == 1
    assert web.post(page, form).status_code == 302
    assert web.post(page, form).status_code == 409
    assert "2027-03-01" in text(web, f"/batches/{batch.pk}")
    assert web.get("/batches/99999").status_code == 404
    with statements() as seen:
        web.get(f"/batches/{batch.pk}")
    assert len(seen) <= 12
    login("STOREKEEPER")
    assert web.post(page, form | {"version": "2"}).status_code == 403


def test_the_api(book: Book, recalled: World) -> None:
    owner, keeper = api_as(book.code, "OWNER"), api_as(book.code, "STOREKEEPER")
    (row,) = owner.told("/batches?words=L1")["rows"]
    assert (row["batch_no"], row["on_hand"]) == ("L1", "11")
    root = f"/batches/{row['id']}"
    life = owner.told(root)
    assert {c["code"]: c["still"] for c in life["customers"]} == {"C001": "8", "C002": "1"}
    assert len(life["moves"]) == 6
    body = {"batch_no": "L1", "expiry_date": "2027-03-01", "reason": "看错", "version": 1}
    assert keeper.put(root, body).status_code == 403
    assert owner.put(root, body | {"batch_no": "L2"}).status_code == 409
    assert owner.put(root, body | {"reason": ""}).status_code == 422
    key = "6c1f0f7e-0d5e-4f0e-9f0e-1c1f0f7e0d5e"
    for _ in range(2):
        told = owner.put(root, body, Idempotency_Key=key)
        assert told.status_code == 200, told.content.decode()
        assert (told.json()["version"], told.json()["expiry_date"]) == (2, "2027-03-01")
    assert owner.put(root, body).status_code == 409
    assert owner.get("/batches/99999").status_code == 404
    bins = owner.told(f"/warehouses/{recalled.warehouses[0].pk}/bins")
    assert [b["code"] for b in bins] == ["A-1", "B-1"]
    assert owner.get("/warehouses/99999/bins").status_code == 404
