"""What a person does on the pages, in a few words: choose, fill in, press, follow, read."""

import re
from dataclasses import dataclass
from decimal import Decimal

from playwright.sync_api import Locator, Page, expect

from tests.e2e.company import LETTERS


def choose(page: Page, box: Locator, text: str) -> None:
    """Types 拼音 initials into a box and takes the best hit."""
    box.click()
    box.fill("")
    page.keyboard.type(LETTERS[text])
    hit = page.locator("ul.sug:not([hidden]) [aria-selected=true]").first
    expect(hit).to_contain_text(text)
    page.keyboard.press("Enter")
    expect(box).to_have_value(text)


def fill_head(page: Page, **fields: str) -> None:
    """Fields above the lines by their names; some are chosen, selects by what they show."""
    for name, value in fields.items():
        box = page.locator(f"#f-{name}")
        if name in ("partner", "product"):
            choose(page, box, value)
        elif box.evaluate("e => e.tagName") == "SELECT":
            box.select_option(label=value)
        else:
            box.fill(value)


@dataclass(frozen=True)
class Goods:
    """One line as a person fills it in; `more` are other cells by name."""

    item: str
    quantity: str
    more: tuple[tuple[str, str], ...] = ()


def new(page: Page, plural: str, head: dict[str, str], *lines: Goods) -> None:
    """A new document of a kind, filled in but not sent."""
    page.goto(f"{plural}/new")
    fill_head(page, **head)
    for n, goods in enumerate(lines):
        add(page, n, goods)


def _fill_row(page: Page, n: int, goods: Goods) -> None:
    for name, value in (("quantity", goods.quantity), *goods.more):
        page.locator(f"[name=lines-{n}-{name}]").fill(value)


def add(page: Page, n: int, goods: Goods) -> None:
    """A line in row n, from 0, which is empty."""
    choose(page, page.locator(f"[name=lines-{n}-typed]"), goods.item)
    _fill_row(page, n, goods)


def edit(page: Page, *lines: Goods) -> None:
    """Of the lines that stand there only these, with these figures."""
    wanted = {goods.item: goods for goods in lines}
    names = [box.input_value() for box in page.locator("[data-k=item]").all()]
    for n, name in enumerate(names):
        if name in wanted:
            _fill_row(page, n, wanted[name])
        elif name:
            page.locator(f"#line-{n} button.x").click()


def send(page: Page, status: str) -> str:
    """Ctrl+Enter: the document has its number, which is returned, and the status."""
    expect(page.locator("form#doc")).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("Control+Enter")
    try:
        expect(page.locator(".title .pill").first).to_have_text(status)
    except AssertionError as wrong:
        told = page.locator("[role=alert], .tip, .err").all_inner_texts()
        raise AssertionError(f"{page.url}: {told}") from wrong
    return number(page)


def menu(page: Page, label: str) -> None:
    """An entry of the menu at the side."""
    if not page.locator("nav.side").count():
        page.goto("")
    named = page.locator("a").filter(has=page.get_by_text(label, exact=True))
    group = page.locator("nav.side details:not([open])", has=named)
    if group.count():
        group.locator("summary").click()
    page.locator("nav.side").locator(named).click()
    expect(page.locator("h1")).to_have_text(label)


def number(page: Page) -> str:
    return page.locator("h1").inner_text().split()[-1]


def press(page: Page, label: str) -> None:
    """A button or link of the title."""
    starts = re.compile(rf"^\s*{label}")
    page.locator(".title .btn").filter(has_text=starts).first.click()


def follow(page: Page, plural: str, found: str, label: str, **head: str) -> None:
    """Opens a document by its number and what follows from it, as proposed, with another head."""
    open_document(page, plural, found)
    press(page, label)
    expect(page.locator("h1")).to_contain_text("新建")
    fill_head(page, **head)


def open_document(page: Page, plural: str, found: str) -> None:
    """From the list, by clicking on its number."""
    page.goto(f"{plural}/")
    page.get_by_role("link", name=found, exact=True).click()
    expect(page.locator("h1")).to_contain_text(found)


def row(page: Page, *texts: str, without: str | None = None) -> Locator:
    """The one row of a table on the page that says all of these, and not that."""
    found = page.locator("tbody tr").filter(has_not_text=without)
    for text in texts:
        found = found.filter(has_text=text)
    expect(found).to_have_count(1)
    return found


def figures(found: Locator, *columns: str) -> list[Decimal]:
    """The figures of a row by column label; an empty cell is nothing."""
    texts = [found.locator(f"td[data-label='{label}']").inner_text() for label in columns]
    return [plain(text) for text in texts]


def plain(text: str) -> Decimal:
    """A shown figure as a number; what is said below it is left out."""
    first = text.strip().partition("\n")[0]
    shown = re.match(r"-?[\d,.]+", first.replace("¥", "").strip())
    return Decimal(shown[0].replace(",", "") if shown else 0)


def statuses(page: Page, plural: str) -> list[str]:
    """What the list of a kind says of each of its documents, in order of the words."""
    page.goto(f"{plural}/")
    return sorted(page.locator("tbody td.c-status").all_inner_texts())
