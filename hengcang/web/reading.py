"""From a posted document form to a Draft, read strictly. Everything wrong is told at once."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from hengcang.documents.drafts import MAX_LINES, Direction, Draft, LineDraft
from hengcang.documents.line_serials import typed_serials
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.numbers import strict_money, strict_price, strict_quantity
from hengcang.kernel.rounding import ZERO
from hengcang.ledger.entries import STATUS_LABELS, StockStatus
from hengcang.web.reading_rates import HUNDRED, paid_share, rate_of

T = TypeVar("T")
Row = Mapping[str, str]
LONGEST_NAME = 40  # of a batch or a bin
NO_ITEM = 0
NO_SERIALS: tuple[str, ...] = ()
_ID = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_VERSION = re.compile(r"[0-9]{1,9}", re.ASCII)


def id_of(text: str) -> int | None:
    """The id a hidden field carries; None for anything that is none."""
    plain = text.strip()
    return int(plain) if _ID.fullmatch(plain) else None


def version_of(text: str) -> int:
    """The version the person saw; 0, which no document has, for anything unreadable."""
    return int(text) if _VERSION.fullmatch(text) else 0


def intent_of(text: str) -> UUID:
    """The UUID of the intent. Raises Refused("field_invalid")."""
    try:
        return UUID(text)
    except ValueError:
        raise Refused("field_invalid", what="提交标识", reason="请刷新页面后重新提交") from None


def day_of(text: str, name: str) -> date:
    """A date written 2026-11-24, nothing else. Raises Refused("date_unreadable")."""
    plain = text.strip()
    if _DAY.fullmatch(plain):
        try:
            return date.fromisoformat(plain)
        except ValueError:
            pass
    raise Refused("date_unreadable", name, text=plain[:40])


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the form of a kind of document asks for."""

    partner: str = ""  # 客户 or 供应商; empty: the document has none
    due_date: bool = False
    valid_until: bool = False
    credited: bool = False  # it names a sales channel and a salesperson
    price: bool = True  # False: price cells are not on the page of this person
    unit_cost: bool = False
    partner_wish: str = ""  # 建议供应商: may be left empty
    to_warehouse: str = ""  # 调入仓库, 供货仓库: the document has another end
    outcome: bool = False
    line_due: bool = False
    product: str = ""  # 成品: the document has one
    extra: str = ""  # 加工费用: an amount it may have
    mark: bool = False  # lines may be gifts or samples
    direction: bool = False  # lines come back or go out
    places: Mapping[str, int] = field(default_factory=dict)  # ids of the warehouses lines name
    discount: bool = False  # amounts may be taken off the whole


@dataclass
class Problems:
    """Everything that is wrong so far; reading goes on after each."""

    found: list[Refused] = field(default_factory=list)

    def read(self, reader: Callable[[], T], default: T) -> T:
        try:
            return reader()
        except Refused as refusal:
            self.found.append(refusal)
            return default

    def refuse(self) -> None:
        """Raises Refused or, for several, RefusedLines."""
        if len(self.found) == 1:
            raise self.found[0]
        if self.found:
            raise RefusedLines(self.found)


