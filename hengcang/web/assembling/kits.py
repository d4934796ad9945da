"""齐套检查: how many of an item can be made now, and what is short."""

from decimal import Decimal

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from hengcang.assembly import queries
from hengcang.assembly.queries import Kit, KitPart
from hengcang.catalog import queries as catalog
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import strict_quantity
from hengcang.kernel.refusals import sentence
from hengcang.pages.forms import Field, Option
from hengcang.pages.tables import Cell, Column, ListPage, Row, Sum
from hengcang.places.queries import active_warehouses
from hengcang.web.masters import lists
from hengcang.web.masters.reading import id_of, text_of
from hengcang.web.masters.words import quantity
from hengcang.web.requests import Request

COLUMNS = (
    Column("code", "编码"),
    Column("name", "配件"),
    Column("uom", "单位"),
    Column("needed", "需要", numeric=True),
    Column("available", "可用", numeric=True),
    Column("short", "缺", numeric=True),
    Column("enough", "够做", numeric=True),
)
FILTERS = ("item", "warehouse", "quantity")


@require_GET
def kit(request: Request) -> HttpResponse:
    """The parts of an item against what a warehouse has available."""
    demand(request.actor, "parts_list.view")
    found, wrong = _found(request)
    parts = found.parts if found else ()
    page = ListPage(
        key="kit",
        title="齐套检查",
        url=reverse("kit"),
        columns=COLUMNS,
        rows=[_row(part) for part in parts],
        count=_count(found),
        sums=_sums(found),
        filters=_filters(request),
        clear_url=lists.clear_url(request, *FILTERS),
        empty=wrong or "选一个成品和仓库，看现在能做多少、缺什么。",
    )
    return lists.answer(request, page)


def _found(request: Request) -> tuple[Kit | None, str]:
    """The kit asked for, or why there is none."""
    item_id, place = id_of(request.GET.get("item", "")), _place(request)
    if item_id is None or place is None:
        return None, ""
    try:
        text = text_of(request.GET, "quantity").strip()
        wanted = strict_quantity(text, field="quantity") if text else Decimal(1)
        return queries.kit(request.actor, item_id, place, wanted), ""
    except Refused as refusal:
        if refusal.code == "forbidden":
            raise
        return None, sentence(refusal)


def _place(request: Request) -> int | None:
    """The warehouse asked for, else the first one."""
    asked = id_of(request.GET.get("warehouse", ""))
    if asked is not None:
        return asked
    return next((place.pk for place in active_warehouses(request.actor)), None)


def _count(found: Kit | None) -> str:
    if found is None:
        return ""
    short = sum(1 for part in found.parts if part.short)
    return (
        f"{len(found.parts)} 种配件，缺 {short} 种" if short else f"{len(found.parts)} 种配件齐套"
    )


def _sums(found: Kit | None) -> list[Sum]:
    if found is None:
        return []
    unit = found.item.base_uom.name
    return [
        Sum("要做", f"{quantity(found.quantity)} {unit}"),
        Sum("现在能做", f"{quantity(found.can_make)} {unit}"),
    ]


def _row(part: KitPart) -> Row:
    item = part.item
    return Row(
        [
            Cell(item.code),
            Cell(item.name, note=item.spec),
            Cell(item.base_uom.name),
            Cell(quantity(part.needed)),
            Cell(quantity(part.available)),
            Cell(quantity(part.short) if part.short else "", tone="out" if part.short else ""),
            Cell(quantity(part.enough_for)),
        ]
    )


def _filters(request: Request) -> list[Field]:
    get = request.GET
    item_id = id_of(get.get("item", ""))
    places = [Option(str(place.pk), place.name) for place in active_warehouses(request.actor)]
    return [
        Field(
            "item",
            "成品",
            "pick",
            value=str(item_id or ""),
            shown=_name(request.actor, item_id),
            url=reverse("item-options"),
            placeholder="编码、条码、名称或拼音首字母",
        ),
        Field("warehouse", "仓库", "select", str(_place(request) or ""), options=places),
        Field("quantity", "要做数量", "search", text_of(get, "quantity"), placeholder="要做数量"),
    ]


def _name(actor: Actor, item_id: int | None) -> str:
    if item_id is None:
        return ""
    try:
        return catalog.item_head(actor, item_id).name
    except Refused:
        return ""
