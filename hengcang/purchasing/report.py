"""采购汇总: what was bought of whom, of what and when, returns apart."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncMonth

from hengcang.books.rows import one
from hengcang.documents.flow import Status
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor, FieldClass
from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import shown
from hengcang.kernel.rounding import ZERO
from hengcang.purchasing.models import (
    PurchaseReceipt,
    PurchaseReceiptLine,
    PurchaseReturn,
    PurchaseReturnLine,
)
from hengcang.purchasing.watching_models import PurchaseReport

BOOKED = (Status.POSTED, Status.REVERSED)  # a reversed one and its reversal come to nothing


class By(StrEnum):
    """What the rows of a report are."""

    SUPPLIER = "supplier"
    ITEM = "item"
    MONTH = "month"


BY_LABELS = {By.SUPPLIER: "按供应商", By.ITEM: "按商品", By.MONTH: "按月"}
KEYS = {
    By.SUPPLIER: ("document__partner_id", "document__partner__code", "document__partner__name"),
    By.ITEM: ("item_id", "item__code", "item__name"),
    By.MONTH: ("month",),
}


@dataclass(frozen=True, slots=True)
class ReportAsk:
    """Rows of what, and of which days, both included."""

    by: By
    first: date
    last: date


@dataclass
class Summary:
    """One row, or the sum of all. Base units (zero where items are mixed) and amounts, 2 dp.

    What went back is positive, in columns of its own. `papers`: receipts and their reversals.
    """

    id: int = 0
    code: str = ""
    name: str = ""
    papers: int = 0
    quantity: Decimal = ZERO
    net: Decimal = ZERO
    tax: Decimal = ZERO
    gross: Decimal = ZERO
    returned_quantity: Decimal = ZERO
    returned_net: Decimal = ZERO
    returned_gross: Decimal = ZERO

    @property
    def remains(self) -> Decimal:
        """With tax, after returns."""
        return self.gross - self.returned_gross


NUMBERS = (
    "papers",
    "quantity",
    "net",
    "tax",
    "gross",
    "returned_quantity",
    "returned_net",
    "returned_gross",
)


@dataclass(frozen=True, slots=True)
class Report:
    """The rows, the largest amount first (months in order), and their sum."""

    rows: list[Summary] = field(default_factory=list)
    total: Summary = field(default_factory=Summary)


def purchase_report(actor: Actor, ask: ReportAsk) -> Report:
    """Of all booked receipts and returns in the actor's scope: two statements.

    Raises Refused: forbidden (also to those who may not see costs), dates_reversed.
    """
    _demand(actor)
    if ask.last < ask.first:
        days = {"first": ask.first.isoformat(), "last": ask.last.isoformat()}
        raise Refused("dates_reversed", "to", **days)
    found: dict[Any, Summary] = {}
    for row in _summed(PurchaseReceiptLine, PurchaseReceipt, ask, actor):
        each = _row_of(found, row, ask.by)
        each.papers, each.quantity = row["papers"], row["summed"]
        each.net, each.tax, each.gross = row["net"], row["tax"], row["gross"]
    for row in _summed(PurchaseReturnLine, PurchaseReturn, ask, actor):
        each = _row_of(found, row, ask.by)
        each.returned_quantity = row["summed"]
        each.returned_net, each.returned_gross = row["net"], row["gross"]
    rows = sorted(found.values(), key=lambda row: _rank(row, ask.by))
    return Report(rows, _total(rows, ask.by))


def _demand(actor: Actor) -> None:
    demand(actor, "purchase_report.view")
    if not actor.sees(FieldClass.COST):
        raise Refused("forbidden", permission="cost", permission_label="查看成本")


def _summed(lines: Any, documents: Any, ask: ReportAsk, actor: Actor) -> QuerySet[Any]:
    booked = documents.objects.visible_to(actor).filter(
        status__in=BOOKED, dated__range=(ask.first, ask.last)
    )
    rows = lines.objects.filter(document__in=booked.order_by()).order_by()
    if ask.by == By.MONTH:
        rows = rows.annotate(month=TruncMonth("document__dated"))
    grouped: QuerySet[Any] = rows.values(*KEYS[ask.by]).annotate(
        papers=Count("document_id", distinct=True),
        summed=Sum("quantity"),
        net=Sum("net_amount"),
        tax=Sum("tax_amount"),
        gross=Sum("amount_incl_tax"),
    )
    return grouped


def _row_of(found: dict[Any, Summary], row: dict[str, Any], by: By) -> Summary:
    """The row of this key, new or of its receipts."""
    key = row[KEYS[by][0]]
    if by == By.MONTH:
        return found.setdefault(key, Summary(0, f"{key:%Y-%m}", f"{key:%Y-%m}"))
    return found.setdefault(key, Summary(*(row[name] for name in KEYS[by])))


def _rank(row: Summary, by: By) -> tuple[Decimal, str]:
    return (ZERO if by == By.MONTH else -row.gross, row.code)


def _total(rows: list[Summary], by: By) -> Summary:
    total = Summary(name="合计")
    for name in NUMBERS:
        setattr(total, name, sum((getattr(row, name) for row in rows), start=getattr(total, name)))
    if by != By.ITEM:
        for row in (*rows, total):
            row.quantity = row.returned_quantity = ZERO
    return total


def kept_content(actor: Actor, first: date, last: date) -> dict[str, Any]:
    """The report by supplier and by item as it is kept: rows of texts, and the sum."""
    content: dict[str, Any] = {}
    for by in (By.SUPPLIER, By.ITEM):
        report = purchase_report(actor, ReportAsk(by, first, last))
        content[by.value] = [_texts(row) for row in (*report.rows, report.total)]
    return content


def _texts(row: Summary) -> list[str]:
    return [row.code, row.name, *(_text(getattr(row, name)) for name in NUMBERS)]


def _text(value: Any) -> str:
    return shown(value) if isinstance(value, Decimal) else str(value)


def kept_reports(actor: Actor) -> QuerySet[PurchaseReport]:
    """The reports that were made, the newest first; they are about the whole company.

    Raises Refused("forbidden"); none to those who may see some warehouses only.
    """
    _demand(actor)
    rows = PurchaseReport.objects.order_by("-last", "-id")
    return rows if actor.warehouse_ids is None and actor.partner_id is None else rows.none()


def kept_report(actor: Actor, report_id: int) -> PurchaseReport:
    """One report. Raises Refused: forbidden, not_found."""
    found = one(kept_reports(actor).filter(id=report_id))
    if found is None:
        raise Refused("not_found", what="采购报表")
    return found


def kept_rows(report: PurchaseReport, by: By) -> list[Summary]:
    """The rows of a kept report, its sum last."""
    return [_read(texts) for texts in report.content.get(by.value, ())]


def _read(texts: list[str]) -> Summary:
    code, name, papers, *amounts = texts
    return Summary(0, code, name, int(papers), *(Decimal(text) for text in amounts))
