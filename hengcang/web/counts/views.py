"""The page of a count: count by scanning or typing, upload a sheet, review, count again, post."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from hengcang.catalog import queries as catalog
from hengcang.documents.drafts import Target
from hengcang.documents.line_serials import typed_serials
from hengcang.documents.reversal import Undo
from hengcang.integration.spreadsheets.tables import text_of_sheet
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.numbers import QUANTITY_PLACES, strict_decimal, strict_price
from hengcang.kernel.refusals import HTTP_STATUS, sentence
from hengcang.ledger.entries import StockStatus
from hengcang.ledger.serial_queries import items_of_number
from hengcang.register.kinds import BY_CODE
from hengcang.stock import queries
from hengcang.stock.actions import counts, tallies
from hengcang.stock.count_drafts import (
    UNSAID,
    CountEntry,
    Explanation,
    Mode,
    MovedFrom,
    Recount,
    Which,
)
from hengcang.web import clock, reading, shell
from hengcang.web.counts.showing import Shown, shown
from hengcang.web.documents.desks import Press, desk_of
from hengcang.web.masters.reading import id_of
from hengcang.web.requests import Request

KIND = BY_CODE["stock_count"]
ZONE_LENGTH, CAUSE_LENGTH, WHO_LENGTH = 40, 100, 40
BATCH_LENGTH, BIN_LENGTH = 40, 30
STATUS_VALUES = frozenset(status.value for status in StockStatus)
ERRORS_SHOWN = 500
TOO_LARGE = 413


@require_http_methods(["GET", "POST"])
def count(request: Request, count_id: int) -> HttpResponse:
    """A count as it stands; POST presses a verb on it, with what was said about its lines."""
    if request.method == "GET":
        return _page(request, count_id)
    try:
        made = _pressed(request, count_id)
    except Refused as refusal:
        if HTTP_STATUS[refusal.code] in {403, 404}:
            raise
        return _page(request, count_id, refusal)
    return _next(request, reverse("count", args=[made]), "完成。")


def _pressed(request: Request, count_id: int) -> int:
    """The verb is done; the id of the count to show next. Raises Refused."""
    posted, actor = request.POST, request.actor
    verb = posted.get("verb", "")
    target = Target(count_id, reading.version_of(posted.get("version", "")))
    reason = reading.plain_text(posted.get("reason", ""), "reason", "原因", 200)
    if verb == "explain":
        return counts.explain_stock_count(target, _said(request), actor=actor).pk
    if verb == "recount":
        wanted = Recount(lines=tuple(filter(None, map(id_of, posted.getlist("recount")))))
        return counts.recount_stock_count(target, wanted, actor=actor, reason=reason).pk
    undo = Undo(reading.intent_of(posted.get("intent", "")), reason, clock.today())
    made = desk_of(KIND).press(Press(verb, target, undo), actor)
    return int(made.pk)


def _said(request: Request) -> Sequence[Explanation]:
    """What stands in the rows of the review. Raises Refused: field_invalid, number_unreadable."""
    posted = request.POST
    said = []
    for row in posted.getlist("row"):
        line, item_id = map(id_of, row.partition("~")[::2])
        if line is None or item_id is None:
            continue
        cost = posted.get(f"cost-{line}", "").strip()
        moved = posted.get(f"moved-{line}", "")
        said.append(
            Explanation(
                item_id,
                _text(request, f"cause-{line}", "差异原因", CAUSE_LENGTH),
                _text(request, f"who-{line}", "责任人", WHO_LENGTH),
                strict_price(cost, field=f"cost-{line}") if cost else None,
                MovedFrom(moved) if moved in MovedFrom.values else MovedFrom.UNKNOWN,
                line,
            )
        )
    return said


def _text(request: Request, name: str, what: str, length: int) -> str:
    return reading.plain_text(request.POST.get(name, ""), name, what, length)


@require_POST
def record(request: Request, count_id: int) -> HttpResponse:
    """One figure: a scan adds one, a button adds its step, a typed total replaces the place's."""
    posted = request.POST
    zone = ""
    try:
        zone = _text(request, "zone", "区域", ZONE_LENGTH)
        entry, mode = _entry(request, zone)
        intent = reading.intent_of(posted.get("intent", ""))
        tallies.record_counts(count_id, [entry], mode, intent, actor=request.actor)
    except Refused as refusal:
        if HTTP_STATUS[refusal.code] == 403 or refusal.code == "not_found":
            raise
        return _page(request, count_id, refusal)
    which = entry.which
    query = {"item": entry.item_id, "zone": zone, "batch": which.batch_no, "bin": which.bin_code}
    if which.stock_status != UNSAID.stock_status:
        query["status"] = which.stock_status
    asked = urlencode({name: value for name, value in query.items() if value})
    return _next(request, f"{reverse('count', args=[count_id])}?{asked}", "")


