"""The lines of a document as texts, whether saved, proposed or typed: one form for all three.

A row has the keys of a posted line (pages.editor.POSTED). A saved one also says what it shows:
code, spec, unit, amount and, once posted, cost.
"""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hengcang.documents.drafts import Direction, LineDraft
from hengcang.kernel.numbers import shown
from hengcang.ledger.entries import STATUS_LABELS, StockStatus
from hengcang.pages.editor import POSTED

Row = dict[str, str]
EMPTY: Row = dict.fromkeys(POSTED, "")
START: Row = {"line": "", "source": "", "due_date": "", "serials": "", "rejected_serials": ""}
PRICE = Decimal("0.0001")


def saved_rows(lines: Iterable[Any]) -> list[Row]:
    """Rows of stored lines, with item and unit loaded."""
    return [_saved(line) for line in lines]


def _saved(line: Any) -> Row:
    row = EMPTY | {
        "line": str(line.pk),
        "item": str(line.item_id),
        "typed": line.item.name,
        "code": line.item.code,
        "spec": line.item.spec,
        "uom": str(line.item_uom_id),
        "unit": line.item_uom.uom.name,
        "quantity": shown(line.quantity_in_unit),
        "note": line.note,
        "due_date": _day(getattr(line, "due_date", None)),
        "source": str(getattr(line, "source_line_id", None) or ""),
    }
    row |= _goods(line) | _said_batch(line) | _terms(line) | {"place": _own_place(line)}
    if hasattr(line, "price"):
        row |= {
            "price": shown(line.price),
            "discount": shown(line.discount_rate),
            "tax_rate": shown(line.tax_rate),
            "amount": str(line.amount_incl_tax),
            "tax": str(line.tax_amount),
            "share": str(line.bill_share),
        }
    if hasattr(line, "receive_label"):
        row |= _awaited(line)
    row["mark"] = mark_of(line)
    row |= _exchanged(line)
    if getattr(line, "cost_amount", None) is not None:
        row |= _stated_cost(line)
    return row


def _goods(line: Any) -> Row:
    """Which goods a stored line means, with its batch and bin loaded."""
    batch = line.batch
    return {
        "batch_no": batch.batch_no if batch else "",
        "mfg_date": str(batch.mfg_date or "") if batch else "",
        "expiry_date": str(batch.expiry_date or "") if batch else "",
        "bin_code": line.bin.code if line.bin else "",
        "to_bin_code": to.code if (to := getattr(line, "to_bin", None)) else "",
        "stock_status": status_text(line.stock_status),
        "to_status": _new_status(getattr(line, "to_status", "")),
        "serials": "\n".join(getattr(line, "serials", ())),
        "rejected_serials": "\n".join(getattr(line, "rejected_serials", ())),
    } | _judged(line)


def _said_batch(line: Any) -> Row:
    """The batch of a line that only announces it."""
    if not hasattr(line, "batch_no"):
        return {}
    days = {name: _day(getattr(line, name)) for name in ("mfg_date", "expiry_date")}
    return {"batch_no": line.batch_no} | days


def _judged(line: Any) -> Row:
    """What an inspection says of a stored line, in the line's unit."""
    if not hasattr(line, "rejected"):
        return {}
    unit = line.item_uom
    bad = (line.rejected * unit.ratio_den / unit.ratio_num).quantize(Decimal("0.000001"))
    told = {"rejected": shown(bad) if bad else "", "reject_cause": line.reject_cause}
    return told | {"to_bin_code": line.to_bin.code if line.to_bin else ""}


def _terms(line: Any) -> Row:
    """On what terms a supplier offers it."""
    moq, days = getattr(line, "moq", None), getattr(line, "lead_time_days", None)
    return {
        "moq": "" if moq is None else shown(moq),
        "lead_time_days": "" if days is None else str(days),
    }


def _own_place(line: Any) -> str:
    """Whence an order line goes, if not from where its order says."""
    place = getattr(line, "warehouse", None)
    return place.name if place else ""


def status_text(status: str) -> str:
    """The word of a stock status; good goods need none."""
    return "" if status == StockStatus.GOOD else STATUS_LABELS[StockStatus(status)]


def _new_status(status: str) -> str:
    """The word of what goods shall be, good ones too."""
    return STATUS_LABELS[StockStatus(status)] if status else ""


def _awaited(line: Any) -> Row:
    """When goods of an order are due, and how far they have come in, in the line's unit."""
    own = getattr(line, "due_date", None)
    unit, due = line.item_uom, own or line.document.due_date
    done = line.qty_fulfilled * unit.ratio_den / unit.ratio_num
    return {
        "due_date": own.isoformat() if own else "",
        "due_shown": due.isoformat() if due else "",
        "done": shown(done.quantize(PRICE, ROUND_HALF_UP)),
        "state": line.receive_label,
    }


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _exchanged(line: Any) -> Row:
    """Which way goods of an exchange go. What comes back says its status: defective is usual."""
    direction: str = getattr(line, "direction", "")
    if direction != Direction.BACK:
        return {}
    return {"direction": direction, "stock_status": _new_status(line.stock_status)}


def mark_of(line: Any) -> str:
    """What a line is given away as, or ""."""
    if getattr(line, "is_gift", False):
        return "gift"
    return "sample" if getattr(line, "is_sample", False) else ""


def _stated_cost(line: Any) -> Row:
    """The cost of one typed unit; where the document has no other price, it is the price."""
    each = shown((line.cost_amount / line.quantity_in_unit).quantize(PRICE, ROUND_HALF_UP))
    if hasattr(line, "price"):
        return {"unit_cost": each}
    return {"price": each, "amount": str(line.cost_amount)}


def proposed_rows(lines: Iterable[LineDraft]) -> list[Row]:
    """Rows of a draft that is not saved yet."""
    return [
        EMPTY
        | {
            "item": str(line.item_id),
            "uom": str(line.item_uom_id or ""),
            "quantity": shown(line.quantity),
            "price": "" if line.price is None else shown(line.price),
            "discount": shown(line.discount_rate),
            "tax_rate": "" if line.tax_rate is None else shown(line.tax_rate),
            "note": line.note,
            "due_date": _day(line.due_date),
            "source": str(line.source_line_id or ""),
            "batch_no": line.batch_no,
            "mfg_date": str(line.mfg_date or ""),
            "expiry_date": str(line.expiry_date or ""),
            "bin_code": line.bin_code,
            "to_bin_code": line.to_bin_code,
            "stock_status": status_text(line.stock_status),
            "to_status": _new_status(line.to_status),
            "rejected": shown(line.rejected) if line.rejected else "",
            "reject_cause": line.reject_cause,
            "serials": "\n".join(line.serials),
            "rejected_serials": "\n".join(line.rejected_serials),
            "mark": mark_of(line),
            "share": str(-line.carried if line.direction == Direction.BACK else line.carried),
        }
        | _terms(line)
        | _exchanged(line)
        for line in lines
    ]


def without(rows: Iterable[Row], names: Collection[str]) -> list[Row]:
    """The rows with these cells empty."""
    return [row | dict.fromkeys(names, "") for row in rows]


def copied_rows(rows: Iterable[Row]) -> list[Row]:
    """The rows as a new document starts with them: nothing fulfils what the old one did."""
    return [{name: row[name] for name in POSTED} | START for row in rows]
