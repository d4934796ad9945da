"""The page 粘贴下单 as plain data: what was pasted, its lines, what a person made of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.numbers import shown, strict_quantity
from hengcang.kernel.refusals import sentence
from hengcang.pages.forms import Field, Option
from hengcang.pages.tables import Pill
from hengcang.sales.pasting.reading import LABELS, Confidence, ReadLine
from hengcang.web.reading import id_of

PILLS: dict[Confidence, Pill] = {
    Confidence.CERTAIN: "done",
    Confidence.LIKELY: "approved",
    Confidence.UNSURE: "pending",
}


@dataclass(frozen=True, slots=True)
class PasteRow:
    """One line to be ordered, as typed. `phrase` and `read_item` say what is to be remembered."""

    number: int
    text: str
    pill: Pill
    label: str
    reason: str
    phrase: str
    read_item: str
    options: Sequence[Option]
    item: str
    other: str = ""
    other_typed: str = ""
    quantity: str = ""
    unit: str = ""
    units: str = ""
    skipped: bool = False
    error: str = ""
    picks: str = ""

    @property
    def chosen(self) -> int | None:
        """The item searched for wins over the one proposed."""
        return id_of(self.other) or id_of(self.item)


@dataclass(frozen=True, slots=True)
class Ignored:
    """A piece of the text that is no line, and why."""

    text: str
    reason: str


@dataclass
class PastePage:
    """Context name `paste`, template web/paste.html."""

    url: str
    intent: str
    fields: list[Field]
    text: str = ""
    rows: list[PasteRow] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    was_read: bool = False

    @property
    def counts(self) -> str:
        said = [
            f"{LABELS[key]} {sum(row.label == LABELS[key] for row in self.rows)} 行"
            for key in (Confidence.CERTAIN, Confidence.LIKELY, Confidence.UNSURE)
        ]
        return "，".join([*said, f"忽略 {len(self.ignored)} 段"])


@dataclass(frozen=True, slots=True)
class Wish:
    """A row that is to be a line: item, quantity and the unit by name."""

    row: PasteRow
    item_id: int
    quantity: Decimal
    unit: str


def rows_of(lines: Sequence[ReadLine], picks_url: str) -> list[PasteRow]:
    """The lines of a reading as rows, in order."""
    kept = [line for line in lines if line.confidence is not Confidence.IGNORED]
    return [_row(number, line, picks_url) for number, line in enumerate(kept, start=1)]


def ignored_of(lines: Sequence[ReadLine]) -> list[Ignored]:
    """What the reading left out, with reasons."""
    ignored = (line for line in lines if line.confidence is Confidence.IGNORED)
    return [Ignored(line.text, line.reason) for line in ignored]


def _row(number: int, line: ReadLine, picks_url: str) -> PasteRow:
    goods = list(dict.fromkeys([*([line.good] if line.good else []), *line.candidates]))
    options = [Option(str(good.id), f"{good.code} {good.label}") for good in goods]
    sure = line.confidence is not Confidence.UNSURE
    read = str(line.good.id) if line.good else ""
    return PasteRow(
        number,
        line.text,
        PILLS[line.confidence],
        LABELS[line.confidence],
        line.reason,
        line.phrase,
        read,
        options if sure else [Option("", "请选择商品"), *options],
        read,
        quantity=shown(line.quantity) if line.quantity is not None else "",
        unit=line.unit.name if line.unit else "",
        units="、".join(unit.name for good in goods[:1] for unit in good.units),
        picks=picks_url,
    )


def typed(rows: Sequence[PasteRow], posted: Mapping[str, str]) -> list[PasteRow]:
    """The rows with what the person typed over them."""
    return [
        replace(
            row,
            item=posted.get(f"item-{row.number}", row.item),
            other=posted.get(f"other-{row.number}", ""),
            other_typed=posted.get(f"other-{row.number}_typed", ""),
            quantity=posted.get(f"quantity-{row.number}", row.quantity),
            unit=posted.get(f"unit-{row.number}", row.unit).strip(),
            skipped=bool(posted.get(f"skip-{row.number}")),
        )
        for row in rows
    ]


def wishes(rows: Sequence[PasteRow]) -> tuple[list[Wish], list[PasteRow]]:
    """The rows as lines, and the rows again with what is wrong with them."""
    found: list[Wish] = []
    marked: list[PasteRow] = []
    for row in rows:
        error = ""
        if not row.skipped:
            try:
                found.append(_wish(row))
            except Refused as refusal:
                error = sentence(refusal)
        marked.append(replace(row, error=error))
    return found, marked


def _wish(row: PasteRow) -> Wish:
    if row.chosen is None:
        raise Refused("field_missing", what="商品，或勾选「不要」")
    if not row.unit:
        raise Refused("field_missing", what="单位")
    return Wish(row, row.chosen, strict_quantity(row.quantity), row.unit)


def marked(rows: Sequence[PasteRow], errors: Mapping[int, str]) -> list[PasteRow]:
    """The rows with these sentences, by number."""
    return [replace(row, error=errors.get(row.number, row.error)) for row in rows]


def errors_by_row(refusal: Refused, wanted: Sequence[Wish]) -> dict[int, str]:
    """Each sentence at the row its line came from; 0 for those of no line."""
    refusals = refusal.refusals if isinstance(refusal, RefusedLines) else [refusal]
    return dict(_at_rows(refusals, wanted))


def _at_rows(refusals: Sequence[Refused], wanted: Sequence[Wish]) -> Iterator[tuple[int, str]]:
    for one in refusals:
        parts = (one.field or "").split(".")
        at: Any = int(parts[1]) if len(parts) > 1 and parts[1].isdecimal() else 0
        known = parts[0] == "lines" and 0 < at <= len(wanted)
        yield (wanted[at - 1].row.number if known else 0), sentence(one)
