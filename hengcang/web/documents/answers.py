"""Small answers for the grid: suggestions, scanned and pasted codes, stock and past prices."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from hengcang.catalog import queries as catalog
from hengcang.catalog.queries import ItemHit
from hengcang.documents.drafts import MAX_LINES
from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import shown
from hengcang.kernel.refusals import HTTP_STATUS, sentence
from hengcang.kernel.rounding import ZERO
from hengcang.ledger.queries import StockFilter, on_hand
from hengcang.pages.cards import Choice, Suggestion
from hengcang.pages.tables import Cell, Column, Row, Table
from hengcang.partners import queries as partners
from hengcang.purchasing import queries as purchasing
from hengcang.register.kinds import Kind
from hengcang.sales import queries as sales
from hengcang.web.documents import around, grid, supplier_offers
from hengcang.web.documents.grid import Setting
from hengcang.web.documents.layouts import columns_of
from hengcang.web.masters import substitutes, words
from hengcang.web.reading import id_of
from hengcang.web.requests import Request

LONGEST = 80
ROLES = {"customer": partners.Role.CUSTOMER, "supplier": partners.Role.SUPPLIER}


@require_GET
def suggest_items(request: Request, kind: Kind) -> HttpResponse:
    """Options of the typeahead for ?q=, with stock in ?warehouse= and prices of ?partner=."""
    query = _typed(request, "q")
    hits = catalog.suggest_items(request.actor, query)
    offers = _offers(request, kind, hits, query)
    return render(request, "pages/_suggest.html", {"items": offers, "query": query})


@require_GET
def suggest_partners(request: Request) -> HttpResponse:
    """Options of a pick-box for ?q= and ?role=."""
    query = _typed(request, "q")
    role = ROLES.get(request.GET.get("role", ""))
    found = partners.suggest_partners(request.actor, query, role)
    options = [Choice(str(partner.pk), partner.name, partner.code) for partner in found]
    return render(request, "pages/_options.html", {"options": options, "query": query})


@require_POST
def resolve_items(request: Request, kind: Kind) -> HttpResponse:
    """{"codes": […]} → {"items": [answer or null]}, in order; codes are codes or barcodes."""
    try:
        texts = _codes(request.body)
    except Refused as refusal:
        return _told(refusal)
    hits = catalog.hits_by_code(request.actor, texts)
    found = {code: offer.answer() for code, offer in _offered(request, kind, hits).items()}
    return JsonResponse({"items": [found.get(code) for code in texts]})


@require_GET
def scan(request: Request, kind: Kind) -> HttpResponse:
    """The item of the scanned ?code= as JSON; an unknown one is 404 with its sentence."""
    code = _typed(request, "code")
    try:
        hit = catalog.item_by_barcode(request.actor, code)
    except Refused as refusal:
        return _told(refusal)
    return JsonResponse(_offers(request, kind, [hit], code)[0].answer())


def _typed(request: Request, name: str) -> str:
    """What was typed, as far as anything can be called so."""
    return request.GET.get(name, "").replace("\x00", "")[:LONGEST]


def _codes(body: bytes) -> list[str]:
    """Raises Refused("body_unreadable")."""
    try:
        codes = json.loads(body)["codes"]
    except (ValueError, KeyError, TypeError):
        codes = None
    if not isinstance(codes, list):
        raise Refused("body_unreadable", reason='应为 {"codes": [编码或条码]}')
    return [str(code).replace("\x00", "")[:LONGEST] for code in codes[:MAX_LINES]]


def _told(refusal: Refused) -> JsonResponse:
    answer = {"code": refusal.code, "message": sentence(refusal), "facts": refusal.facts}
    return JsonResponse(answer, status=HTTP_STATUS[refusal.code])


def _offered(request: Request, kind: Kind, hits: dict[str, ItemHit]) -> dict[str, Suggestion]:
    offers = _offers(request, kind, list(hits.values()), "")
    return dict(zip(hits, offers, strict=True))


def _offers(request: Request, kind: Kind, hits: Sequence[ItemHit], query: str) -> list[Suggestion]:
    """Suggestions with what the actor may see of stock and prices: five queries at most."""
    at = Setting(
        request.actor,
        kind,
        columns_of(request.actor, kind, typed_by_actor=True),
        warehouse_id=id_of(request.GET.get("warehouse", "")),
        partner_id=id_of(request.GET.get("partner", "")),
    )
    items = [hit.item.pk for hit in hits]
    prices = grid.prices_of(at, items)
    last = grid.last_prices(at, items, prices)
    known = grid.Known(stock=grid.stock_of(at, items), last=last, prices=prices)
    found = [_offer(hit, at, known, query.strip()) for hit in hits]
    return supplier_offers.offered(found, hits, at)


def _offer(hit: ItemHit, at: Setting, known: grid.Known, query: str) -> Suggestion:
    item, stocked = hit.item, known.stock.get(hit.item.pk)
    last = known.last.get(item.pk)
    looked = bool(known.stock) or (at.columns.available and at.warehouse_id is not None)
    available = stocked.available if stocked else ZERO
    return Suggestion(
        id=str(item.pk),
        code=item.code,
        name=item.name,
        spec=item.spec,
        uoms=grid.uoms_of(list(item.uoms.all()), at, known),
        uom=str(hit.uom.pk),
        price=grid.proposed(hit, at, known) if at.columns.price else "",
        why=grid.reason_of(hit, known),
        last=shown(last.price) if last else "",
        available=str(available) if looked else "",
        unit=item.base_uom.name,
        tone=grid.tone_of(available) if looked else "",
        tax=shown(item.tax_rate),
        exact=bool(query) and item.code.casefold() == query.casefold(),
    )


@require_GET
def peek_stock(request: Request) -> HttpResponse:
    """F4: where ?item= is, in the actor's warehouses, and what can be given instead."""
    item_id = id_of(request.GET.get("item", ""))
    item = catalog.item(request.actor, item_id or 0)
    found = on_hand(request.actor, StockFilter(item_ids=(item.pk,), nonzero=False))
    rows = [
        Row([Cell(row.warehouse), *map(_quantity, _four(row))], muted=row.on_hand == 0)
        for row in found
    ]
    if len(found) > 1:
        sums = [sum(each, start=ZERO) for each in zip(*map(_four, found), strict=True)]
        rows.append(Row([Cell("合计"), *map(_quantity, sums)], total=True))
    columns = [Column("warehouse", "仓库")] + [
        Column(label, label, numeric=True) for label in ("现存", "占用", "可用", "在途")
    ]
    title = f"{item.name} {item.spec} 的库存（{item.base_uom.name}）"
    table = Table(title, columns, rows, empty="还没有入过库。")
    context = {"table": table, "others": substitutes.table(request.actor, item.pk)}
    return render(request, "pages/_peek.html", context)


