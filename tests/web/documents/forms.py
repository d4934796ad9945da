"""What the editor posts, for tests."""

import re
from typing import Any
from uuid import uuid4

from tests.conftest import BookClient
from tests.worlds import World

DAY = "2026-11-24"


def form(made: World, kind: str, *lines: dict[str, str], **head: str) -> dict[str, str]:
    """The form of a kind (its plural) with these lines; named values stand in the head."""
    partner = made.supplier if kind.startswith("purchase") else made.customer
    posted = {
        "intent": str(uuid4()),
        "version": "",
        "reason": "",
        "verb": "save",
        "partner": str(partner.pk),
        "partner_typed": partner.name,
        "warehouse": str(made.warehouses[0].pk),
        "dated": DAY,
        "prices_include_tax": "1",
        "why": "盘盈",
    } | head
    for index, line in enumerate(lines):
        posted |= {f"lines-{index}-{name}": value for name, value in line.items()}
    return posted


def line(made: World, quantity: str = "10", price: str = "20", item: int = 0) -> dict[str, str]:
    """One line of the item in its base unit."""
    found = made.items[item]
    return {
        "item": str(found.pk),
        "typed": found.name,
        "uom": "",
        "quantity": quantity,
        "price": price,
        "discount": "100",
    }


def htmx(web: BookClient, path: str, posted: dict[str, str]) -> Any:
    """A post as the page makes it."""
    return web.post(path, posted, headers={"HX-Request": "true"})


def saved_id(answer: Any) -> int:
    """The id of the document that the answer leads to."""
    match = re.fullmatch(r".*/(\d+)", answer.headers["HX-Redirect"])
    assert match, answer.content.decode()
    return int(match[1])


def saved(web: BookClient, path: str, posted: dict[str, str]) -> int:
    """Posts, and the id of the document made."""
    answer = htmx(web, path, posted)
    assert answer.status_code == 200, told(answer)
    return saved_id(answer)


def told(answer: Any) -> str:
    """What the answer says is wrong: sentences above, in fields and in cells."""
    page = answer.content.decode()
    alerts = re.findall(r'role="alert">.*?</div></div>', page, re.DOTALL)
    tips = re.findall(r'<span class="(?:tip|err)"[^>]*>(.*?)</span>', page)
    return re.sub(r"<[^>]+>", " ", " ".join(alerts)) + " ".join(tips)


def cell_error(answer: Any, index: int, column: str) -> str:
    """The sentence under a cell; "" when there is none."""
    page = answer.content.decode()
    match = re.search(rf'id="tip-{index}-{column}">([^<]*)<', page)
    return match[1] if match else ""


def field_error(answer: Any, name: str) -> str:
    """The sentence under a field of the head; "" when there is none."""
    match = re.search(rf'id="e-{name}">([^<]*)<', answer.content.decode())
    return match[1] if match else ""


def source_id(web: BookClient, path: str) -> str:
    """The hidden source line of the first line a page proposes."""
    page = web.get(path).content.decode()
    match = re.search(r'name="lines-0-source"[^>]*value="(\d+)"', page)
    assert match
    return match[1]
