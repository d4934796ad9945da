"""No figure of cost reaches who may not see it, at any address of the API."""

import json
import re
from typing import Any

import pytest

from hengcang.books.models import Book
from hengcang.identity.models import Role, User
from hengcang.identity.permissions import PERMISSIONS
from tests.api.clients import Api, api_as, api_of
from tests.api.walks import Shop, filled, operations
from tests.worlds import World

# Bought 9 × 7.77 and found 4 × 8.13: 102.45 for 13. 3 left at 23.64, 1 came back at 7.88.
COSTS = {"7.77", "69.93", "7.31", "32.52", "23.64", "7.88", "102.45"}
# 3 sold at 20 and one in exchange; quantities and rates are whole here.
NOT_COSTS = {
    "60.00",
    "80.00",
    "20.00",
    "40.00",
    "-20.00",
    "0.00",
    "33.3",
}  # 33.3 % came back of a sale
FRACTION = re.compile(r"-?\d+\.\d+")


@pytest.fixture
def shop(owner: Api, company: World) -> Shop:
    return filled(owner, company)


def fractions(answer: Any) -> set[str]:
    """Every number with decimals, wherever it stands: as a value or inside a sentence."""
    if isinstance(answer, dict):
        told = {name: value for name, value in answer.items() if name not in ("at", "seconds")}
        times = {name for name in told if name.endswith("_at")}
        return {f for n, v in told.items() if n not in times for f in fractions(v)}
    if isinstance(answer, list):
        return {f for value in answer for f in fractions(value)}
    return set(FRACTION.findall(json.dumps(answer, ensure_ascii=False)))


def seen_by(api: Api, shop: Shop) -> tuple[set[str], int]:
    """All fractions that GET addresses told, and how many addresses answered."""
    found: set[str] = set()
    answered = 0
    for operation in operations():
        if operation.method != "GET":
            continue
        for address in shop.addresses(operation):
            response = api.get(address)
            assert response.status_code in (200, 403, 404), (address, response.content.decode())
            answered += response.status_code == 200
            found |= fractions(response.json())
    return found, answered


def without_cost(book: Book) -> Api:
    """Every permission there is, and no field class."""
    role = Role.objects.create(code="ALL", name="全部", permissions=sorted(PERMISSIONS))
    user = User.objects.create(username="all", name="all", password="!")
    user.roles.add(role)
    return api_of(book.code, user)


def test_the_owner_sees_them(owner: Api, shop: Shop) -> None:
    found, answered = seen_by(owner, shop)
    assert found >= COSTS
    assert answered >= 40


def test_a_storekeeper_sees_none(book: Book, shop: Shop) -> None:
    found, answered = seen_by(api_as(book.code, "STOREKEEPER"), shop)
    assert found <= NOT_COSTS
    assert answered >= 30


def test_all_permissions_without_the_field_class_see_none(book: Book, shop: Shop) -> None:
    found, answered = seen_by(without_cost(book), shop)
    assert found <= NOT_COSTS
    assert answered >= 40


def test_refusals_and_answers_to_writes_tell_none(book: Book, shop: Shop) -> None:
    api = without_cost(book)
    receipt = f"/purchase-receipts/{shop.ids['purchase-receipts']}"
    version = api.told(receipt)["version"]
    answers = [
        api.post(f"{receipt}/reverse", {"version": version, "reason": "错"}),
        api.post(f"/purchase-receipts/{shop.draft_receipt}/post", {"version": 1}),
        api.post(f"{receipt}/void", {"version": version}),
        api.post(
            f"/sales-deliveries/{shop.ids['sales-deliveries']}/returns", {"dated": "2026-11-20"}
        ),
    ]
    assert {response.status_code for response in answers} <= {200, 201, 409}
    for response in answers:
        assert fractions(response.json()) <= NOT_COSTS
