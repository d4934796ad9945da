"""Parts lists: the list and the form, its parts typed or pasted from Excel."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from hengcang.assembly import queries
from hengcang.assembly.actions import parts_lists
from hengcang.assembly.drafts import PartDraft, PartsListDraft
from hengcang.catalog import queries as catalog
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.numbers import shown, strict_quantity
from hengcang.kernel.refusals import sentence
from hengcang.pages.forms import Field, FormPage, Section
from hengcang.pages.tables import Cell, Column, ListPage, Row
from hengcang.web.masters import forms, lists
from hengcang.web.masters.reading import Reader, id_of
from hengcang.web.masters.words import quantity
from hengcang.web.requests import Request

COLUMNS = (
    Column("code", "编码"),
    Column("name", "成品"),
    Column("output", "产出数量", numeric=True),
    Column("uom", "单位"),
    Column("parts", "配件"),
    Column("note", "备注"),
    Column("state", "状态"),
)
HEADINGS = frozenset({"编码", "商品编码", "配件编码"})
TOLD = 10


@require_GET
def parts_list_list(request: Request) -> HttpResponse:
    """All parts lists, by item code."""
    found = list(queries.parts_lists(request.actor))
    saves = request.actor.may("parts_list.save")
    page = ListPage(
        key="parts-lists",
        title="物料清单",
        url=reverse("parts-list-list"),
        columns=COLUMNS,
        rows=[_row(each, opens=saves) for each in found],
        count=f"{len(found)} 张",
        new_url=reverse("parts-list-new") if saves else "",
        new_label="新建物料清单",
        empty="还没有物料清单。",
    )
    return lists.answer(request, page)


def _row(each: Any, *, opens: bool) -> Row:
    parts = "、".join(f"{line.item.name} × {quantity(line.quantity)}" for line in each.lines.all())
    cells = [
        Cell(each.item.code),
        Cell(each.item.name, note=each.item.spec),
        Cell(quantity(each.output_quantity)),
        Cell(each.item.base_uom.name),
        Cell(parts),
        Cell(each.note),
        lists.active_cell(each.is_active),
    ]
    url = reverse("parts-list-change", args=[each.pk]) if opens else ""
    return Row(cells, url=url, muted=not each.is_active)


@require_http_methods(["GET", "POST"])
def parts_list_new(request: Request) -> HttpResponse:
    """A new parts list, or the form again with what is wrong."""
    demand(request.actor, "parts_list.save")
    if request.method == "GET":
        return forms.show(request, _page(request, {"output_quantity": "1", "is_active": "1"}, None))
    return _saved(request, None)


@require_http_methods(["GET", "POST"])
def parts_list_change(request: Request, parts_list_id: int) -> HttpResponse:
    """The parts list as filled in, or the form again with what is wrong."""
    demand(request.actor, "parts_list.save")
    found = queries.parts_list(request.actor, parts_list_id)
    if request.method == "GET":
        return forms.show(request, _page(request, _values(found), found))
    return _saved(request, found)


def _values(found: Any) -> dict[str, str]:
    return {
        "item": str(found.item_id),
        "item_typed": found.item.name,
        "output_quantity": shown(found.output_quantity),
        "note": found.note,
        "is_active": "1" if found.is_active else "",
        "lines": "\n".join(
            f"{line.item.code}\t{line.item.name}\t{shown(line.quantity)}"
            for line in found.lines.all()
        ),
    }


def _saved(request: Request, found: Any | None) -> HttpResponse:
    posted, actor = request.POST.dict(), request.actor
    reader = Reader(posted)
    draft, numbers = _draft(actor, reader, found)
    version = reader.whole("version") or 0
    if not reader.errors:
        try:
            if found is None:
                parts_lists.save_parts_list(draft, actor=actor)
            else:
                parts_lists.change_parts_list(found.pk, version, draft, actor=actor)
        except RefusedLines as refused:
            reader.errors["lines"] = _told(refused, numbers)
        except Refused as refusal:
            if refusal.code == forms.STALE:
                return forms.conflict(request, _page(request, posted, found), refusal)
            at = (refusal.field or "").partition(".")[0]
            reader.refuse(refusal, at)
        else:
            return forms.done(request, reverse("parts-list-list"), "已保存物料清单。")
    return forms.refused(request, _page(request, posted, found), reader.errors)


def _draft(actor: Actor, reader: Reader, found: Any | None) -> tuple[PartsListDraft, list[int]]:
    item_id = found.item_id if found else id_of(reader.text("item"))
    if item_id is None:
        reader.refuse(Refused("field_missing", "item", what="成品"))
    output = Decimal(1)
    try:
        output = strict_quantity(reader.text("output_quantity") or "1", field="output_quantity")
    except Refused as refusal:
        reader.refuse(refusal)
    sheet = _sheet(actor, reader.posted.get("lines", ""))
    if sheet.wrong:
        reader.errors["lines"] = " ".join(sheet.wrong[:TOLD])
    note = reader.text("note")
    if len(note) > 200:
        reason = f"最多 200 个字，现有 {len(note)} 个"
        reader.refuse(Refused("field_invalid", "note", what="备注", reason=reason))
    draft = PartsListDraft(
        item_id or 0, tuple(sheet.parts), output, note, is_active=reader.checked("is_active")
    )
    return draft, sheet.numbers


@dataclass
class Sheet:
    """The parts that could be read, the text line of each, and what is wrong with the others."""

    parts: list[PartDraft] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def _sheet(actor: Actor, text: str) -> Sheet:
    """编码 [名称] 用量, a part a line."""
    sheet, written = Sheet(), []
    for number, row in enumerate(text.replace("\x00", "").splitlines(), start=1):
        cells = row.split("\t") if "\t" in row else re.split(r"[\s,，]+", row)
        told = [cell.strip() for cell in cells if cell.strip()]
        if told and told[0] not in HEADINGS:
            written.append((number, told[0], told[-1] if len(told) > 1 else ""))
    hits = catalog.hits_by_code(actor, [code for _, code, _ in written]) if written else {}
    for number, code, amount in written:
        try:
            if code not in hits:
                raise Refused("barcode_unknown", barcode=code[:40])
            if not amount:
                raise Refused("field_missing", what=f"「{code[:40]}」的用量")
            part = PartDraft(hits[code].item.pk, strict_quantity(amount))
        except Refused as refusal:
            sheet.wrong.append(f"第 {number} 行：{sentence(refusal)}")
        else:
            sheet.parts.append(part)
            sheet.numbers.append(number)
    return sheet


def _told(refused: RefusedLines, numbers: list[int]) -> str:
    told = []
    for refusal in refused.refusals[:TOLD]:
        at = int((refusal.field or "lines.1").split(".")[1])
        told.append(f"第 {numbers[at - 1]} 行：{sentence(refusal)}")
    return " ".join(told)


def _page(request: Request, values: dict[str, str], found: Any | None) -> FormPage:
    item = Field(
        "item",
        "成品",
        "static" if found else "pick",
        values.get("item", "") if not found else found.item.name,
        shown=values.get("item_typed", ""),
        url=reverse("item-options"),
        required=True,
    )
    rest = (
        Field(
            "output_quantity",
            "产出数量（基本单位）",
            required=True,
            help="下面的用量合起来做出这么多",
        ),
        Field("note", "备注"),
        Field("is_active", "启用", "check", help="停用后组装单不再带出"),
        Field(
            "lines",
            "配件",
            "textarea",
            required=True,
            span=3,
            help="每行：编码、用量（基本单位），可从 Excel 粘贴",
        ),
    )
    return FormPage(
        title="修改物料清单" if found else "新建物料清单",
        save_url=request.path,
        sections=[Section("", [item, *forms.filled(rest, values, {})])],
        cancel_url=reverse("parts-list-list"),
        version=str(values.get("version") or (found.version if found else "")),
    )
