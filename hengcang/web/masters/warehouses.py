"""Warehouses: the list and the form."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from hengcang.identity.access import demand
from hengcang.kernel.errors import Refused
from hengcang.pages.forms import Field, FormPage, Option, Section
from hengcang.pages.tables import Cell, Column, ListPage, Row
from hengcang.places import actions, queries
from hengcang.places.drafts import Negatives, WarehouseDraft
from hengcang.web.masters import forms, lists
from hengcang.web.masters.reading import Reader
from hengcang.web.requests import Request

COLUMNS = (
    Column("code", "编码"),
    Column("name", "仓库"),
    Column("address", "地址"),
    Column("negatives", "负库存"),
    Column("state", "状态"),
)
RULES = (
    Option(Negatives.REFUSED.value, "不允许负库存", "可用不足就不能出库，账永远对得上（推荐）"),
    Option(Negatives.ALLOWED.value, "允许负库存", "先出后补；只对以后新进这个仓库的商品生效"),
)
FIELDS = (
    Field("code", "仓库编码", required=True, help="字母、数字和 - _ . /，最多 20 位"),
    Field("name", "仓库名称", required=True, span=2),
    Field("address", "地址", span=3),
    Field("negatives", "库存不足时", "radio", options=RULES),
    Field("bins", "库位", "textarea", span=3, help="每行一个，如 A-01-03；不分库位就空着"),
)


@require_GET
def warehouse_list(request: Request) -> HttpResponse:
    """The warehouses in the actor's reach."""
    demand(request.actor, "warehouse.view")
    rows = list(queries.warehouses(request.actor))
    saves = request.actor.may("warehouse.save")
    page = ListPage(
        key="warehouses",
        title="仓库",
        url=reverse("warehouse-list"),
        columns=COLUMNS,
        rows=[_row(warehouse, opens=saves) for warehouse in rows],
        count=f"{len(rows)} 个",
        new_url=reverse("warehouse-new") if saves else "",
        new_label="新建仓库",
        empty="还没有仓库。",
    )
    return lists.answer(request, page)


def _row(warehouse: Any, *, opens: bool) -> Row:
    cells = [
        Cell(warehouse.code),
        Cell(warehouse.name),
        Cell(warehouse.address),
        Cell("允许" if warehouse.allow_negative else "不允许"),
        lists.active_cell(warehouse.is_active),
    ]
    url = reverse("warehouse-change", args=[warehouse.pk]) if opens else ""
    return Row(cells, url=url, muted=not warehouse.is_active)


@require_http_methods(["GET", "POST"])
def warehouse_new(request: Request) -> HttpResponse:
    """A new warehouse, or the form again with what is wrong."""
    demand(request.actor, "warehouse.save")
    if request.method == "GET":
        return forms.show(request, _page(request, {"negatives": Negatives.REFUSED.value}, None))
    posted = request.POST.dict()
    reader = Reader(posted)
    draft = _draft(reader)
    if not reader.errors:
        try:
            warehouse = actions.save_warehouse(draft, actor=request.actor)
        except Refused as refusal:
            reader.refuse(refusal)
        else:
            return forms.done(request, reverse("warehouse-list"), f"已新建{warehouse.name}。")
    return forms.refused(request, _page(request, posted, None), reader.errors)


@require_http_methods(["GET", "POST"])
def warehouse_change(request: Request, warehouse_id: int) -> HttpResponse:
    """The warehouse as filled in, active or not, or the form again with what is wrong."""
    demand(request.actor, "warehouse.save")
    warehouse = queries.warehouse(request.actor, warehouse_id)
    if request.method == "GET":
        return forms.show(request, _page(request, _values(request, warehouse), warehouse))
    posted = request.POST.dict()
    reader = Reader(posted)
    draft = _draft(reader)
    version = reader.whole("version") or 0
    if not reader.errors:
        try:
            _change(request, warehouse, version, draft, active=reader.checked("is_active"))
        except Refused as refusal:
            if refusal.code == forms.STALE:
                return forms.conflict(request, _page(request, posted, warehouse), refusal)
            reader.refuse(refusal)
        else:
            return forms.done(request, reverse("warehouse-list"), "已保存。")
    return forms.refused(request, _page(request, posted, warehouse), reader.errors)


@transaction.atomic
def _change(
    request: Request, warehouse: Any, version: int, draft: WarehouseDraft, *, active: bool
) -> None:
    actions.change_warehouse(warehouse.pk, version, draft, actor=request.actor)
    if active != warehouse.is_active:
        switch = actions.enable_warehouse if active else actions.disable_warehouse
        switch(warehouse.pk, actor=request.actor)


def _values(request: Request, warehouse: Any) -> dict[str, str]:
    rule = Negatives.ALLOWED if warehouse.allow_negative else Negatives.REFUSED
    return {
        "code": warehouse.code,
        "name": warehouse.name,
        "address": warehouse.address,
        "negatives": rule.value,
        "bins": "\n".join(queries.bin_codes(request.actor, warehouse.pk)),
        "is_active": "1" if warehouse.is_active else "",
    }


def _draft(reader: Reader) -> WarehouseDraft:
    return WarehouseDraft(
        code=reader.text("code"),
        name=reader.text("name"),
        address=reader.text("address"),
        negatives=Negatives.ALLOWED
        if reader.text("negatives") == Negatives.ALLOWED.value
        else Negatives.REFUSED,
        bins=tuple(reader.text("bins").split()),
    )


def _page(request: Request, values: dict[str, str], warehouse: Any) -> FormPage:
    active = Field("is_active", "启用", "check", help="停用后新单据不能再选这个仓库")
    fields = [*FIELDS, active] if warehouse else FIELDS
    return FormPage(
        title="修改仓库" if warehouse else "新建仓库",
        save_url=request.path,
        sections=[Section("", forms.filled(fields, values, {}))],
        cancel_url=reverse("warehouse-list"),
        version=str(values.get("version") or (warehouse.version if warehouse else "")),
    )