def _which(request: Request) -> Which:
    """Which goods of the item. Raises Refused: field_invalid, date_unreadable."""
    posted = request.POST
    status = posted.get("status", "")
    made, expiry = (posted.get(name, "").strip() for name in ("made", "expiry"))
    return Which(
        batch_no=_text(request, "batch", "批号", BATCH_LENGTH),
        bin_code=_text(request, "bin", "库位", BIN_LENGTH).upper(),
        stock_status=status if status in STATUS_VALUES else UNSAID.stock_status,
        is_new=bool(posted.get("new")),
        mfg_date=reading.day_of(made, "made") if made else None,
        expiry_date=reading.day_of(expiry, "expiry") if expiry else None,
    )


def _entry(request: Request, zone: str) -> tuple[CountEntry, Mode]:
    """A code that is none of an item's may be the number of a piece.

    Raises Refused: barcode_unknown, serial_ambiguous, field_missing, and the codes of
    strict_decimal and typed_serials.
    """
    posted, which = request.POST, _which(request)
    item_id, unit_id = id_of(posted.get("item", "")), None
    step, serials = posted.get("step", ""), typed_serials(posted.get("serials", ""))
    if item_id is None:
        code = posted.get("code", "").strip()
        if not code:
            raise Refused("field_missing", "code", what="条码、编码或序列号")
        hits = catalog.items_by_barcode(request.actor, [code])
        if code in hits:
            item_id, unit_id = hits[code].item.pk, hits[code].uom.pk
        else:
            item_id, serials = _item_of_piece(request, code), (code, *serials)
    if serials and step == "scan":
        return _scanned(posted, CountEntry(item_id, Decimal(1), None, zone, "", which, serials))
    if step.startswith("unit-"):
        unit_id = id_of(step.removeprefix("unit-"))
        return CountEntry(item_id, Decimal(1), unit_id, zone, which=which), Mode.ADD
    mode = Mode.SET if step == "set" else Mode.ADD
    typed = posted.get("quantity", "") if step in {"set", "scan"} else step
    quantity = strict_decimal(typed or "1", places=QUANTITY_PLACES, field="quantity")
    if mode is Mode.SET and quantity < 0:
        raise Refused("quantity_negative", "quantity", text=typed[:40])
    return CountEntry(item_id, quantity, unit_id, zone, which=which), mode


def _item_of_piece(request: Request, code: str) -> int:
    """The item whose piece bears this number. Raises Refused: barcode_unknown, serial_ambiguous."""
    found = items_of_number(request.actor, code) if request.actor.may("stock.view") else []
    if not found:
        raise Refused("barcode_unknown", "code", barcode=code[:40])
    if len(found) > 1:
        raise Refused("serial_ambiguous", "code", serial_no=code, count=len(found))
    return found[0]


def _scanned(posted: QueryDict, entry: CountEntry) -> tuple[CountEntry, Mode]:
    """As many pieces as are named, or, where a quantity below zero is typed, as many fewer."""
    typed = posted.get("quantity", "").strip() or str(len(entry.serials))
    quantity = strict_decimal(typed, places=QUANTITY_PLACES, field="quantity")
    return replace(entry, quantity=quantity), Mode.ADD


@require_POST
def sheet(request: Request, count_id: int) -> HttpResponse:
    """A whole sheet, pasted or as a file; when a line is wrong every wrong line is shown."""
    text = request.POST.get("text", "")
    try:
        if (file := request.FILES.get("file")) is not None:
            text = text_of_sheet(file.read())
        intent = reading.intent_of(request.POST.get("intent", ""))
        tallies.record_sheet(count_id, text, intent, actor=request.actor)
    except Refused as refusal:
        if HTTP_STATUS[refusal.code] == 403 or refusal.code == "not_found":
            raise
        return _page(request, count_id, refusal, text)
    return _next(request, reverse("count", args=[count_id]), "盘点表已录入。")


def _next(request: Request, url: str, said: str) -> HttpResponse:
    if said:
        messages.success(request, said)
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)


def _page(
    request: Request, count_id: int, refusal: Refused | None = None, typed: str = ""
) -> HttpResponse:
    found = queries.stock_count(request.actor, count_id)
    page: Shown = shown(request, found)
    errors = _sentences(refusal) if refusal else []
    context = shell.page(request, "盘点单", found.number or f"草稿 {found.pk}") | {
        "count": page,
        "errors": errors[:ERRORS_SHOWN],
        "more_errors": max(0, len(errors) - ERRORS_SHOWN),
        "typed": typed,
    }
    status = HTTP_STATUS[refusal.code] if refusal else 200
    return render(request, "web/count.html", context, status=status)


def _sentences(refusal: Refused) -> list[str]:
    """One sentence for everything that is wrong, with the number of its line."""
    if not isinstance(refusal, RefusedLines):
        return [sentence(refusal)]
    return [f"第 {_line(one)} 行：{sentence(one)}" for one in refusal.refusals]


def _line(refusal: Refused) -> str:
    return (refusal.field or "lines.？").split(".")[1]