def draft_of(
    posted: Mapping[str, str], rows: Sequence[Row], wanted: Wanted, *, intent: UUID
) -> Draft:
    """The draft a form describes. Lines are numbered from 1 as in `rows`.

    Raises Refused, or RefusedLines with one refusal for each wrong field: field_missing,
    date_unreadable, field_invalid, too_many_lines and those of kernel.numbers.
    """
    if len(rows) > MAX_LINES:
        raise Refused("too_many_lines", "lines", limit=MAX_LINES, count=len(rows))
    problems = Problems()
    draft = Draft(
        client_uuid=intent,
        dated=problems.read(lambda: _dated(posted), date.min),
        warehouse_id=problems.read(lambda: _chosen(posted, "warehouse", "仓库"), NO_ITEM),
        partner_id=problems.read(lambda: _partner(posted, wanted), None),
        due_date=problems.read(lambda: _day(posted, "due_date", wanted.due_date), None),
        valid_until=problems.read(lambda: _day(posted, "valid_until", wanted.valid_until), None),
        channel_id=_credit(posted, "channel", wanted),
        salesperson_id=_credit(posted, "salesperson", wanted),
        prices_include_tax=posted.get("prices_include_tax", "1") == "1",
        bill_discount=problems.read(lambda: _off(posted, "bill_discount", wanted), ZERO),
        rounding_off=problems.read(lambda: _off(posted, "rounding_off", wanted), ZERO),
        external_no=problems.read(lambda: _text(posted, "external_no", "外部单号", 60), ""),
        reason=problems.read(lambda: _text(posted, "why", "原因", 200), ""),
        note=problems.read(lambda: _text(posted, "note", "备注", 500), ""),
        to_warehouse_id=problems.read(lambda: _destination(posted, wanted), None),
        outcome=_text(posted, "outcome", "结果", 40) if wanted.outcome else "",
        responsible=problems.read(lambda: _text(posted, "responsible", "责任方", 80), ""),
        **_announced(posted, problems),
        **_made(posted, wanted, problems),
        lines=tuple(_line(row, n, wanted, problems) for n, row in enumerate(rows, start=1)),
    )
    problems.refuse()
    return draft


def _dated(posted: Mapping[str, str]) -> date:
    if not posted.get("dated", "").strip():
        raise Refused("field_missing", "dated", what="单据日期")
    return day_of(posted["dated"], "dated")


def _day(posted: Mapping[str, str], name: str, asked: bool) -> date | None:  # noqa: FBT001
    text = posted.get(name, "")
    return day_of(text, name) if asked and text.strip() else None


def _off(posted: Mapping[str, str], name: str, wanted: Wanted) -> Decimal:
    text = posted.get(name, "").strip()
    return strict_money(text, field=name) if wanted.discount and text else ZERO


def _credit(posted: Mapping[str, str], name: str, wanted: Wanted) -> int | None:
    return id_of(posted.get(name, "")) if wanted.credited else None


def _partner(posted: Mapping[str, str], wanted: Wanted) -> int | None:
    names_one = posted.get("partner", "").strip() or posted.get("partner_typed", "").strip()
    if wanted.partner_wish and names_one:
        return _chosen(posted, "partner", wanted.partner_wish)
    return _chosen(posted, "partner", wanted.partner) if wanted.partner else None


def _destination(posted: Mapping[str, str], wanted: Wanted) -> int | None:
    return _chosen(posted, "to_warehouse", wanted.to_warehouse) if wanted.to_warehouse else None


def _announced(posted: Mapping[str, str], problems: Problems) -> dict[str, Any]:
    """How goods travel, and the notice they come by, on documents that say it."""
    carrier, number = "carrier", "tracking_no"
    return {
        carrier: problems.read(lambda: _text(posted, carrier, "承运公司", 60), ""),
        number: problems.read(lambda: _text(posted, number, "运单号", 60), ""),
        "notice_id": id_of(posted.get("notice", "")),
    }


def _made(posted: Mapping[str, str], wanted: Wanted, problems: Problems) -> dict[str, Any]:
    """What is assembled or taken apart, on documents that have such a thing."""
    if not wanted.product:
        return {}
    expiry = "product_expiry_date"
    return {
        "product_id": problems.read(lambda: _chosen(posted, "product", wanted.product), NO_ITEM),
        "product_quantity": problems.read(lambda: _product_quantity(posted), None),
        "product_batch_no": problems.read(
            lambda: _text(posted, "product_batch_no", "批号", 60), ""
        ),
        expiry: problems.read(lambda: _day(posted, expiry, True), None),  # noqa: FBT003
        "product_bin_code": problems.read(
            lambda: _text(posted, "product_bin_code", "库位", 60), ""
        ),
        "product_serials": problems.read(lambda: _product_serials(posted), NO_SERIALS),
        "extra_cost": problems.read(lambda: _extra(posted, wanted), None),
    }


