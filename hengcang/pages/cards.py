"""Detail cards, the item ledger, the home page and answers of small boxes. Plain data."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from hengcang.pages.bars import Bars
from hengcang.pages.editor import Event, Fact, Link, Uom
from hengcang.pages.forms import Field
from hengcang.pages.tables import Pill, Table, Tone


@dataclass(frozen=True, slots=True)
class Kpi:
    """A figure that is a link: 可用 366 盏."""

    label: str
    text: str
    note: str = ""
    tone: Tone = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """Context name `card`, template pages/card.html: an item, a partner, a warehouse."""

    title: str
    subtitle: str = ""
    pill: Pill = ""
    pill_label: str = ""
    actions: Sequence[Link] = ()  # kind_label is the button's text, number its icon
    edit_url: str = ""
    kpis: Sequence[Kpi] = ()
    facts: Sequence[Fact] = ()
    tables: Sequence[Table] = ()
    timeline: Sequence[Event] = ()


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A movement with the balance after it. Amounts are "" for those who may not see cost."""

    dated: str
    kind_label: str
    number: str
    url: str
    partner: str = ""
    quantity_in: str = ""
    amount_in: str = ""
    quantity_out: str = ""
    amount_out: str = ""
    quantity: str = ""
    unit_cost: str = ""
    amount: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Context name `ledger`, templates pages/ledger.html and, for htmx, pages/_ledger.html."""

    title: str
    subtitle: str
    url: str
    filters: Sequence[Field]
    rows: Sequence[LedgerRow]
    opening_quantity: str = ""
    opening_amount: str = ""
    total_in: str = ""
    total_in_amount: str = ""
    total_out: str = ""
    total_out_amount: str = ""
    closing_quantity: str = ""
    closing_amount: str = ""
    with_cost: bool = True
    agrees: bool = True  # the closing balance equals the stock table
    checked_at: str = ""
    next_url: str = ""
    export_url: str = ""
    item_url: str = ""
    chosen: bool = True  # False: no item chosen yet, the page asks for one


@dataclass(frozen=True, slots=True)
class Todo:
    """Something that waits for this user."""

    text: str
    url: str
    note: str = ""
    tone: str = ""  # "", warn or bad


@dataclass(frozen=True, slots=True)
class Home:
    """Context name `home`, template pages/home.html."""

    greeting: str
    summary: str
    quick: Sequence[Link] = ()  # the last is the main one
    kpis: Sequence[Kpi] = ()
    bars: Bars | None = None
    todos: Sequence[Todo] = ()
    tables: Sequence[Table] = ()
    books_agree: bool | None = None  # the light: what verify_books said last
    checked_at: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An option of the item typeahead, pages/_suggest.html (context `items`, at most 12)."""

    id: str
    code: str
    name: str
    spec: str
    uoms: Sequence[Uom]
    uom: str = ""  # the unit's id, where a unit's barcode was read
    price: str = ""  # the price this partner pays
    why: str = ""  # where that price comes from
    last: str = ""  # what this partner paid last
    available: str = ""  # base unit, without the unit's name
    unit: str = ""
    tone: str = ""
    tax: str = ""
    exact: bool = False  # code or barcode equals the text

    @property
    def uoms_json(self) -> str:
        """The units as the option carries them."""
        return json.dumps(self._units(), ensure_ascii=False, separators=(",", ":"))

    def answer(self) -> dict[str, object]:
        """The same as JSON, for the resolve address."""
        shown = ("id", "code", "name", "spec", "uom", "price", "why", "last", "available", "tone")
        texts = {name: getattr(self, name) for name in (*shown, "tax")}
        return {**texts, "uoms": self._units()}

    def _units(self) -> list[dict[str, str]]:
        return [{"id": uom.id, "name": uom.name, "price": uom.price} for uom in self.uoms]


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a pick-box, pages/_options.html (context `options`, at most 12)."""

    id: str
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A line of the Ctrl+K palette, pages/_palette.html (context `groups`: label → hits)."""

    label: str
    url: str
    note: str = ""
