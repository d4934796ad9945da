"""库存台账: an item, in one warehouse or all, over a period, every movement with its balance."""

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from hengcang.catalog import queries as catalog
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.kernel.refusals import sentence
from hengcang.ledger import queries, recent
from hengcang.ledger.history import ItemLedger, LedgerFilter, LedgerRow, ledger_of
from hengcang.pages import cards
from hengcang.pages.cards import Ledger
from hengcang.pages.forms import Field
from hengcang.places import queries as places
from hengcang.web import clock, shell
from hengcang.web.masters import forms, links, lists
from hengcang.web.masters.reading import day_of, id_of
from hengcang.web.masters.words import days_before, first_of_month, plain, price
from hengcang.web.requests import Request

MONTHS_SHOWN = 3
_AFTER = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})~([0-9]{1,18})", re.ASCII)


def ledger_url(item_id: int, warehouse_id: int | None) -> str:
    """The ledger of an item, in one warehouse or in all."""
    query = {"item": str(item_id)} | ({"warehouse": str(warehouse_id)} if warehouse_id else {})
    return f"{reverse('item-ledger')}?{urlencode(query)}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; `errors` by field, where it cannot be read."""

    item_id: int | None
    warehouse_id: int | None
    since: date
    until: date
    after: tuple[date, int] | None
    errors: dict[str, str]


@require_GET
def item_ledger(request: Request) -> HttpResponse:
    """Every movement with its document and the balance after it; 50 rows a page."""
    asked = _asked(request)
    item = catalog.item_head(request.actor, asked.item_id) if asked.item_id else None
    filters = _filters(request, asked, item)
    if item is None:
        page = Ledger("", "", reverse("item-ledger"), filters, [], chosen=False)
    else:
        page = _page(request, asked, item, filters)
    if request.htmx:
        return render(request, "pages/_ledger.html", {"ledger": page})
    context = shell.page(request, "库存台账") | {"ledger": page}
    return render(request, "pages/ledger.html", context)


def _asked(request: Request) -> Asked:
    today = clock.today()
    start = first_of_month(days_before(first_of_month(today), 31 * (MONTHS_SHOWN - 1)))
    errors: dict[str, str] = {}

    def day(name: str, otherwise: date) -> date:
        typed = request.GET.get(name, "").strip()
        try:
            return day_of(typed) if typed else otherwise
        except Refused as refusal:
            errors[name] = sentence(refusal)
            return otherwise

    return Asked(
        item_id=id_of(request.GET.get("item", "")),
        warehouse_id=id_of(request.GET.get("warehouse", "")),
        since=day("from", start),
        until=day("to", today),
        after=_position(request.GET.get("after", "")),
        errors=errors,
    )


def _position(text: str) -> tuple[date, int] | None:
    match = _AFTER.fullmatch(text)
    try:
        return (day_of(match[1]), int(match[2])) if match else None
    except Refused:
        return None


def _filters(request: Request, asked: Asked, item: Any) -> list[Field]:
    warehouses = [(w.pk, w.name) for w in places.warehouses(request.actor)]
    return [
        Field(
            "item",
            "商品",
            "pick",
            value=str(item.pk) if item else "",
            shown=item.name if item else "",
            url=reverse("item-options"),
            placeholder="编码、条码、名称或拼音首字母",
        ),
        Field(
            "warehouse",
            "仓库",
            "select",
            value=str(asked.warehouse_id or ""),
            options=forms.options(warehouses, "全部仓库"),
        ),
        Field("from", "开始日期", "date", asked.since.isoformat(), error=_error(asked, "from")),
        Field("to", "结束日期", "date", asked.until.isoformat(), error=_error(asked, "to")),
    ]


def _error(asked: Asked, name: str) -> str:
    return asked.errors.get(name, "")


def _page(request: Request, asked: Asked, item: Any, filters: list[Field]) -> Ledger:
    actor = request.actor
    wanted = LedgerFilter(
        item.pk, asked.since, asked.until, asked.warehouse_id, asked.after, lists.PAGE
    )
    found = ledger_of(actor, wanted)
    moved = recent.moved_values(actor, wanted)
    with_balance = recent.has_money_of_its_own(actor, asked.warehouse_id)
    checked = queries.last_verification(actor)
    return Ledger(
        title=item.name,
        subtitle=_subtitle(item, asked, hides_money=moved is not None and not with_balance),
        url=reverse("item-ledger"),
        filters=filters,
        rows=_rows(actor, asked, found.rows, with_balance=with_balance),
        opening_quantity=plain(found.opening),
        opening_amount=_if(with_balance, found.opening_value),
        total_in=plain(found.total_in),
        total_in_amount=plain(moved.came) if moved else "",
        total_out=plain(found.total_out),
        total_out_amount=plain(moved.went) if moved else "",
        closing_quantity=plain(found.closing),
        closing_amount=_if(with_balance, found.closing_value),
        with_cost=moved is not None,
        agrees=recent.agrees(actor, item.pk, asked.warehouse_id),
        checked_at=clock.clock_time(checked.at) if checked else "",
        next_url=_next(request, found),
        item_url=reverse("item", args=[item.pk]),
    )


def _subtitle(item: Any, asked: Asked, *, hides_money: bool) -> str:
    said = f"{item.code} {item.spec} · 单位 {item.base_uom.name}"
    if hides_money:
        said += " · 成本按全公司计算，选“全部仓库”看结存金额"
    return said


def _rows(
    actor: Actor, asked: Asked, rows: list[LedgerRow], *, with_balance: bool
) -> list[cards.LedgerRow]:
    """Without a warehouse chosen each row says in which it was."""
    named = links.documents(actor, [(row.kind, row.source_id) for row in rows])
    made = []
    for row in rows:
        document = named[row.kind, row.source_id]
        label = document.label if asked.warehouse_id else f"{document.label} · {row.warehouse}"
        shown = row if with_balance else replace(row, running_value=None)
        made.append(_row(shown, replace(document, label=label)))
    return made


def _row(row: LedgerRow, document: links.Named) -> cards.LedgerRow:
    came, went = row.quantity > 0, row.quantity < 0
    value = row.running_value
    unit_cost = value / row.running if value is not None and row.running > 0 else None
    return cards.LedgerRow(
        dated=row.dated.isoformat(),
        kind_label=document.label,
        number=document.number,
        url=document.url,
        partner=document.partner,
        quantity_in=plain(row.quantity) if came else "",
        amount_in=plain(row.value) if came else "",
        quantity_out=plain(-row.quantity) if went else "",
        amount_out=_negated(row.value) if went else "",
        quantity=plain(row.running),
        unit_cost="" if unit_cost is None else price(unit_cost.quantize(Decimal("0.0001"))),
        amount=plain(value),
    )


def _negated(value: Decimal | None) -> str:
    return "" if value is None else plain(-value)


def _if(shown: bool, value: Decimal | None) -> str:  # noqa: FBT001 - a column's condition
    return plain(value) if shown else ""


def _next(request: Request, found: ItemLedger) -> str:
    if not found.has_more:
        return ""
    last = found.rows[-1]
    return lists.with_query(request, after=f"{last.dated.isoformat()}~{last.position}")