def _product_quantity(posted: Mapping[str, str]) -> Decimal:
    text = posted.get("product_quantity", "").strip()
    if not text:
        raise Refused("field_missing", "product_quantity", what="成品数量")
    return strict_quantity(text, field="product_quantity")


def _extra(posted: Mapping[str, str], wanted: Wanted) -> Decimal | None:
    text = posted.get("extra_cost", "").strip()
    return strict_money(text, field="extra_cost") if wanted.extra and text else None


def _chosen(posted: Mapping[str, str], name: str, what: str) -> int:
    """The id of what was picked; a text that was typed and not picked names nothing."""
    found = id_of(posted.get(name, ""))
    if found is not None:
        return found
    if posted.get(f"{name}_typed", "").strip() or posted.get(name, "").strip():
        raise Refused("not_found", name, what=what)
    raise Refused("field_missing", name, what=what)


def _text(posted: Mapping[str, str], name: str, what: str, length: int) -> str:
    return plain_text(posted.get(name, ""), name, what, length)


def plain_text(text: str, name: str, what: str, length: int) -> str:
    """The text without blanks around it. Raises Refused("field_invalid")."""
    plain = text.strip()
    if len(plain) > length:
        reason = f"最多 {length} 个字，现有 {len(plain)} 个"
        raise Refused("field_invalid", name, what=what, reason=reason)
    if _CONTROL.search(plain):
        raise Refused("field_invalid", name, what=what, reason="含有不可见的控制字符，请重新输入")
    return plain


def _line(row: Row, number: int, wanted: Wanted, problems: Problems) -> LineDraft:
    at = f"lines.{number}"
    price = problems.read(lambda: _price(row, "price", at), None) if wanted.price else None
    direction = problems.read(lambda: _direction(row, at, wanted), "")
    goes_out = direction == Direction.OUT  # it has no source and no stated cost: cells not for it
    costed = wanted.unit_cost and not goes_out
    cost = problems.read(lambda: _price(row, "unit_cost", at), None) if costed else None
    return LineDraft(
        item_id=problems.read(lambda: _item(row, at), NO_ITEM),
        quantity=problems.read(lambda: _quantity(row, at), Decimal(1)),
        item_uom_id=problems.read(lambda: _uom(row, at), None),
        price=price,
        discount_rate=problems.read(lambda: paid_share(row, at), HUNDRED),
        tax_rate=problems.read(lambda: rate_of(row, "tax_rate", at), None),
        source_line_id=None if goes_out else id_of(row["source"]),
        direction=direction,
        unit_cost=cost,
        due_date=problems.read(lambda: _line_due(row, at, wanted), None),
        note=problems.read(lambda: plain_text(row["note"], f"{at}.note", "备注", 200), ""),
        batch_no=problems.read(lambda: _short(row, "batch_no", at, "批号"), ""),
        mfg_date=problems.read(lambda: _line_day(row, "mfg_date", at), None),
        expiry_date=problems.read(lambda: _line_day(row, "expiry_date", at), None),
        bin_code=problems.read(lambda: _short(row, "bin_code", at, "库位"), ""),
        stock_status=problems.read(lambda: _kept_status(row, at, wanted), "good"),
        to_status=problems.read(lambda: _to_status(row, at), ""),
        rejected=problems.read(lambda: _rejected(row, at), Decimal(0)),
        reject_cause=problems.read(lambda: _cause(row, at), ""),
        to_bin_code=problems.read(lambda: _short(row, "to_bin_code", at, "库位"), ""),
        serials=problems.read(lambda: _serials(row, "serials", at), ()),
        rejected_serials=problems.read(lambda: _serials(row, "rejected_serials", at), ()),
        moq=problems.read(lambda: _moq(row, at), None),
        lead_time_days=problems.read(lambda: _days(row, at), None),
        warehouse_id=problems.read(lambda: _place(row, at, wanted), None),
        is_gift=wanted.mark and row["mark"] == "gift",
        is_sample=wanted.mark and row["mark"] == "sample",
    )


