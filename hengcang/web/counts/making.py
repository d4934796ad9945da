"""A new count, and the rules about differences."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hengcang.catalog import queries as catalog
from hengcang.documents.attempts import action
from hengcang.documents.drafts import Target
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.pages.forms import Field, FormPage, Section
from hengcang.places import queries as places
from hengcang.stock import queries
from hengcang.stock.actions import count_rules, counts
from hengcang.stock.count_drafts import CountDraft, CountScope
from hengcang.stock.variance import variance_lines
from hengcang.web import clock, reading
from hengcang.web.masters import forms
from hengcang.web.masters.reading import Reader, id_of
from hengcang.web.masters.words import plain
from hengcang.web.requests import Request

ZONE_LENGTH, NOTE_LENGTH = 40, 500


@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Which goods are to be counted; saving starts the counting."""
    demand(request.actor, "stock_count.save")
    if request.method == "GET":
        return forms.show(request, _page(request, _proposed(request), str(uuid4())))
    posted = request.POST.dict()
    reader = Reader(posted)
    try:
        draft = _draft(request, reader)
        if not reader.errors:
            made = _started(draft, request.actor)
            url = reverse("count", args=[made.pk])
            return forms.done(request, url, f"{made.number} 已开始盘点。")
    except Refused as refusal:
        reader.refuse(refusal)
    return forms.refused(request, _page(request, posted, posted.get("intent", "")), reader.errors)


@action
def _started(draft: CountDraft, actor: Actor) -> Any:
    made = counts.save_stock_count(draft, actor=actor)
    if made.status != "draft":  # the same press again
        return made
    return counts.start_stock_count(Target(made.pk, made.version), actor=actor)


def _proposed(request: Request) -> dict[str, str]:
    values = {"dated": clock.today().isoformat(), "scope": CountScope.ALL.value}
    if original := id_of(request.GET.get("copy", "")):
        count = queries.stock_count(request.actor, original)
        values |= {
            "warehouse": str(count.warehouse_id),
            "scope": count.scope,
            "zone": count.zone,
            "note": count.note,
            "category": str(count.category_id or ""),
        }
        if count.scope == CountScope.ITEMS:
            lines = variance_lines(request.actor, count)
            values["items"] = "\n".join(line.item_code for line in lines)
    return values


def _draft(request: Request, reader: Reader) -> CountDraft:
    """Raises Refused: field_invalid, field_missing, barcode_unknown."""
    scope = reader.text("scope")
    codes = reader.text("items").split()
    goods = catalog.items_by_barcode(request.actor, codes) if codes else {}
    for code in codes:
        if code not in goods:
            raise Refused("barcode_unknown", "items", barcode=code[:40])
    return CountDraft(
        client_uuid=reading.intent_of(reader.text("intent")),
        dated=reading.day_of(reader.required("dated", "盘点日期"), "dated"),
        warehouse_id=id_of(reader.required("warehouse", "仓库")) or 0,
        scope=CountScope(scope) if scope in CountScope.values else CountScope.ALL,
        category_id=id_of(reader.text("category")),
        item_ids=tuple(hit.item.pk for hit in goods.values()),
        zone=reading.plain_text(reader.text("zone"), "zone", "区域", ZONE_LENGTH),
        note=reading.plain_text(reader.text("note"), "note", "备注", NOTE_LENGTH),
    )


def _page(request: Request, values: Mapping[str, str], intent: str) -> FormPage:
    actor = request.actor
    warehouses = [(w.pk, w.name) for w in places.active_warehouses(actor)]
    categories = [(c.pk, c.path) for c in catalog.categories(actor)]
    fields = [
        Field(
            "warehouse",
            "仓库",
            "select",
            required=True,
            options=forms.options(warehouses, "请选择"),
        ),
        Field("dated", "盘点日期", "date", required=True),
        Field(
            "scope",
            "范围",
            "select",
            options=forms.options(CountScope.choices),
            help="按区域：扫到什么盘什么，扫到的商品按全仓账面对账。",
        ),
        Field("category", "类别", "select", options=forms.options(categories, "（范围选类别时）")),
        Field("zone", "区域", help="例如 A 区；多人分区时也可在盘点时各自填写。"),
        Field("note", "备注"),
        Field(
            "items",
            "商品编码或条码（范围选指定商品时）",
            "textarea",
            span=3,
            help="空格或换行分开。",
        ),
    ]
    return FormPage(
        title="新建盘点单",
        save_url=request.path,
        sections=[Section("", forms.filled(fields, values, {}))],
        save_label="开始盘点",
        cancel_url=reverse("document-list", args=["stock-counts"]),
        intent=intent,
    )


@require_http_methods(["GET", "POST"])
def rules(request: Request) -> HttpResponse:
    """From which difference on a cause and a person are asked for."""
    now = count_rules.rules_to_keep(actor=request.actor)
    if request.method == "GET":
        values = {
            "quantity": plain(now.cause_above_quantity),
            "value": plain(now.cause_above_value),
        }
        return forms.show(request, _rules_page(request, values))
    posted = request.POST.dict()
    reader = Reader(posted)
    quantity, value = reader.price("quantity"), reader.money("value")
    if reader.errors:
        return forms.refused(request, _rules_page(request, posted), reader.errors)
    count_rules.save_count_rules(quantity, value, actor=request.actor)
    url = reverse("document-list", args=["stock-counts"])
    return forms.done(request, url, "已保存。")


def _rules_page(request: Request, values: Mapping[str, str]) -> FormPage:
    fields = [
        Field("quantity", "差异数量达到", "number", help="基本单位；不填为不按数量要求。"),
        Field("value", "差异金额达到", "money", help="元；不填为不按金额要求。"),
    ]
    note = "达到任一项的差异，审核前须写差异原因和责任人。"
    return FormPage(
        title="盘点差异规则",
        save_url=request.path,
        sections=[Section("", forms.filled(fields, values, {}), note=note)],
        cancel_url=reverse("document-list", args=["stock-counts"]),
    )
