"""One document as the editor shows it: new, saved, or as typed with what is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.urls import reverse

from hengcang.documents.flow import STATUS_LABELS, Status
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import strict_money
from hengcang.kernel.rounding import ZERO
from hengcang.pages.editor import Columns, Difference, Doc, Impact, Line
from hengcang.pages.forms import Field
from hengcang.register.kinds import Kind
from hengcang.web.documents import (
    around,
    costs,
    grid,
    heads,
    over_prices,
    products,
    promises,
    supplier_offers,
)
from hengcang.web.documents.goods_cells import PLACE
from hengcang.web.documents.grid import Setting
from hengcang.web.documents.heads import Head
from hengcang.web.documents.layouts import (
    DISCOUNTED,
    LAYOUTS,
    STATES_COST,
    columns_of,
    posted_columns,
)
from hengcang.web.documents.refusals import Told
from hengcang.web.documents.rows import Row
from hengcang.web.masters import words
from hengcang.web.masters.links import PILLS
from hengcang.web.reading import day_of, id_of

DRAFT = Status.DRAFT.value
GIVEN_BACK = frozenset({"sales_return", "sales_exchange"})


@dataclass
class Sheet:
    """What is to be shown: head and rows as texts, and the stored document if there is one."""

    kind: Kind
    head: Head
    rows: Sequence[Row]
    document: Any | None = None
    lines: Sequence[Any] = ()  # of the stored document
    intent: str = field(default_factory=lambda: str(uuid4()))
    version: str = ""
    told: Told = field(default_factory=Told)
    saved: str = ""
    impact: Impact | None = None
    differences: Sequence[Difference] = ()
    changed_by: str = ""


def is_editable(actor: Actor, kind: Kind, document: Any | None, rows: Sequence[Row]) -> bool:
    """Whether the person may write this document, and sees every figure that writing needs."""
    if not actor.may(f"{kind.code}.save"):
        return False
    if document is not None and document.status != DRAFT:
        return False
    if document is not None and products.hides_extra(actor, document):
        return False
    if kind.code in STATES_COST:
        return editable_columns(actor, kind, document).price
    states_cost = kind.code in GIVEN_BACK and any(row["unit_cost"] for row in rows)
    return not states_cost or bool(editable_columns(actor, kind, document).unit_cost_label)


def editable_columns(actor: Actor, kind: Kind, document: Any | None) -> Columns:
    own = document is None or document.created_by_id == actor.id
    return columns_of(actor, kind, typed_by_actor=own)


def doc_of(actor: Actor, sheet: Sheet) -> Doc:
    """Context `doc` of the editor's templates."""
    if is_editable(actor, sheet.kind, sheet.document, sheet.rows):
        return _editable(actor, sheet)
    return _readonly(actor, sheet)


def _editable(actor: Actor, sheet: Sheet) -> Doc:
    kind, layout = sheet.kind, LAYOUTS[sheet.kind.code]
    offered = heads.choices(actor, kind, sheet.head)
    columns = editable_columns(actor, kind, sheet.document)
    if len(offered.warehouses) == 1:
        columns = replace(columns, goods=tuple(c for c in columns.goods if c != PLACE))
    at = setting_of(actor, sheet, columns)
    known = grid.known_of(sheet.rows, at)
    columns = replace(_with_content(at.columns, known), price_why=_weighs(at, known))
    told = sheet.told
    partner_id = id_of(sheet.head.get("partner", "")) if kind.role else None
    return replace(
        _frame(actor, sheet),
        fields=heads.fields(kind, sheet.head, offered, told.fields),
        lines=over_prices.warned(
            _with_offers(
                grid.lines_of(sheet.rows, at, known, _visible(told, columns)), sheet.rows, at
            ),
            sheet.rows,
            at,
            known,
        ),
        columns=columns,
        bill_discount=_typed_off(sheet, "bill_discount", columns),
        rounding_off=_typed_off(sheet, "rounding_off", columns),
        discount_carried=_carried(sheet) if columns.price else "",
        totals=grid.totals_of(sheet.rows, at),
        side=around.side(actor, kind, partner_id, new=sheet.document is None),
        side_url=reverse("document-side", args=[kind.plural]) if kind.role else "",
        price_has_tax=at.includes_tax,
        suggest_url=reverse("suggest-items", args=[kind.plural]),
        resolve_url=reverse("resolve-items", args=[kind.plural]),
        stock_url=reverse("peek-stock") if actor.may("stock.view") else "",
        prices_url=reverse("peek-prices", args=[kind.plural]) if layout.columns.last_price else "",
        errors=told.above,
        differences=sheet.differences,
        changed_by=sheet.changed_by,
        impact=sheet.impact,
    )


def _with_offers(lines: Sequence[Line], rows: Sequence[Row], at: Setting) -> list[Line]:
    """The lines, each with what is said of its price beside it."""
    said = supplier_offers.said(rows, at)
    return [
        replace(line, last_price=text) if text else line
        for line, text in zip(lines, said, strict=True)
    ]


def setting_of(actor: Actor, sheet: Sheet, columns: Columns) -> Setting:
    head = sheet.head
    return Setting(
        actor,
        sheet.kind,
        columns,
        warehouse_id=id_of(head.get("warehouse", "")),
        partner_id=id_of(head.get("partner", "")) if sheet.kind.role else None,
        includes_tax=head.get("prices_include_tax", "1") == "1",
        on=_day(head.get("dated", "")),
        off=ZERO if _is_untouched(sheet) else _off(head),
        proposes=not _is_untouched(sheet),
    )


