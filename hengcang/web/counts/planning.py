"""盘点计划: the plans of the warehouses, how far they are, and the day's count at once."""

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from hengcang.identity.access import demand
from hengcang.kernel.errors import Refused
from hengcang.pages.cards import Card
from hengcang.pages.editor import Link
from hengcang.pages.forms import Field, FormPage, Section
from hengcang.pages.tables import Cell, Column, Row, Table
from hengcang.places import queries as places
from hengcang.stock import plans
from hengcang.stock.actions.plans import PlanDraft, make_due_count, save_count_plan
from hengcang.web import clock, shell
from hengcang.web.masters import forms
from hengcang.web.masters.reading import Reader, id_of
from hengcang.web.requests import Request

COLUMNS = (
    Column("class", "类别"),
    Column("days", "每几天盘一次", numeric=True),
    Column("items", "有货商品", numeric=True),
    Column("done", "已按期盘点"),
    Column("due", "到期未盘", numeric=True),
)
NUMBERS = {
    "a_days": "A 类每几天盘一次",
    "b_days": "B 类每几天盘一次",
    "c_days": "C 类每几天盘一次",
    "a_percent": "A 类占销售成本（%）",
    "b_percent": "A 与 B 类共占（%）",
    "most_a_day": "每天最多盘几个商品",
}


@require_GET
def plan_list(request: Request) -> HttpResponse:
    """Every plan with its progress; 今日盘点 makes the day's count."""
    actor, today = request.actor, clock.today()
    tables, actions = [], []
    for plan in plans.count_plans(actor):
        rows = [_row(one) for one in plans.progress(actor, plan, today)]
        title = plan.warehouse.name if plan.is_active else f"{plan.warehouse.name}（已停用）"
        tables.append(Table(title, COLUMNS, rows, wide=True))
        if plan.is_active and actor.may("stock_count.save"):
            url = reverse("count-plan-due", args=[plan.pk])
            actions.append(Link(f"今日盘点：{plan.warehouse.name}", "clipboard-check", url))
    if actor.may("count_rules.save"):
        actions.append(Link("设置计划", "settings", reverse("count-plan-save")))
    subtitle = "按近 12 个月销售成本分 A、B、C 类，每天自动生成到期商品的盘点单"
    card = Card("盘点计划", subtitle, actions=actions, tables=tables)
    return render(request, "pages/card.html", shell.page(request, card.title) | {"card": card})


def _row(one: plans.Progress) -> Row:
    done = one.counted * 100 // one.items if one.items else 100
    return Row(
        [
            Cell(one.abc),
            Cell(str(one.days) if one.days else "不盘"),
            Cell(f"{one.items:,}"),
            Cell(f"{done}%", percent=done),
            Cell(f"{one.due:,}", tone="out" if one.due else ""),
        ]
    )


@require_http_methods(["GET", "POST"])
def due(request: Request, plan_id: int) -> HttpResponse:
    """Asks first; then the day's count is there, the same however often it is asked for."""
    plan = plans.count_plan(request.actor, plan_id)
    if request.method == "GET":
        question = forms.Question(
            "生成今日盘点单",
            f"{plan.warehouse.name}：把今天到期的商品列成一张盘点单；已生成时打开它。",
            request.path,
            reverse("count-plan-list"),
            "生成",
        )
        return forms.show(request, question.form())
    made = make_due_count(plan_id, on=clock.today(), actor=request.actor)
    if made is None:
        return forms.done(request, reverse("count-plan-list"), "今天没有到期的商品。")
    return forms.done(request, reverse("count", args=[made.pk]), f"{made.number} 已开始盘点。")


@require_http_methods(["GET", "POST"])
def save(request: Request) -> HttpResponse:
    """The plan of a warehouse as filled in, or the form again with what is wrong."""
    demand(request.actor, "count_rules.save")
    if request.method == "GET":
        return forms.show(request, _page(request, _proposed(request)))
    posted = request.POST.dict()
    reader = Reader(posted)
    warehouse_id = id_of(reader.required("warehouse", "仓库")) or 0
    numbers = {name: reader.whole(name) or 0 for name in NUMBERS}
    draft = PlanDraft(warehouse_id, is_active=reader.checked("is_active"), **numbers)
    if not reader.errors:
        try:
            save_count_plan(draft, actor=request.actor)
        except Refused as refusal:
            reader.refuse(refusal)
        else:
            return forms.done(request, reverse("count-plan-list"), "已保存。")
    return forms.refused(request, _page(request, posted), reader.errors)


def _proposed(request: Request) -> dict[str, str]:
    """The plan of ?warehouse=, else what is usual."""
    wanted = id_of(request.GET.get("warehouse", ""))
    found = plans.count_plans(request.actor).filter(warehouse_id=wanted or 0).first()
    source = found or PlanDraft(wanted or 0)
    values = {name: str(getattr(source, name)) for name in NUMBERS}
    return values | {
        "warehouse": str(wanted or ""),
        "is_active": "1" if source.is_active else "",
    }


def _page(request: Request, values: Mapping[str, str]) -> FormPage:
    warehouses = [(w.pk, w.name) for w in places.active_warehouses(request.actor)]
    fields = [
        Field(
            "warehouse",
            "仓库",
            "select",
            required=True,
            options=forms.options(warehouses, "请选择"),
        ),
        *(Field(name, label, "number") for name, label in NUMBERS.items()),
        Field("is_active", "启用", "check"),
    ]
    note = "天数填 0 表示这一类不盘。已有计划的仓库，保存后以新的设置为准。"
    return FormPage(
        title="设置盘点计划",
        save_url=request.path,
        sections=[Section("", forms.filled(fields, values, {}), note=note)],
        cancel_url=reverse("count-plan-list"),
    )
