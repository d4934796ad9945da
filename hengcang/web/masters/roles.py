"""Roles: what each may do, as a matrix of kinds and verbs."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from hengcang.identity import actions, queries
from hengcang.identity.access import demand
from hengcang.identity.permissions import (
    DOCUMENT_VERBS,
    KIND_LABELS,
    OTHER_PERMISSIONS,
    VERB_LABELS,
)
from hengcang.kernel.actor import FieldClass
from hengcang.kernel.errors import Refused
from hengcang.pages.forms import Field, FormPage, Section
from hengcang.pages.tables import Cell, Column, ListPage, Row
from hengcang.web.masters import forms, lists
from hengcang.web.masters.reading import Reader
from hengcang.web.requests import Request

MAY, SEES = "may-", "sees-"
COST = Field(f"{SEES}{FieldClass.COST.value}", "看成本和进价", "check")
SETTINGS = frozenset({"user.manage", "role.manage", "api_key.manage", "audit.view"})
COLUMNS = (
    Column("name", "角色"),
    Column("documents", "单据权限", numeric=True),
    Column("others", "其他权限", numeric=True),
    Column("cost", "成本和进价"),
    Column("partners", "客户范围"),
)


@require_GET
def role_list(request: Request) -> HttpResponse:
    """The roles of the book and how much each may do."""
    demand(request.actor, "role.manage")
    rows = list(queries.roles(request.actor))
    page = ListPage(
        key="roles",
        title="角色与权限",
        url=reverse("role-list"),
        columns=COLUMNS,
        rows=[_row(role) for role in rows],
        count=f"{len(rows)} 个",
    )
    return lists.answer(request, page)


def _row(role: Any) -> Row:
    others = sum(1 for permission in role.permissions if permission in OTHER_PERMISSIONS)
    cells = [
        Cell(role.name),
        Cell(f"{len(role.permissions) - others} 项"),
        Cell(f"{others} 项"),
        Cell("可以看" if FieldClass.COST in role.field_classes else "看不到"),
        Cell("只看自己的客户" if role.own_partners_only else "全部"),
    ]
    return Row(cells, url=reverse("role-change", args=[role.pk]))


@require_http_methods(["GET", "POST"])
def role_change(request: Request, role_id: int) -> HttpResponse:
    """The role grants exactly what is ticked; it counts from the next click of its users."""
    demand(request.actor, "role.manage")
    role = queries.role(request.actor, role_id)
    if request.method == "GET":
        return forms.show(request, _page(request, role, _values(role)))
    posted = request.POST.dict()
    reader = Reader(posted)
    classes = [c for c in FieldClass if reader.checked(f"{SEES}{c.value}")]
    try:
        actions.change_role(role_id, reader.ticked(MAY), classes, actor=request.actor)
    except Refused as refusal:
        reader.refuse(refusal, "")
        return forms.refused(request, _page(request, role, posted), reader.errors)
    return forms.done(request, reverse("role-list"), f"已保存{role.name}的权限，立即生效。")


def _values(role: Any) -> dict[str, str]:
    values = {f"{MAY}{permission}": "1" for permission in role.permissions}
    return values | {f"{SEES}{name}": "1" for name in role.field_classes}


def _page(request: Request, role: Any, values: dict[str, str]) -> FormPage:
    masters = [p for p in OTHER_PERMISSIONS if p not in SETTINGS]
    sections = [
        *(_kind_section(kind, verbs, values) for kind, verbs in DOCUMENT_VERBS.items()),
        Section("资料、库存与账", forms.filled(map(_box, masters), values, {})),
        Section("设置", forms.filled(map(_box, sorted(SETTINGS)), values, {})),
        Section("敏感数字", forms.filled([COST], values, {}), note=COST_NOTE),
    ]
    return FormPage(
        title=f"{role.name}的权限",
        save_url=request.path,
        sections=sections,
        cancel_url=reverse("role-list"),
    )


COST_NOTE = "不勾就在任何页面、导出和接口里都看不到成本、进价和毛利。"


def _kind_section(kind: str, verbs: tuple[str, ...], values: dict[str, str]) -> Section:
    boxes = [Field(f"{MAY}{kind}.{verb}", VERB_LABELS[verb], "check") for verb in verbs]
    return Section(KIND_LABELS[kind], forms.filled(boxes, values, {}))


def _box(permission: str) -> Field:
    return Field(f"{MAY}{permission}", OTHER_PERMISSIONS[permission], "check")
