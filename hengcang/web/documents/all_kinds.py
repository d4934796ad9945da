"""全部单据: documents of every kind in one list, found by number, partner, day, kind and state."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from hengcang.documents.flow import STATUS_LABELS, Status
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.kernel.refusals import sentence
from hengcang.pages.forms import Field, Option
from hengcang.pages.tables import Cell, Column, ListPage, Row
from hengcang.partners import queries as partners
from hengcang.places.queries import warehouses
from hengcang.register.all_kinds import AnyDocumentFilter, any_listed
from hengcang.register.kinds import BY_CODE, KINDS
from hengcang.stock.queries import ends_of
from hengcang.web.documents.lists import ENDED
from hengcang.web.masters import lists, words
from hengcang.web.masters.links import PILLS, document_url, may_see_amount
from hengcang.web.masters.reading import day_of, id_of, text_of
from hengcang.web.requests import Request

FILTERS = ("q", "kind", "status", "warehouse", "partner", "from", "to")
COLUMNS = (
    Column("number", "单号"),
    Column("kind", "单据"),
    Column("partner", "往来单位"),
    Column("dated", "日期"),
    Column("warehouse", "仓库"),
    Column("external_no", "外部单号", hidden=True),
    Column("created_by", "制单人"),
    Column("amount", "金额（元）", numeric=True),
    Column("status", "状态"),
)


@require_GET
def all_documents(request: Request) -> HttpResponse:
    """Fifty a page, newest first, of the kinds the actor may see; for htmx only the rows."""
    actor = request.actor
    errors: dict[str, str] = {}
    found = any_listed(actor, _wanted(request, errors))
    shown, next_url = lists.cut(
        request, found, lambda row: f"{row.dated}.{row.document_id}.{row.kind}"
    )
    filtered = any(request.GET.get(name) for name in FILTERS)
    page = ListPage(
        key="all-documents",
        title="全部单据",
        url=reverse("all-documents"),
        columns=COLUMNS,
        rows=_rows(actor, list(shown)),
        filters=_filters(request, errors),
        next_url=next_url,
        first_url=lists.first_url(request),
        clear_url=lists.clear_url(request, *FILTERS),
        empty="没有符合条件的单据，试试清空筛选。" if filtered else "还没有单据。",
    )
    return lists.answer(request, page)


def _wanted(request: Request, errors: dict[str, str]) -> AnyDocumentFilter:
    get = request.GET
    kind, status = get.get("kind", ""), get.get("status", "")
    return AnyDocumentFilter(
        words=text_of(get, "q"),
        kind=kind if kind in BY_CODE else "",
        status=status if status in STATUS_LABELS else "",
        partner_id=id_of(get.get("partner", "")),
        warehouse_id=id_of(get.get("warehouse", "")),
        dated_from=_day(get, "from", errors),
        dated_to=_day(get, "to", errors),
        after=_after(get.get("after", "")),
        limit=lists.PAGE + 1,
    )


def _day(get: Mapping[str, str], name: str, errors: dict[str, str]) -> date | None:
    """The day, or None and what is wrong with it."""
    typed = get.get(name, "").strip()
    try:
        return day_of(typed, name) if typed else None
    except Refused as refusal:
        errors[name] = sentence(refusal)
        return None


def _after(text: str) -> tuple[date, int, str] | None:
    """The keyset position; a broken one is the first page."""
    day, _, rest = text.partition(".")
    number, _, kind = rest.partition(".")
    try:
        document_id = id_of(number)
        return (day_of(day), document_id, kind) if document_id and kind in BY_CODE else None
    except Refused:
        return None


def _rows(actor: Actor, found: list[Any]) -> list[Row]:
    ends = ends_of(actor, [row.document_id for row in found if row.kind == "stock_transfer"])
    return [_row(actor, row, ends) for row in found]


def _row(actor: Actor, row: Any, ends: Mapping[int, str]) -> Row:
    end = ends.get(row.document_id, "") if row.kind == "stock_transfer" else ""
    amount = "" if row.amount is None else words.money(row.amount)
    cells = [
        Cell(row.number or f"草稿 {row.document_id}"),
        Cell(BY_CODE[row.kind].label),
        Cell(row.partner.name if row.partner else ""),
        Cell(row.dated.isoformat()),
        Cell(f"{row.warehouse.name} → {end}" if end else row.warehouse.name),
        Cell(row.external_no),
        Cell(row.created_by_name),
        Cell(amount if may_see_amount(actor, row.kind) else ""),
        Cell(STATUS_LABELS[Status(row.status)], pill=PILLS[row.status]),
    ]
    url = document_url(row.kind, row.document_id)
    return Row(cells, url=url, muted=row.status in ENDED)


def _filters(request: Request, errors: Mapping[str, str]) -> list[Field]:
    actor, get = request.actor, request.GET
    kinds = [Option(k.code, k.label) for k in KINDS if actor.may(f"{k.code}.view")]
    states = [Option(status.value, label) for status, label in STATUS_LABELS.items()]
    places = [Option(str(place.pk), place.name) for place in warehouses(actor)]
    partner_id = id_of(get.get("partner", ""))
    return [
        Field("q", "搜索", "search", text_of(get, "q"), placeholder="单号头尾、往来单位名或拼音"),
        _select(request, "kind", [Option("", "全部单据"), *kinds]),
        _select(request, "status", [Option("", "全部状态"), *states]),
        _select(request, "warehouse", [Option("", "全部仓库"), *places]),
        Field(
            "partner",
            "往来单位",
            "pick",
            str(partner_id or ""),
            shown=_name(actor, partner_id),
            url=reverse("suggest-partners"),
            placeholder="往来单位",
        ),
        Field("from", "起始日期", "date", get.get("from", ""), error=errors.get("from", "")),
        Field("to", "截止日期", "date", get.get("to", ""), error=errors.get("to", "")),
    ]


def _select(request: Request, name: str, options: list[Option]) -> Field:
    labels = {"kind": "单据", "status": "状态", "warehouse": "仓库"}
    return Field(name, labels[name], "select", request.GET.get(name, ""), options=options)


def _name(actor: Actor, partner_id: int | None) -> str:
    try:
        return partners.partner(actor, partner_id).name if partner_id else ""
    except Refused:
        return ""
