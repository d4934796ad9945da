"""What a client may get wrong: a clear Chinese sentence, the right status, nothing written."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from hengcang.books.models import Book
from hengcang.kernel.actor import SYSTEM
from hengcang.ledger.periods import close_period
from hengcang.partners.models import CustomerProfile, Partner
from tests.api.clients import Api, api_as, api_of, user_with
from tests.api.rows import nothing_written
from tests.worlds import TODAY, World

CHINESE = re.compile(r"[一-鿿]{2,}")


@dataclass
class Scene:
    """Who sends, and a sales order that would be good."""

    api: Api
    book: Book
    company: World

    def order(self, quantity: Any = "3", **header: Any) -> dict[str, Any]:
        return {
            "dated": "2026-11-10",
            "warehouse_id": self.company.warehouses[0].pk,
            "partner_id": self.company.customer.pk,
            "lines": [{"item_id": self.company.items[0].pk, "quantity": quantity}],
        } | header

    def with_literal(self, literal: str) -> str:
        """The order's JSON with a number written in the given way."""
        return json.dumps(self.order("?")).replace('"?"', literal)


@pytest.fixture
def scene(owner: Api, book: Book, company: World) -> Scene:
    return Scene(owner, book, company)


Sent = Callable[[Scene], Any]


def quantity(text: str) -> Sent:
    return lambda s: s.api.post("/sales-orders", s.order(text))


def literal(text: str) -> Sent:
    return lambda s: s.api.post("/sales-orders", s.with_literal(text))


def unknown_barcode(s: Scene) -> Any:
    lines = [
        {"item_id": s.company.items[0].pk, "quantity": "1"},
        {"barcode": "6901234567892", "quantity": "1"},
    ]
    return s.api.post("/sales-orders", s.order(lines=lines))


def closed_period(s: Scene) -> Any:
    return s.api.post(
        "/other-receipts",
        {
            "dated": "2026-09-15",
            "warehouse_id": s.company.warehouses[0].pk,
            "reason": "盘盈",
            "lines": [{"item_id": s.company.items[0].pk, "quantity": "1", "unit_cost": "5"}],
            "then": "post",
        },
    )


def many_lines(s: Scene) -> Any:
    line = {"item_id": s.company.items[0].pk, "quantity": "1"}
    return s.api.post("/sales-orders", s.order(lines=[line] * 1001))


def emoji_code(s: Scene) -> Any:
    return s.api.post("/items", {"code": "A😀1", "name": "笑脸", "base_uom": "个"})


def large_body(s: Scene) -> Any:
    return s.api.post("/sales-orders", b'{"note": "' + b"x" * 10 * 1024**2 + b'"}')


