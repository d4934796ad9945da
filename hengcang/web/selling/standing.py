"""定期订单: the list, the form, and the drafts that are due."""

from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from hengcang.identity.access import demand
from hengcang.kernel.errors import Refused
from hengcang.pages.forms import Field, FormPage, Section
from hengcang.pages.tables import Cell, Column, ListPage, Row
from hengcang.sales import queries as sales
from hengcang.sales import standing
from hengcang.sales.actions import standing as actions
from hengcang.sales.actions.standing import RhythmDraft
from hengcang.sales.standing_models import Rhythm
from hengcang.web import clock, reading
from hengcang.web.masters import forms, lists
from hengcang.web.masters.reading import Reader
from hengcang.web.requests import Request

MOST = 200
NAMED = 3
COLUMNS = (
    Column("partner", "客户"),
    Column("goods", "商品"),
    Column("warehouse", "仓库"),
    Column("rhythm", "周期"),
    Column("next_on", "下次"),
    Column("until", "到期"),
    Column("trouble", "没有生成的原因"),
    Column("state", "状态"),
)
FIELDS = (
    Field("rhythm", "周期单位", "select", required=True, options=forms.options(Rhythm.choices)),
    Field("every", "每几周或几月", "number", required=True),
    Field(
        "next_on",
        "下次日期",
        "date",
        required=True,
        help="按月时以后都在这一天，月末不足取最后一天",
    ),
    Field("until", "到期日", "date", help="不填一直有效"),
    Field("note", "备注", span=2),
    Field("is_active", "启用", "check"),
)


@require_GET
def standing_list(request: Request) -> HttpResponse:
    """All standing orders, the next first."""
    actor = request.actor
    rows = list(standing.standing_orders(actor).prefetch_related("lines__item")[:MOST])
    saves = actor.may("sales_order.save")
    page = ListPage(
        key="standing-orders",
        title="定期订单",
        subtitle="到日子自动生成销售订单草稿，按当天价格；在销售订单页点「设为定期」新建",
        url=reverse("standing-list"),
        columns=COLUMNS,
        rows=[_row(kept, opens=saves) for kept in rows],
        count=f"{len(rows)} 个",
        new_url=reverse("standing-due") if saves else "",
        new_label="生成到期草稿",
        empty="还没有定期订单。",
    )
    return lists.answer(request, page)


def _row(kept: Any, *, opens: bool) -> Row:
    names = [line.item.name for line in kept.lines.all()]
    more = f" 等 {len(names)} 种" if len(names) > NAMED else ""
    return Row(
        [
            Cell(kept.partner.name),
            Cell("、".join(names[:NAMED]) + more),
            Cell(kept.warehouse.name),
            Cell(f"每 {kept.every} {kept.get_rhythm_display()}"),
            Cell(kept.next_on.isoformat()),
            Cell(kept.until.isoformat() if kept.until else ""),
            Cell(kept.trouble, tone="out" if kept.trouble else ""),
            lists.active_cell(kept.is_active),
        ],
        url=reverse("standing", args=[kept.pk]) if opens else "",
        muted=not kept.is_active,
    )


@require_http_methods(["GET", "POST"])
def standing_new(request: Request, order_id: int) -> HttpResponse:
    """The goods of an order by a rhythm, or the form again with what is wrong."""
    demand(request.actor, "sales_order.save")
    order = sales.order(request.actor, order_id)
    title = f"把 {order} 设为定期：{order.partner.name}"
    if request.method == "GET":
        values = {"rhythm": "weekly", "every": "1", "is_active": "1", "intent": str(uuid4())}
        return forms.show(request, _page(request, title, values))
    posted = request.POST.dict()
    reader = Reader(posted)
    if (draft := _draft(reader)) is not None:
        try:
            actions.save_standing_order(
                order_id,
                draft,
                client_uuid=reading.intent_of(posted.get("intent", "")),
                today=clock.today(),
                actor=request.actor,
            )
        except Refused as refusal:
            reader.refuse(refusal)
        else:
            return forms.done(request, reverse("standing-list"), "已设为定期订单。")
    return forms.refused(request, _page(request, title, posted), reader.errors)


@require_http_methods(["GET", "POST"])
def standing_change(request: Request, standing_id: int) -> HttpResponse:
    """The rhythm as filled in, or the form again with what is wrong."""
    demand(request.actor, "sales_order.save")
    kept = standing.standing_order(request.actor, standing_id)
    title = f"{kept}：{kept.partner.name}"
    if request.method == "GET":
        return forms.show(request, _page(request, title, _values(kept)))
    posted = request.POST.dict()
    reader = Reader(posted)
    if (draft := _draft(reader)) is not None:
        try:
            version = reader.whole("version") or 0
            actions.change_standing_order(
                standing_id, version, draft, today=clock.today(), actor=request.actor
            )
        except Refused as refusal:
            if refusal.code == forms.STALE:
                return forms.conflict(request, _page(request, title, posted), refusal)
            reader.refuse(refusal)
        else:
            return forms.done(request, reverse("standing-list"), "已保存。")
    return forms.refused(request, _page(request, title, posted), reader.errors)


@require_http_methods(["GET", "POST"])
def standing_due(request: Request) -> HttpResponse:
    """Asks first; then the drafts up to today are there, the same however often it is asked."""
    demand(request.actor, "sales_order.save")
    if request.method == "GET":
        question = forms.Question(
            "生成到期草稿",
            "把今天及以前到期的定期订单生成销售订单草稿；每天早上也会自动生成，不会重复。",
            request.path,
            reverse("standing-list"),
            "生成",
        )
        return forms.show(request, question.form())
    made = actions.make_due_orders(on=clock.today(), actor=request.actor)
    return forms.done(request, reverse("standing-list"), f"生成了 {len(made)} 张销售订单草稿。")


def _draft(reader: Reader) -> RhythmDraft | None:
    """What the form says; None where it cannot be read."""
    reader.required("next_on", "下次日期")
    reader.required("every", "每几周或几月")
    every, next_on, until = reader.whole("every"), reader.day("next_on"), reader.day("until")
    if reader.errors or every is None or next_on is None:
        return None
    return RhythmDraft(
        reader.text("rhythm"),
        every,
        next_on,
        until,
        reader.text("note"),
        is_active=reader.checked("is_active"),
    )


def _values(kept: Any) -> dict[str, str]:
    return {
        "rhythm": kept.rhythm,
        "every": str(kept.every),
        "next_on": kept.next_on.isoformat(),
        "until": kept.until.isoformat() if kept.until else "",
        "note": kept.note,
        "is_active": "1" if kept.is_active else "",
        "version": str(kept.version),
    }


def _page(request: Request, title: str, values: dict[str, str]) -> FormPage:
    return FormPage(
        title=title,
        save_url=request.path,
        sections=[Section("", forms.filled(FIELDS, values, {}))],
        cancel_url=reverse("standing-list"),
        version=values.get("version", ""),
        intent=values.get("intent", ""),
    )
