"""Where on the form a refusal is told: at a field, in a cell, or above everything."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.refusals import HTTP_STATUS, sentence
from hengcang.register.kinds import Kind
from hengcang.web.documents.layouts import LAYOUTS, STATES_COST
from hengcang.web.documents.products import PRODUCT
from hengcang.web.documents.rows import Row

HEAD = frozenset(
    {"dated", "due_date", "valid_until", "channel", "salesperson"}
    | {"partner", "warehouse", "external_no", "note"}
    | {"to_warehouse", "outcome", "responsible"}
    | set(PRODUCT)
)
CELL = re.compile(r"lines\.(\d+)\.([a-z_]+)", re.ASCII)
CELLS = {
    "warehouse": "place",
    "source_line": "item",
    "discount_rate": "discount",
    "item_uom": "uom",
}
PIECES = "serials"
CONFLICT = 409
INVALID = 422


@dataclass
class Told:
    """Sentences by field, by line number (from 1) and column, and those that have no place."""

    fields: dict[str, str] = field(default_factory=dict)
    lines: dict[int, dict[str, str]] = field(default_factory=dict)
    above: list[str] = field(default_factory=list)
    status: int = INVALID


def belongs_on_form(refusal: Refused) -> bool:
    """Whether the person can go on with what is typed; else the refusal is a page of its own."""
    return refusal.code != "forbidden" and not (refusal.code == "not_found" and not refusal.field)


def told(refusal: Refused, rows: Sequence[Row], kind: Kind) -> Told:
    """Every part of the refusal at its place. Conflicts answer 409, all else 422."""
    answer = Told()
    for part in refusal.refusals if isinstance(refusal, RefusedLines) else [refusal]:
        _tell(part, rows, kind, answer)
        if HTTP_STATUS[part.code] == CONFLICT:
            answer.status = CONFLICT
    return answer


def _tell(refusal: Refused, rows: Sequence[Row], kind: Kind, answer: Told) -> None:
    text, place = sentence(refusal), refusal.field or ""
    if place == "reason" and LAYOUTS[kind.code].why_label:
        place = "why"
    if place in HEAD or place == "why":
        answer.fields.setdefault(place, text)
    elif cell := _cell(refusal, rows, kind):
        number, column = cell
        told_there = answer.lines.setdefault(number, {})
        if column == PIECES and column in told_there:
            told_there[column] += text
        told_there.setdefault(column, text)
    else:
        answer.above.append(text)


def _cell(refusal: Refused, rows: Sequence[Row], kind: Kind) -> tuple[int, str] | None:
    """Line number and column: as the refusal says, or the line of the item it is about."""
    if match := CELL.fullmatch(refusal.field or ""):
        column = CELLS.get(match[2], match[2])
        if column == "unit_cost" and kind.code in STATES_COST:
            column = "price"
        return int(match[1]), column
    item = str(refusal.facts.get("item_id", ""))
    for number, row in enumerate(rows, start=1):
        if item and row["item"] == item:
            return number, PIECES if refusal.code.startswith("serial") else "quantity"
    return None
