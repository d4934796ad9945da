"""Items: the list, the card and the form."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from hengcang.catalog import actions, queries
from hengcang.catalog.queries import ItemFilter
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor, FieldClass
from hengcang.kernel.errors import Refused
from hengcang.ledger import queries as books
from hengcang.ledger.queries import StockFilter, StockRow
from hengcang.pages.forms import Field
from hengcang.pages.tables import Cell, Column, ListPage, Row, Tab, Tone
from hengcang.web.masters import forms, item_forms, lists
from hengcang.web.masters.reading import Reader, id_of, text_of
from hengcang.web.masters.words import price, quantity
from hengcang.web.requests import Request

STATES = (("", "启用", True), ("disabled", "停用", False), ("all", "全部", None))


@require_GET
def item_list(request: Request) -> HttpResponse:
    """Items by code, 50 a page, with what is available in the actor's warehouses."""
    state = request.GET.get("state", "")
    active = next((flag for code, _, flag in STATES if code == state), True)
    wanted = ItemFilter(
        words=text_of(request.GET, "q"),
        category_path=text_of(request.GET, "category"),
        family_id=id_of(request.GET.get("family", "")),
        is_active=active,
        after=text_of(request.GET, "after"),
        limit=lists.PAGE + 1,
    )
    rows = queries.items(request.actor, wanted)
    shown, next_url = lists.cut(request, rows, lambda item: item.code)
    page = ListPage(
        key="items",
        title="商品",
        url=reverse("item-list"),
        columns=_columns(request.actor, state),
        rows=_rows(request.actor, shown, state),
        count=f"{queries.item_count(request.actor, wanted):,} 种",
        tabs=_tabs(request, state),
        filters=_filters(request),
        kept=lists.kept(request, "state", "family"),
        next_url=next_url,
        first_url=lists.first_url(request),
        clear_url=lists.clear_url(request, "q", "category", "family"),
        new_url=reverse("item-new") if request.actor.may("item.save") else "",
        new_label="新建商品",
        empty="没有符合条件的商品，试试清空筛选，或新建一个。",
    )
    return lists.answer(request, page)


def _filters(request: Request) -> list[Field]:
    paths = [(c.path, c.path) for c in queries.categories(request.actor)]
    return [
        Field(
            "q",
            "搜索",
            "search",
            value=text_of(request.GET, "q"),
            placeholder="编码、条码、名称或拼音",
        ),
        Field(
            "category",
            "类别",
            "select",
            value=text_of(request.GET, "category"),
            options=forms.options(paths, "全部类别"),
        ),
    ]


def _tabs(request: Request, state: str) -> list[Tab]:
    url = reverse("item-list")
    tabs = [
        Tab(label, f"{url}?{urlencode({'state': code})}" if code else url, current=code == state)
        for code, label, _ in STATES
    ]
    return [*tabs, Tab("多规格款", reverse("family-list"))]


def _columns(actor: Actor, state: str) -> list[Column]:
    columns = [
        Column("code", "编码"),
        Column("name", "名称"),
        Column("spec", "规格"),
        Column("category", "类别"),
        Column("brand", "品牌", hidden=True),
        Column("uom", "单位"),
        Column("sale_price", "售价", numeric=True),
    ]
    if actor.sees(FieldClass.COST):
        columns.append(Column("purchase_price", "进价", numeric=True))
    if actor.may("stock.view"):
        columns += [
            Column("on_hand", "实存", numeric=True),
            Column("available", "可用", numeric=True),
        ]
    return [*columns, Column("state", "状态")] if state == "all" else columns


def _rows(actor: Actor, items: Sequence[Any], state: str) -> list[Row]:
    stock = _stock(actor, [item.pk for item in items]) if actor.may("stock.view") else None
    rows = [_row(actor, item, stock) for item in items]
    if state != "all":
        return rows
    return [
        replace(row, cells=[*row.cells, lists.active_cell(item.is_active)])
        for row, item in zip(rows, items, strict=True)
    ]


def _stock(actor: Actor, item_ids: list[int]) -> dict[int, list[StockRow]]:
    wanted = StockFilter(item_ids=tuple(item_ids), nonzero=False, limit=lists.PAGE * 40)
    found: dict[int, list[StockRow]] = {}
    for row in books.on_hand(actor, wanted) if item_ids else []:
        found.setdefault(row.item_id, []).append(row)
    return found