def _off(head: Head) -> Decimal:
    """What the head takes off the whole, as far as it can be read."""
    off = ZERO
    for name in heads.OFF:
        try:
            off += strict_money(head.get(name, "") or "0")
        except Refused:
            continue
    return off


def _carried(sheet: Sheet) -> str:
    """What the sources' discounts take off this document; empty for nothing."""
    carried: Decimal = getattr(sheet.document, "discount_carried", ZERO)
    if sheet.document is None:
        carried = sum((grid.share_of(row) for row in sheet.rows), ZERO)
    return words.money(carried) if carried else ""


def _is_untouched(sheet: Sheet) -> bool:
    """A stored document that is opened, not one that is being written."""
    told = sheet.told
    touched = sheet.saved or told.fields or told.lines or told.above or sheet.differences
    return sheet.document is not None and not touched


def _day(text: str) -> date | None:
    """The day in the head, or None while it cannot be read."""
    try:
        return day_of(text, "dated")
    except Refused:
        return None


def _with_content(columns: Columns, known: grid.Known) -> Columns:
    """Lines that follow another document show what is open of it; others what was paid last."""
    if known.open:
        return replace(columns, last_price=False)
    return replace(columns, open_label="")


def _weighs(at: Setting, known: grid.Known) -> bool:
    """Whether prices are weighed here: against what the customer pays, against cost."""
    return at.proposes and at.columns.price_why and (not known.open or any(known.costs))


def _visible(told: Told, columns: Columns) -> dict[int, dict[str, str]]:
    """A sentence about a cell that is not on the page stands at the item."""
    shown = {"item", "uom", "quantity", "note"}
    if columns.price:
        shown |= {"price", "discount"} | ({"tax_rate"} if columns.tax else set())
    if columns.unit_cost_label:
        shown.add("unit_cost")
    if columns.due_label:
        shown.add("due_date")
    shown |= {column.name for column in columns.goods}
    if columns.direction:
        shown.add("direction")
    return {
        number: {name if name in shown else "item": text for name, text in cells.items()}
        for number, cells in told.lines.items()
    }


def _readonly(actor: Actor, sheet: Sheet) -> Doc:
    kind, document = sheet.kind, sheet.document
    assert document is not None
    at = setting_of(actor, sheet, posted_columns(actor, kind, sheet.rows))
    lines: Sequence[Line] = grid.lines_of(sheet.rows, at, grid.Known(), {})
    if at.columns.cost and document.status != DRAFT:
        lines, columns = costs.with_costs(actor, document, lines, sheet.rows), at.columns
    else:
        columns = replace(at.columns, cost=False, margin=False)
    lines, columns = promises.with_promises(actor, document, sheet.lines, lines, columns)
    totals = costs.totals_with_costs(
        grid.totals_of(sheet.rows, at), lines, grid.net_of(sheet.rows, at)
    )
    told = sheet.told
    errors = [*told.above, *told.fields.values()]
    errors += [text for cells in told.lines.values() for text in cells.values()]
    return replace(
        _frame(actor, sheet),
        fields=_read_fields(kind, sheet.head),
        lines=lines,
        columns=columns,
        bill_discount=_given_off(sheet, "bill_discount", columns),
        rounding_off=_given_off(sheet, "rounding_off", columns),
        discount_carried=_carried(sheet) if columns.price else "",
        readonly=True,
        saveable=False,
        totals=totals,
        side=around.side(actor, kind, at.partner_id, new=False),
        errors=errors,
    )


def _typed_off(sheet: Sheet, name: str, columns: Columns) -> str | None:
    """A cell below the lines that takes an amount off the whole, where the kind has one."""
    has_one = columns.price and sheet.kind.code in DISCOUNTED
    return sheet.head.get(name, "") if has_one else None


def _given_off(sheet: Sheet, name: str, columns: Columns) -> str | None:
    """What was taken off the whole, if anything was."""
    return (sheet.head.get(name) or None) if columns.price else None


def _read_fields(kind: Kind, head: Head) -> list[Field]:
    return heads.fields(kind, head, heads.chosen(kind, head), {})


def _has_chain(sheet: Sheet) -> bool:
    """Nothing follows a draft: it has only what its own lines follow."""
    assert sheet.document is not None
    born = sheet.kind.code in around.BORN_OF_OTHERS
    return born or sheet.document.status != DRAFT or any(row["source"] for row in sheet.rows)


def _frame(actor: Actor, sheet: Sheet) -> Doc:
    """What new, saved and posted documents have alike."""
    kind, document = sheet.kind, sheet.document
    save_url = reverse("document-new", args=[kind.plural])
    if document:
        save_url = reverse("document", args=[kind.plural, document.pk])
    status = document.status if document else DRAFT
    return Doc(
        kind=kind.plural,
        kind_label=kind.label,
        save_url=save_url,
        fields=(),
        number=(document.number or "") if document else "",
        status_label=STATUS_LABELS[Status(status)],
        status_class=PILLS[status],
        version=sheet.version,
        intent=sheet.intent,
        verbs=around.verbs(actor, kind, document),
        links=around.links(actor, kind, document, sheet.lines),
        new_url=reverse("document-new", args=[kind.plural])
        if actor.may(f"{kind.code}.save")
        else "",
        due_label=LAYOUTS[kind.code].amount_label,
        chain=around.chain(actor, kind, document) if document and _has_chain(sheet) else (),
        timeline=around.events(actor, kind, document.pk) if document else (),
        saved=sheet.saved,
        print_url=f"{save_url}/print?now=1" if document else "",
        files_url=f"{save_url}/attachments" if document else "",
    )