CASES = {
    "unknown barcode scanned": (
        lambda s: s.api.get("/items/by-barcode?barcode=6901234567892"),
        404, "barcode_unknown", "barcode",
    ),
    "unknown barcode on a line": (unknown_barcode, 422, "barcode_unknown", "lines.2.barcode"),
    "NaN": (quantity("NaN"), 422, "number_unreadable", "lines.1.quantity"),
    "NaN literal": (literal("NaN"), 422, "number_unreadable", "lines.1.quantity"),
    "Infinity literal": (literal("Infinity"), 422, "number_unreadable", "lines.1.quantity"),
    "full width": (quantity("１２"), 422, "number_unreadable", "lines.1.quantity"),
    "exponent": (quantity("1e5"), 422, "number_unreadable", "lines.1.quantity"),
    "exponent literal": (literal("1e5"), 422, "number_unreadable", "lines.1.quantity"),
    "minus zero": (quantity("-0"), 422, "number_negative_zero", "lines.1.quantity"),
    "minus zero literal": (literal("-0"), 422, "number_negative_zero", "lines.1.quantity"),
    "minus zero fraction": (literal("-0.0"), 422, "number_negative_zero", "lines.1.quantity"),
    "7 decimals": (quantity("1.0000001"), 422, "number_too_fine", "lines.1.quantity"),
    "7 decimals literal": (literal("1.0000001"), 422, "number_too_fine", "lines.1.quantity"),
    "true": (literal("true"), 422, "number_unreadable", "lines.1.quantity"),
    "null": (literal("null"), 422, "number_unreadable", "lines.1.quantity"),
    "zero": (quantity("0"), 422, "quantity_not_positive", "lines.1.quantity"),
    "negative": (quantity("-3"), 422, "quantity_not_positive", "lines.1.quantity"),
    "13 digits": (quantity("1" * 13), 422, "number_too_large", "lines.1.quantity"),
    "endless digits": (literal("1" * 5000), 422, "number_too_large", "lines.1.quantity"),
    "closed period": (closed_period, 409, "period_closed", "dated"),
    "1,001 lines": (many_lines, 422, "too_many_lines", "lines"),
    "emoji in a code": (emoji_code, 422, "code_invalid", "code"),
    "10 MB": (large_body, 413, "body_too_large", None),
    "no lines": (
        lambda s: s.api.post("/sales-orders", s.order(lines=[])), 422, "no_lines", "lines",
    ),
    "a date that is none": (
        lambda s: s.api.post("/sales-orders", s.order(dated="2026-02-30")),
        422, "date_unreadable", "dated",
    ),
    "a date written otherwise": (
        lambda s: s.api.post("/sales-orders", s.order(dated="2026/11/10")),
        422, "date_unreadable", "dated",
    ),
    "an unknown field": (
        lambda s: s.api.post("/sales-orders", s.order(qty=3)), 422, "field_invalid", "qty",
    ),
    "a missing field": (
        lambda s: s.api.post("/sales-orders", {}), 422, "fields_refused", None,
    ),
    "an unknown item": (
        lambda s: s.api.post("/sales-orders", s.order(lines=[{"item_id": 999, "quantity": 1}])),
        422, "item_unknown", "lines.1.item_id",
    ),
    "an id as text": (
        lambda s: s.api.post("/sales-orders", s.order(partner_id="1")),
        422, "field_invalid", "partner_id",
    ),
    "an id beyond every table": (
        lambda s: s.api.post("/sales-orders", s.order(partner_id=2**70)),
        422, "field_invalid", "partner_id",
    ),
    "a control character": (
        lambda s: s.api.post("/sales-orders", s.order(note="a\0b")), 422, "field_invalid", "note",
    ),
    "half a character": (
        lambda s: s.api.post("/sales-orders", '{"note": "\\ud800"}'),
        422, "fields_refused", None,
    ),
    "a note too long": (
        lambda s: s.api.post("/sales-orders", s.order(note="长" * 501)),
        422, "field_invalid", "note",
    ),
    "money beyond every column": (
        lambda s: s.api.post(
            "/sales-orders",
            s.order(lines=[{
                "item_id": s.company.items[0].pk,
                "quantity": "999999999999", "price": "999999999999",
            }]),
        ),
        422, "number_too_large", "lines.1.price",
    ),
    "no JSON": (
        lambda s: s.api.post("/sales-orders", "{"), 400, "body_unreadable", None,
    ),
    "JSON that is no object": (
        lambda s: s.api.post("/sales-orders", "[1]"), 400, "body_unreadable", None,
    ),
    "bytes that are no text": (
        lambda s: s.api.post("/sales-orders", b"\xff\xfe\xfa"), 400, "body_unreadable", None,
    ),
    "a very deep body": (
        lambda s: s.api.post("/sales-orders", "[" * 100_000), 400, "body_unreadable", None,
    ),
    "a key that is no UUID": (
        lambda s: s.api.post("/sales-orders", s.order(), idempotency_key="7"),
        422, "field_invalid", "Idempotency-Key",
    ),
    "a page mark made up": (
        lambda s: s.api.get("/sales-orders?next=abc"), 422, "field_invalid", "next",
    ),
    "a page too large": (
        lambda s: s.api.get("/sales-orders?limit=201"), 422, "field_invalid", "limit",
    ),
    "an unknown status": (
        lambda s: s.api.get("/sales-orders?status=x"), 422, "field_invalid", "status",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_bad_input(scene: Scene, case: str) -> None:
    send, status, code, field = CASES[case]
    if case == "closed period":
        close_period(date(2026, 9, 1), today=TODAY, actor=SYSTEM)
    with nothing_written():
        response = send(scene)
    problem = response.json()
    assert (response.status_code, problem["code"], problem.get("field")) == (status, code, field)
    assert CHINESE.search(problem["message"])
    assert "？" not in problem["message"], "a fact of the sentence is missing"
    assert response["Content-Type"].startswith("application/json")


def test_a_stale_version(scene: Scene) -> None:
    order = scene.api.made("/sales-orders", scene.order())
    path = f"/sales-orders/{order['id']}"
    change = scene.order("4", version=order["version"])
    assert scene.api.put(path, change).status_code == 200
    with nothing_written():
        answers = [
            scene.api.put(path, change),
            scene.api.post(f"{path}/approve", {"version": order["version"]}),
        ]
    for response in answers:
        assert (response.status_code, response.json()["code"]) == (409, "stale_version")
        assert "第 2 版" in response.json()["message"]
    assert scene.api.told(path)["lines"][0]["quantity"] == "4"


def test_the_same_key_with_the_same_body_is_the_same_document(scene: Scene) -> None:
    key = str(uuid4())
    first = scene.api.post("/sales-orders", scene.order(then="approve"), idempotency_key=key)
    with nothing_written():
        again = scene.api.post("/sales-orders", scene.order(then="approve"), idempotency_key=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    with nothing_written():
        in_body = scene.api.made("/sales-orders", scene.order(then="approve", client_uuid=key))
    assert in_body == first.json()


@pytest.mark.parametrize("other", [{"note": "另一张"}, {"then": "approve"}])
def test_the_same_key_with_another_body(scene: Scene, other: dict[str, Any]) -> None:
    key = str(uuid4())
    scene.api.made("/sales-orders", scene.order(), idempotency_key=key)
    with nothing_written():
        response = scene.api.post("/sales-orders", scene.order(**other), idempotency_key=key)
    assert (response.status_code, response.json()["code"]) == (422, "intent_reused")
    assert CHINESE.search(response.json()["message"])


def test_a_verb_is_done_once_for_one_key(scene: Scene) -> None:
    order = scene.api.made("/sales-orders", scene.order())
    path, key = f"/sales-orders/{order['id']}", str(uuid4())
    first = scene.api.made(f"{path}/approve", {"version": 1}, idempotency_key=key)
    with nothing_written():
        assert scene.api.made(f"{path}/approve", {"version": 1}, idempotency_key=key) == first
        other = scene.api.post(f"{path}/void", {"version": 1}, idempotency_key=key)
    assert (other.status_code, other.json()["code"]) == (422, "intent_reused")


def test_a_refused_intent_may_succeed_later(scene: Scene) -> None:
    key, body = str(uuid4()), scene.order(then="post")
    refused = scene.api.post("/sales-deliveries", body, idempotency_key=key)
    assert refused.status_code == 409
    item = scene.company.items[0].pk
    scene.api.made(
        "/other-receipts",
        {
            "dated": "2026-11-01",
            "warehouse_id": scene.company.warehouses[0].pk,
            "reason": "期初",
            "lines": [{"item_id": item, "quantity": "5", "unit_cost": "2"}],
            "then": "post",
        },
    )
    assert scene.api.made("/sales-deliveries", body, idempotency_key=key)["status"] == "posted"


def test_an_order_of_a_partner_out_of_scope(scene: Scene, book: Book) -> None:
    colleague = user_with("SALES", name="colleague")
    theirs = Partner.objects.create(code="C900", name="别人的客户", salesperson=colleague)
    CustomerProfile.objects.create(partner=theirs)
    order = scene.api.made("/sales-orders", scene.order(partner_id=theirs.pk))
    seller, path = api_as(book.code, "SALES"), f"/sales-orders/{order['id']}"
    with nothing_written():
        answers = [
            seller.get(path),
            seller.put(path, scene.order(version=1)),
            seller.post(f"{path}/submit", {"version": 1}),
            seller.get(f"{path}/timeline"),
            seller.post("/sales-orders", scene.order(partner_id=theirs.pk)),
        ]
    for response in answers:
        assert (response.status_code, response.json()["code"]) == (404, "not_found")
        assert CHINESE.search(response.json()["message"])
    assert answers[-1].json()["field"] == "partner_id"
    assert seller.told("/sales-orders")["rows"] == []
    assert api_of(book.code, colleague).told(path)["id"] == order["id"]


def test_all_wrong_lines_are_told_at_once(scene: Scene) -> None:
    good = {"item_id": scene.company.items[0].pk, "quantity": "1"}
    lines = [good, good | {"quantity": "1e5"}, good, good | {"price": "-1"}]
    problem = scene.api.post("/sales-orders", scene.order(lines=lines)).json()
    assert (problem["code"], problem["facts"]) == ("lines_refused", {"count": 2})
    assert [(e["field"], e["code"]) for e in problem["errors"]] == [
        ("lines.2.quantity", "number_unreadable"),
        ("lines.4.price", "amount_negative"),
    ]


def test_a_cost_beyond_every_column(scene: Scene) -> None:
    line = {"item_id": scene.company.items[0].pk, "quantity": "9" * 12, "unit_cost": "9" * 12}
    body = {
        "dated": "2026-11-10",
        "warehouse_id": scene.company.warehouses[0].pk,
        "reason": "盘盈",
        "lines": [line],
    }
    with nothing_written():
        problem = scene.api.post("/other-receipts", body).json()
    assert (problem["code"], problem["field"]) == ("number_too_large", "lines.1.unit_cost")
