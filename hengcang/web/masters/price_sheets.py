"""Prices as rows of text, typed or pasted from Excel: 编码、单位、等级、单价、起、止."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hengcang.catalog import queries as catalog
from hengcang.catalog.queries import ItemHit
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.numbers import shown, strict_price
from hengcang.kernel.refusals import sentence
from hengcang.pricing.drafts import MAX_LINES, AgreedDraft, ListLineDraft
from hengcang.web.masters.reading import day_of

FIELD = "lines"
HEADINGS = frozenset({"编码", "商品编码"})
TOLD = 10  # sentences shown at once
_DAY = re.compile(r"[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}", re.ASCII)


@dataclass
class Sheet:
    """The rows that could be read, the text line of each, and what is wrong with the others."""

    drafts: list[Any] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def refuse(self, number: int, refusal: Refused) -> None:
        self.wrong.append(f"第 {number} 行：{sentence(refusal)}")

    def refuse_all(self, refused: RefusedLines) -> None:
        """What an action says of its drafts, at the text lines they came from."""
        for refusal in refused.refusals:
            at = int((refusal.field or "lines.1").split(".")[1])
            self.refuse(self.numbers[at - 1], refusal)

    def sentence(self) -> str:
        """All that is wrong, as far as anybody would read it."""
        more = f"……共 {len(self.wrong)} 行有误。" if len(self.wrong) > TOLD else ""
        return " ".join(self.wrong[:TOLD]) + more


@dataclass(frozen=True, slots=True)
class Written:
    """One text line: its code, the words between, its price, its days."""

    number: int
    code: str
    words: list[str]
    price: str
    days: list[str]


def list_sheet(actor: Actor, text: str, tiers: Mapping[str, int]) -> Sheet:
    """编码 [单位] [等级] 单价: lines of a price list."""

    def made(line: Written, hit: ItemHit) -> ListLineDraft:
        words = list(line.words)
        tier = tiers.get(words[-1]) if words else None
        if tier is not None:
            words.pop()
        elif len(words) > 1:
            raise Refused("not_found", what=f"价格等级「{words[-1][:20]}」")
        price = strict_price(line.price)
        return ListLineDraft(hit.item.pk, price, _unit(hit, words), tier)

    return _sheet(actor, text, made)


def agreed_sheet(actor: Actor, text: str, today: date) -> Sheet:
    """编码 [单位] 单价 [起] [止]: agreed prices, from today where no day is given."""

    def made(line: Written, hit: ItemHit) -> AgreedDraft:
        if len(line.words) > 1:
            raise Refused("field_invalid", what="行", reason="应为 编码、单位、单价、起、止。")
        days = [day_of(day.replace("/", "-")) for day in line.days]
        since, until = [*days, None, None][:2] if days else (today, None)
        price = strict_price(line.price)
        return AgreedDraft(hit.item.pk, price, since or today, until, _unit(hit, line.words))

    return _sheet(actor, text, made)


def list_text(lines: Iterable[Any]) -> str:
    """The stored lines as rows of text."""
    return "\n".join(
        "\t".join(
            [
                line.item.code,
                line.item_uom.uom.name,
                line.tier.name if line.tier else "",
                shown(line.price),
            ]
        )
        for line in lines
    )


def agreed_text(prices: Iterable[Any]) -> str:
    """The stored agreed prices as rows of text."""
    return "\n".join(
        "\t".join(
            [
                price.item.code,
                price.item_uom.uom.name,
                shown(price.price),
                price.valid_from.isoformat(),
                price.valid_to.isoformat() if price.valid_to else "",
            ]
        ).rstrip()
        for price in prices
    )


def _sheet(actor: Actor, text: str, made: Any) -> Sheet:
    sheet = Sheet()
    lines = [line for line in _written(text, sheet) if line is not None]
    if len(lines) > MAX_LINES:
        sheet.wrong = [sentence(Refused("too_many_lines", limit=MAX_LINES, count=len(lines)))]
        return sheet
    hits = catalog.items_by_barcode(actor, {line.code for line in lines}) if lines else {}
    for line in lines:
        try:
            hit = hits.get(line.code)
            if hit is None:
                raise Refused("barcode_unknown", barcode=line.code[:40])
            sheet.drafts.append(made(line, hit))
            sheet.numbers.append(line.number)
        except Refused as refusal:
            sheet.refuse(line.number, refusal)
    return sheet


def _written(text: str, sheet: Sheet) -> Iterable[Written | None]:
    for number, row in enumerate(text.replace("\x00", "").splitlines(), start=1):
        cells = row.split("\t") if "\t" in row else re.split(r"[\s,，]+", row)
        told = [cell.strip() for cell in cells if cell.strip()]
        if not told or told[0] in HEADINGS:
            continue
        code, *rest = told
        days: list[str] = []
        while rest and _DAY.fullmatch(rest[-1]):
            days.insert(0, rest.pop())
        if not rest:
            sheet.refuse(number, Refused("field_missing", what=f"「{code[:40]}」的单价"))
            continue
        yield Written(number, code, rest[:-1], rest[-1], days)


def _unit(hit: ItemHit, words: list[str]) -> int:
    """The id of the named unit, or of the scanned or base unit."""
    if not words:
        return hit.uom.pk
    for unit in hit.item.uoms.all():
        if unit.uom.name == words[0]:
            return unit.pk
    raise Refused("uom_unknown", item_name=hit.item.name)