def _row(actor: Actor, item: Any, stock: dict[int, list[StockRow]] | None) -> Row:
    url = reverse("item", args=[item.pk])
    cells = [
        Cell(item.code),
        Cell(item.name, url=url),
        Cell(item.spec),
        Cell(item.category.path if item.category else ""),
        Cell(item.brand.name if item.brand else ""),
        Cell(item.base_uom.name),
        Cell(price(item.sale_price)),
    ]
    if actor.sees(FieldClass.COST):
        cells.append(Cell(price(item.purchase_price)))
    if stock is not None:
        rows = stock.get(item.pk, [])
        available = sum((r.available for r in rows), start=lists.ZERO)
        tone: Tone = "out" if rows and available <= 0 else ""
        cells.append(Cell(quantity(sum((r.on_hand for r in rows), start=lists.ZERO))))
        cells.append(Cell(quantity(available), tone=tone))
    return Row(cells, url=url, muted=not item.is_active)


@require_GET
def item_options(request: Request) -> HttpResponse:
    """At most 12 items for a pick-box."""
    text = text_of(request.GET, "q")
    hits = queries.suggest_items(request.actor, text)
    found = [
        lists.choice(hit.item.pk, hit.item.name, f"{hit.item.code} {hit.item.spec}".strip())
        for hit in hits
    ]
    return render(request, "pages/_options.html", {"options": found, "query": text})


@require_http_methods(["GET", "POST"])
def item_new(request: Request) -> HttpResponse:
    """A new item, or the form again with what is wrong."""
    demand(request.actor, "item.save")
    copied = id_of(request.GET.get("copy", ""))
    values = _copied(request.actor, copied) if copied else item_forms.NEW
    if request.method == "POST":
        values = request.POST.dict()
        reader = Reader(values)
        draft = item_forms.draft(reader, None)
        if not reader.errors:
            try:
                item = actions.save_item(draft, actor=request.actor)
            except Refused as refusal:
                reader.refuse(refusal, item_forms.field_of(refusal, values))
            else:
                return forms.done(request, reverse("item", args=[item.pk]), f"已新建{item.name}。")
        return forms.refused(request, _page(request, values, None), reader.errors)
    return forms.show(request, _page(request, values, None))


def _copied(actor: Actor, item_id: int) -> dict[str, str]:
    """The values of another item, without what must be its own."""
    values = item_forms.values_of(queries.item(actor, item_id))
    own = {name for name in values if name == "code" or name.endswith("barcodes")}
    return {name: value for name, value in values.items() if name not in own}


@require_http_methods(["GET", "POST"])
def item_change(request: Request, item_id: int) -> HttpResponse:
    """The item as filled in, or the form again with what is wrong."""
    demand(request.actor, "item.save")
    item = queries.item(request.actor, item_id)
    if request.method == "GET":
        return forms.show(request, _page(request, item_forms.values_of(item), item))
    values = request.POST.dict()
    reader = Reader(values)
    draft = item_forms.draft(reader, item)
    version = reader.whole("version") or 0
    if not reader.errors:
        try:
            actions.change_item(item_id, version, draft, actor=request.actor)
        except Refused as refusal:
            if refusal.code == forms.STALE:
                return forms.conflict(request, _page(request, values, item), refusal)
            reader.refuse(refusal, item_forms.field_of(refusal, values))
        else:
            return forms.done(request, reverse("item", args=[item_id]), "已保存。")
    return forms.refused(request, _page(request, values, item), reader.errors)


def _page(request: Request, values: item_forms.Values, item: Any) -> Any:
    cancel = reverse("item", args=[item.pk]) if item else reverse("item-list")
    return item_forms.page(
        request.actor, values, save_url=request.path, cancel_url=cancel, item=item
    )


@require_http_methods(["GET", "POST"])
def item_disable(request: Request, item_id: int) -> HttpResponse:
    """Asks first; then new lines can no longer name the item."""
    item = queries.item(request.actor, item_id)
    demand(request.actor, "item.save")
    url = reverse("item", args=[item_id])
    if request.method == "POST":
        actions.disable_item(item_id, actor=request.actor)
        return forms.done(request, url, f"已停用{item.name}。")
    question = forms.Question(
        f"停用 {item.name}",
        "停用后新单据不能再选这个商品；已有单据、库存和台账都保留，随时可以重新启用。",
        request.path,
        url,
        "停用",
    )
    return forms.show(request, question.form())


@require_http_methods(["GET", "POST"])
def item_enable(request: Request, item_id: int) -> HttpResponse:
    """Asks first; then new lines may name the item again."""
    item = queries.item(request.actor, item_id)
    demand(request.actor, "item.save")
    url = reverse("item", args=[item_id])
    if request.method == "POST":
        actions.enable_item(item_id, actor=request.actor)
        return forms.done(request, url, f"已启用{item.name}。")
    question = forms.Question(
        f"启用 {item.name}", "启用后新单据可以再选这个商品。", request.path, url, "启用"
    )
    return forms.show(request, question.form())
