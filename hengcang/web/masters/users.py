"""Users: the list and the form. Roles are given here, what a role may do in roles."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from hengcang.identity import actions, queries
from hengcang.identity.access import demand
from hengcang.identity.actions import UserDraft
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused
from hengcang.pages.forms import Field, FormPage, Section
from hengcang.pages.tables import Cell, Column, ListPage, Row
from hengcang.places import queries as places
from hengcang.web.masters import forms, lists
from hengcang.web.masters.reading import Reader, id_of
from hengcang.web.requests import Request

COLUMNS = (
    Column("username", "用户名"),
    Column("name", "姓名"),
    Column("roles", "角色"),
    Column("warehouses", "仓库范围"),
    Column("state", "状态"),
)
ROLE, PLACE = "role-", "place-"
REFUSED_FIELDS = {"roles": "", "username": "username", "password": "password"}


@require_GET
def user_list(request: Request) -> HttpResponse:
    """Everybody who can log in, and who could."""
    rows = list(queries.users(request.actor))
    names = {place.pk: place.name for place in places.warehouses(SYSTEM)}
    page = ListPage(
        key="users",
        title="用户",
        url=reverse("user-list"),
        columns=COLUMNS,
        rows=[_row(user, names) for user in rows],
        count=f"{len(rows)} 人",
        new_url=reverse("user-new") if request.actor.may("user.manage") else "",
        new_label="新建用户",
    )
    return lists.answer(request, page)


def _row(user: Any, names: dict[int, str]) -> Row:
    scope = user.warehouse_ids
    warehouses = "全部仓库" if scope is None else "、".join(names.get(i, "") for i in scope)
    cells = [
        Cell(user.username),
        Cell(user.name),
        Cell("、".join(role.name for role in user.roles.all())),
        Cell(warehouses or "无"),
        lists.active_cell(user.is_active),
    ]
    return Row(cells, url=reverse("user-change", args=[user.pk]), muted=not user.is_active)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def user_new(request: Request) -> HttpResponse:
    """A new user who must choose an own password at the first login."""
    demand(request.actor, "user.manage")
    if request.method == "GET":
        return forms.show(request, _page(request, {"everywhere": "1"}, None))
    posted = request.POST.dict()
    reader = Reader(posted)
    draft = _draft(reader)
    if not draft.password:
        reader.required("password", "初始密码")
    if not reader.errors:
        try:
            user = actions.create_user(draft, actor=request.actor)
        except Refused as refusal:
            reader.refuse(refusal)
        else:
            return forms.done(request, reverse("user-list"), f"已新建用户 {user.username}。")
    return forms.refused(request, _page(request, posted, None), reader.errors)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def user_change(request: Request, user_id: int) -> HttpResponse:
    """Name, roles, scope and, when typed, a new first password."""
    user = queries.user(request.actor, user_id)
    if request.method == "GET":
        return forms.show(request, _page(request, _values(user), user))
    posted = request.POST.dict() | {"username": user.username}
    reader = Reader(posted)
    draft = _draft(reader)
    if not reader.errors:
        try:
            _change(request, user, draft, active=reader.checked("is_active"))
        except Refused as refusal:
            reader.refuse(refusal)
        else:
            return forms.done(request, reverse("user-list"), "已保存。")
    return forms.refused(request, _page(request, posted, user), reader.errors)


@transaction.atomic
def _change(request: Request, user: Any, draft: UserDraft, *, active: bool) -> None:
    actions.change_user(user.pk, draft, actor=request.actor)
    if active != user.is_active:
        switch = actions.enable_user if active else actions.disable_user
        switch(user.pk, actor=request.actor)


def _values(user: Any) -> dict[str, str]:
    values = {"username": user.username, "name": user.name}
    values |= {"is_active": "1" if user.is_active else ""}
    values |= {f"{ROLE}{role.code}": "1" for role in user.roles.all()}
    if user.warehouse_ids is None:
        return values | {"everywhere": "1"}
    return values | {f"{PLACE}{place_id}": "1" for place_id in user.warehouse_ids}


def _draft(reader: Reader) -> UserDraft:
    places_ticked = tuple(n for text in reader.ticked(PLACE) if (n := id_of(text)))
    return UserDraft(
        username=reader.required("username", "用户名"),
        name=reader.required("name", "姓名"),
        role_codes=reader.ticked(ROLE),
        warehouse_ids=None if reader.checked("everywhere") else places_ticked,
        password=reader.posted.get("password") or None,
    )


def _page(request: Request, values: dict[str, str], user: Any) -> FormPage:
    roles = [
        Field(f"{ROLE}{role.code}", role.name, "check") for role in queries.roles(request.actor)
    ]
    everywhere = Field("everywhere", "全部仓库（包括以后新建的）", "check")
    scope = [Field(f"{PLACE}{p.pk}", p.name, "check") for p in places.warehouses(request.actor)]
    sections = [
        Section("", forms.filled(_account(user), values, {})),
        Section("角色", forms.filled(roles, values, {}), note="可以有多个角色，权限相加。"),
        Section(
            "仓库范围",
            forms.filled([everywhere, *scope], values, {}),
            note="只能看到和操作勾选的仓库；勾了“全部仓库”就不用逐个勾。",
        ),
    ]
    return FormPage(
        title=f"修改用户 {user.username}" if user else "新建用户",
        save_url=request.path,
        sections=sections,
        cancel_url=reverse("user-list"),
    )


def _account(user: Any) -> list[Field]:
    password = "重设密码" if user else "初始密码"
    helped = "空着不改；改了以后本人登录要先换密码" if user else "至少 8 位；本人登录后要先换密码"
    active = [Field("is_active", "可以登录", "check")] if user else []
    return [
        Field("username", "用户名", "static" if user else "text", required=True, help="登录时用"),
        Field("name", "姓名", required=True),
        Field("password", password, "password", required=not user, help=helped),
        *active,
    ]