def _four(row: object) -> list[Decimal]:
    return [getattr(row, name) for name in ("on_hand", "reserved", "available", "on_order")]


def _quantity(value: Decimal) -> Cell:
    return Cell(words.quantity(value), tone="out" if value < 0 else "")


@require_GET
def peek_prices(request: Request, kind: Kind) -> HttpResponse:
    """F8: the last ten prices of ?item=, with ?partner= of that partner and, behind, of all."""
    item = catalog.item(request.actor, id_of(request.GET.get("item", "")) or 0)
    partner_id = id_of(request.GET.get("partner", ""))
    everybody = _past(request, kind, item, None)
    own = everybody if partner_id is None else _past(request, kind, item, partner_id)
    context = {"table": own, "others": None if own is everybody else everybody}
    return render(request, "pages/_peek.html", context)


def _past(request: Request, kind: Kind, item: Any, partner_id: int | None) -> Table:
    past = sales.past_prices if kind.role == "customer" else purchasing.past_prices
    rows = [
        Row(
            [
                Cell(price.dated.isoformat()),
                Cell(price.number or ""),
                Cell(price.partner_name),
                Cell(f"{words.quantity(price.quantity)} {price.uom}"),
                Cell(shown(price.price)),
                Cell(shown(price.discount_rate)),
            ]
        )
        for price in past(request.actor, item.pk, partner_id)
    ]
    columns = [
        Column("dated", "日期"),
        Column("number", "单号"),
        Column("partner", "往来单位"),
        Column("quantity", "数量", numeric=True),
        Column("price", "单价", numeric=True),
        Column("discount", "折扣%", numeric=True),
    ]
    whose = "本单位" if partner_id else "所有单位"
    return Table(f"{item.name} {whose}最近 10 次成交", columns, rows, empty="没有成交过。")


@require_GET
def side(request: Request, kind: Kind) -> HttpResponse:
    """The strip beside the head for ?partner=."""
    partner_id = id_of(request.GET.get("partner", ""))
    facts = around.side(request.actor, kind, partner_id, new=True)
    return render(request, "pages/_side.html", {"side": facts})
