"""Rows of a sheet as drafts, one per external number, and everything that is wrong on the way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID, uuid5

from hengcang.documents.drafts import OUTCOME_LABELS, Draft, LineDraft
from hengcang.integration.spreadsheets import cells
from hengcang.integration.spreadsheets.columns import Column, Named, Wrong
from hengcang.integration.spreadsheets.naming import (
    Following,
    Known,
    goods_called,
    id_called,
    unit_called,
)
from hengcang.kernel.errors import Refused
from hengcang.kernel.rounding import ZERO
from hengcang.register.kinds import Kind

T = TypeVar("T")
INTENTS = UUID("6f1d3f0e-52f4-5b6e-9a55-3f2c8a1f0d11")
TEXTS = {
    "external_no": 60,
    "reason": 200,
    "note": 500,
    "responsible": 80,
    "carrier": 60,
    "tracking_no": 60,
    "line_note": 200,
    "batch_no": 40,
    "bin_code": 40,
}
HEAD_TEXTS = ("external_no", "reason", "note", "responsible", "carrier", "tracking_no")
OUTCOMES = {label: each.value for each, label in OUTCOME_LABELS.items()}
NO_ITEM = 0


@dataclass(frozen=True, slots=True)
class Origin:
    """Of which kind the documents are, with which columns, out of which file."""

    kind: Kind
    columns: Sequence[Column]
    digest: str


@dataclass
class Group:
    """The rows of one document. `draft` None: nothing to save. `rows`: those of its lines."""

    key: str
    first: int
    draft: Draft | None = None
    rows: list[int] = field(default_factory=list)


@dataclass
class Reading:
    """What was understood so far, and what must be mended."""

    origin: Origin
    known: Known
    groups: list[Group] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)

    def label(self, key: str) -> str:
        return next((each.label for each in self.origin.columns if each.key == key), key)

    def refuse(self, row: int, key: str, text: str, refusal: Refused) -> None:
        self.wrong.append(Wrong(row, self.label(key), text, refusal))

    def read(self, row: Named, key: str, reader: Callable[[str], T], empty: T) -> T:
        """The cell as a value, or `empty` where it says nothing or something wrong."""
        text = row.cells.get(key, "")
        if not text or key in row.formulas:
            return empty
        try:
            return reader(text)
        except Refused as refusal:
            self.refuse(row.number, key, text, refusal)
            return empty


def read_groups(origin: Origin, known: Known, rows: Sequence[Named]) -> Reading:
    """Every row is checked; documents stand in the order of their first rows."""
    found = Reading(origin, known)
    by_key: dict[str, list[Named]] = {}
    for row in rows:
        _refuse_formulas(found, row)
        by_key.setdefault(row.cells.get("external_no", ""), []).append(row)
    for key, members in by_key.items():
        found.groups.append(_group(found, key, members))
    return found


def _refuse_formulas(found: Reading, row: Named) -> None:
    for key in sorted(row.formulas):
        found.refuse(row.number, key, row.cells[key], Refused("cell_formula"))


def _group(found: Reading, key: str, members: Sequence[Named]) -> Group:
    first = members[0]
    head = _head(found, first)
    for row in members[1:]:
        _refuse_differences(found, first, row)
    group = Group(key, first.number)
    following = Following(found.known, found.origin.kind)
    lines: list[LineDraft] = []
    for row in members:
        before = len(found.wrong)
        line = _line(found, row, following)
        if len(found.wrong) == before:
            lines.append(line)
            group.rows.append(row.number)
    if head is not None and lines:
        intent = uuid5(INTENTS, f"{found.origin.kind.code}:{found.origin.digest}:{key}")
        group.draft = Draft(client_uuid=intent, lines=tuple(lines), **head)
    return group


def _refuse_differences(found: Reading, first: Named, row: Named) -> None:
    """A later row of a document says the same of it as the first, or nothing."""
    for column in found.origin.columns:
        here, there = row.cells.get(column.key, ""), first.cells.get(column.key, "")
        if column.is_head and here and here != there:
            refusal = Refused(
                "differs_in_group",
                first=first.number,
                other=there[:40] or "空",
                what=column.label,
            )
            found.refuse(row.number, column.key, here, refusal)


def _head(found: Reading, row: Named) -> dict[str, Any] | None:
    """The columns of the draft; None when one of them cannot be read."""
    before = len(found.wrong)
    for column in found.origin.columns:
        if column.is_head and column.required and not row.cells.get(column.key):
            refusal = Refused("field_missing", what=column.label)
            found.refuse(row.number, column.key, "", refusal)
    head: dict[str, Any] = {
        "dated": found.read(row, "dated", cells.day, date.min),
        "warehouse_id": _id(found, row, "warehouse") or 0,
        "partner_id": _id(found, row, "partner"),
        "to_warehouse_id": _id(found, row, "to_warehouse"),
        "channel_id": _id(found, row, "channel"),
        "salesperson_id": _id(found, row, "salesperson"),
        "due_date": found.read(row, "due_date", cells.day, None),
        "valid_until": found.read(row, "valid_until", cells.day, None),
        "prices_include_tax": _word(found, row, "prices_include_tax", cells.TAX, "1") == "1",
        "outcome": _word(found, row, "outcome", OUTCOMES, ""),
        **{key: _text(found, row, key) for key in HEAD_TEXTS},
    }
    return head if len(found.wrong) == before else None


def _line(found: Reading, row: Named, following: Following) -> LineDraft:
    """The line of a row; whether it is right, `found.wrong` tells."""
    for column in found.origin.columns:
        if not column.is_head and column.required and not row.cells.get(column.key):
            refusal = Refused("field_missing", what=column.label)
            found.refuse(row.number, column.key, "", refusal)
    goods = found.read(row, "item", lambda text: goods_called(found.known, text), None)
    unit, source = None, None
    if goods is not None:
        unit = found.read(row, "uom", lambda text: unit_called(goods, text), goods.unit.id)
        source = found.read(
            row, "source_no", lambda text: following.line(text.upper(), goods.item_id), None
        )
    mark = _word(found, row, "mark", cells.MARKS, "")
    direction = _word(found, row, "direction", cells.DIRECTIONS, "")
    return LineDraft(
        item_id=goods.item_id if goods else NO_ITEM,
        item_uom_id=unit,
        source_line_id=source,
        quantity=found.read(row, "quantity", cells.quantity, ZERO),
        price=found.read(row, "price", cells.price, None),
        discount_rate=found.read(row, "discount_rate", cells.rate, Decimal(100)),
        tax_rate=found.read(row, "tax_rate", cells.rate, None),
        unit_cost=found.read(row, "unit_cost", cells.price, None),
        due_date=found.read(row, "line_due", cells.day, None),
        mfg_date=found.read(row, "mfg_date", cells.day, None),
        expiry_date=found.read(row, "expiry_date", cells.day, None),
        batch_no=_text(found, row, "batch_no"),
        bin_code=_text(found, row, "bin_code"),
        note=_text(found, row, "line_note"),
        stock_status=_word(found, row, "stock_status", cells.STATUSES, "" if direction else "good"),
        direction=direction,
        is_gift=mark == "gift",
        is_sample=mark == "sample",
    )


def _id(found: Reading, row: Named, key: str) -> int | None:
    what = found.label(key)
    return found.read(row, key, lambda text: id_called(found.known, key, text, what), None)


def _text(found: Reading, row: Named, key: str) -> str:
    what, length = found.label(key), TEXTS[key]
    return found.read(row, key, lambda text: cells.short_text(text, what, length), "")


def _word(found: Reading, row: Named, key: str, choices: dict[str, str], empty: str) -> str:
    return found.read(row, key, lambda text: cells.chosen(text, choices), empty)
