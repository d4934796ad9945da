"""替代品 of an item: one line each, by code."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from hengcang.catalog import queries
from hengcang.catalog.substitutes import (
    Substitute,
    SubstituteDraft,
    save_substitutes,
    substitutes,
)
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.refusals import sentence
from hengcang.ledger.queries import StockFilter, on_hand
from hengcang.pages.cards import Card
from hengcang.pages.editor import Link
from hengcang.pages.forms import Field, FormPage, Section
from hengcang.pages.tables import Cell, Column, Row, Table
from hengcang.web import shell
from hengcang.web.masters import forms
from hengcang.web.masters.reading import Reader
from hengcang.web.masters.words import quantity
from hengcang.web.requests import Request

ONE_WAY = "单向"
HELP = "每行一个：编码、备注、单向（用逗号或制表符分开，后两项可不填）。不写单向就是互相替代。"


@require_GET
def item_substitutes(request: Request, item_id: int) -> HttpResponse:
    """What can be given instead of an item, with what is available of each."""
    actor = request.actor
    item = queries.item_head(actor, item_id)
    change = reverse("item-substitutes-change", args=[item_id])
    empty = Table("替代品", [Column("item", "商品")], [], empty="还没有替代品。")
    card = Card(
        title=f"{item.name} 的替代品",
        subtitle="一换一；库存不足时，提示里列出同仓可用的替代品",
        actions=[Link("商品", "package", reverse("item", args=[item_id]))],
        edit_url=change if actor.may("item.save") else "",
        tables=[table(actor, item_id) or empty],
    )
    context = shell.page(request, card.title, card.title) | {"card": card}
    return render(request, "pages/card.html", context)


@require_http_methods(["GET", "POST"])
def substitutes_change(request: Request, item_id: int) -> HttpResponse:
    """The list as typed, or the form again with every wrong line named."""
    demand(request.actor, "item.save")
    item = queries.item(request.actor, item_id)
    if request.method == "GET":
        own = [one for one in substitutes(request.actor, item_id) if one.is_own]
        return forms.show(request, _page(request, {"lines": "\n".join(map(_line, own))}, item))
    posted = request.POST.dict()
    reader = Reader(posted)
    version = reader.whole("version") or 0
    drafts = [_draft(line) for line in posted.get("lines", "").splitlines() if line.strip()]
    try:
        save_substitutes(item_id, version, drafts, actor=request.actor)
    except RefusedLines as refusal:
        told = [f"第 {_number(one)} 行：{sentence(one)}" for one in refusal.refusals]
        return forms.refused(request, _page(request, posted, item), {"lines": " ".join(told)})
    except Refused as refusal:
        if refusal.code == forms.STALE:
            return forms.conflict(request, _page(request, posted, item), refusal)
        reader.refuse(refusal, "lines")
        return forms.refused(request, _page(request, posted, item), reader.errors)
    return forms.done(request, reverse("item-substitutes", args=[item_id]), "已保存替代品。")


def _number(refusal: Refused) -> str:
    return (refusal.field or "lines.?").split(".")[1]


def _line(one: Substitute) -> str:
    cells = [one.code, one.note, "" if one.both_ways else ONE_WAY]
    return "，".join(cells).rstrip("，")


def _draft(line: str) -> SubstituteDraft:
    code, note, way, *_ = [
        *(cell.strip() for cell in line.replace("\t", "，").replace(",", "，").split("，")),
        "",
        "",
    ]
    if note == ONE_WAY and not way:
        note, way = "", ONE_WAY
    return SubstituteDraft(code, both_ways=way != ONE_WAY, note=note)


def _page(request: Request, values: Mapping[str, str], item: Any) -> FormPage:
    fields = [Field("lines", "替代品", "textarea", span=3, help=HELP)]
    return FormPage(
        title=f"{item.name} 的替代品",
        save_url=request.path,
        sections=[Section("", forms.filled(fields, values, {}))],
        cancel_url=reverse("item-substitutes", args=[item.pk]),
        version=str(values.get("version") or item.version),
    )


def table(actor: Actor, item_id: int) -> Table | None:
    """The substitutes with what is available of each; None without any."""
    found = substitutes(actor, item_id)
    if not found:
        return None
    ids = tuple({one.item_id for one in found})
    wanted = StockFilter(item_ids=ids, nonzero=False, limit=500)
    stock = on_hand(actor, wanted) if actor.may("stock.view") else []
    free: dict[int, Any] = {}
    for row in stock:
        free[row.item_id] = free.get(row.item_id, 0) + row.available
    columns = [
        Column("item", "商品"),
        Column("way", "方向"),
        Column("available", "可用", numeric=True),
        Column("note", "备注"),
    ]
    rows = [
        Row(
            [
                Cell(one.name, note=f"{one.code} {one.spec}".strip()),
                Cell("互相替代" if one.both_ways else "只替代本商品"),
                Cell(quantity(free.get(one.item_id, 0))),
                Cell(one.note),
            ],
            url=reverse("item", args=[one.item_id]),
            muted=not one.is_active,
        )
        for one in found
    ]
    return Table("替代品", columns, rows)