def _direction(row: Row, at: str, wanted: Wanted) -> str:
    """Of an exchange's line; what is not said to come back goes out."""
    if not wanted.direction:
        return ""
    if row["direction"] not in ("", *Direction):
        raise Refused("direction_missing", f"{at}.direction")
    return row["direction"] or Direction.OUT.value


def _kept_status(row: Row, at: str, wanted: Wanted) -> str:
    """Of an exchange's line that says none: the usual one of its direction."""
    if wanted.direction and not row["stock_status"]:
        return ""
    return _status(row, "stock_status", at)


def _moq(row: Row, at: str) -> Decimal | None:
    return strict_quantity(row["moq"], field=f"{at}.moq") if row["moq"] else None


def _days(row: Row, at: str) -> int | None:
    text = row["lead_time_days"]
    if text and not _VERSION.fullmatch(text):
        raise Refused("number_unreadable", f"{at}.lead_time_days", text=text[:40])
    return int(text) if text else None


def _place(row: Row, at: str, wanted: Wanted) -> int | None:
    """The warehouse a line names by name or code."""
    typed = row.get("place", "")
    if not typed:
        return None
    if typed not in wanted.places:
        raise Refused("not_found", f"{at}.place", what=f"仓库「{typed[:20]}」")
    return wanted.places[typed]


def _short(row: Row, name: str, at: str, what: str) -> str:
    return plain_text(row[name], f"{at}.{name}", what, LONGEST_NAME)


def _serials(row: Row, name: str, at: str) -> tuple[str, ...]:
    """Raises Refused, at the cell, as typed_serials."""
    try:
        return typed_serials(row[name])
    except Refused as refusal:
        refusal.field = f"{at}.{name}"
        raise


def _product_serials(posted: Mapping[str, str]) -> tuple[str, ...]:
    """Raises Refused, at the field, as typed_serials."""
    try:
        return typed_serials(posted.get("product_serials", ""))
    except Refused as refusal:
        refusal.field = "product_serials"
        raise


def _line_day(row: Row, name: str, at: str) -> date | None:
    return day_of(row[name], f"{at}.{name}") if row[name] else None


def _rejected(row: Row, at: str) -> Decimal:
    if row["rejected"] in ("", "0"):
        return Decimal(0)
    return strict_quantity(row["rejected"], field=f"{at}.rejected")


def _cause(row: Row, at: str) -> str:
    return plain_text(row["reject_cause"], f"{at}.reject_cause", "不合格原因", 100)


def _to_status(row: Row, at: str) -> str:
    return _status(row, "to_status", at) if row["to_status"] else ""


def _status(row: Row, name: str, at: str) -> str:
    """By its word; nothing typed means good goods."""
    typed = row[name]
    if not typed:
        return StockStatus.GOOD.value
    for status, label in STATUS_LABELS.items():
        if typed in (label, status.value):
            return status.value
    raise Refused("stock_status_unknown", f"{at}.{name}", stock_status=typed[:20])


def _line_due(row: Row, at: str, wanted: Wanted) -> date | None:
    text = row["due_date"] if wanted.line_due else ""
    return day_of(text, f"{at}.due_date") if text else None


def _item(row: Row, at: str) -> int:
    found = id_of(row["item"])
    if found is None:
        raise Refused("item_unknown", f"{at}.item")
    return found


def _uom(row: Row, at: str) -> int | None:
    found = id_of(row["uom"])
    if found is None and row["uom"]:
        raise Refused("uom_unknown", f"{at}.uom", item_name=row["typed"][:40])
    return found


def _quantity(row: Row, at: str) -> Decimal:
    if not row["quantity"]:
        raise Refused("field_missing", f"{at}.quantity", what="数量")
    return strict_quantity(row["quantity"], field=f"{at}.quantity")


def _price(row: Row, name: str, at: str) -> Decimal | None:
    return strict_price(row[name], field=f"{at}.{name}") if row[name] else None
