"""API keys: who has one, a new one (its secret is shown once), and the end of one."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from hengcang.identity import actions, queries
from hengcang.identity.access import demand
from hengcang.identity.actions import IssuedKey
from hengcang.kernel.errors import Refused
from hengcang.pages.forms import Field, FormPage, Section
from hengcang.pages.tables import Cell, Column, ListPage, Row
from hengcang.web import clock
from hengcang.web.masters import forms, lists
from hengcang.web.masters.reading import Reader
from hengcang.web.requests import Request

DEFAULT_DAYS = 365
COLUMNS = (
    Column("name", "用途"),
    Column("user", "代表用户"),
    Column("created", "签发时间"),
    Column("expires", "到期日"),
    Column("state", "状态"),
)


@require_GET
def key_list(request: Request) -> HttpResponse:
    """Keys that are not revoked; a row leads to revoking it."""
    rows = list(queries.api_keys(request.actor))
    page = ListPage(
        key="api-keys",
        title="API 密钥",
        url=reverse("key-list"),
        columns=COLUMNS,
        rows=[_row(key) for key in rows],
        count=f"{len(rows)} 个",
        new_url=reverse("key-new"),
        new_label="签发密钥",
        empty="还没有密钥。别的程序（网店、报表）要读写本账套时，给它签发一个。",
    )
    return lists.answer(request, page)


def _row(key: Any) -> Row:
    expired = key.expires_on < clock.today()
    cells = [
        Cell(key.name),
        Cell(key.user.name, note=key.user.username),
        Cell(clock.clock_time(key.created_at)),
        Cell(key.expires_on.isoformat()),
        Cell("已过期", pill="void") if expired else Cell("有效", pill="done"),
    ]
    return Row(cells, url=reverse("key-revoke", args=[key.pk]), muted=expired)


@never_cache
@require_http_methods(["GET", "POST"])
def key_new(request: Request) -> HttpResponse:
    """A fresh key; the page that follows is the only one that ever shows its secret."""
    demand(request.actor, "api_key.manage")
    if request.method == "GET":
        expires = clock.today() + timedelta(days=DEFAULT_DAYS)
        values = {"expires_on": expires.isoformat(), "user": str(request.actor.id)}
        return forms.show(request, _page(request, values))
    posted = request.POST.dict()
    reader = Reader(posted)
    issued = _issue(request, reader)
    if issued is None:
        return forms.refused(request, _page(request, posted), reader.errors)
    context = {"secret": f"hc_{request.book.code}_{issued.id}_{issued.secret}"}
    context |= {"list_url": reverse("key-list"), "name": reader.text("name")}
    return render(request, "web/_secret.html", context)


def _issue(request: Request, reader: Reader) -> IssuedKey | None:
    name = reader.required("name", "用途")
    user_id = reader.whole("user")
    if user_id is None:
        reader.required("user", "代表用户")
    expires_on = reader.day("expires_on")
    if expires_on is None:
        reader.required("expires_on", "到期日")
    if user_id is None or expires_on is None or reader.errors:
        return None
    try:
        return actions.issue_api_key(user_id, name, expires_on, actor=request.actor)
    except Refused as refusal:
        reader.refuse(refusal)
        return None


def _page(request: Request, values: dict[str, str]) -> FormPage:
    users = [(u.pk, f"{u.name}（{u.username}）") for u in queries.active_users(request.actor)]
    fields = [
        Field("name", "用途", required=True, placeholder="如 网店接单"),
        Field("user", "代表用户", "select", options=forms.options(users), required=True),
        Field("expires_on", "到期日", "date", required=True),
    ]
    note = "程序拿着密钥就等于这个用户本人：请选一个权限刚好够用的用户。"
    return FormPage(
        title="签发密钥",
        save_url=request.path,
        sections=[Section("", forms.filled(fields, values, {}), note=note)],
        save_label="签发",
        cancel_url=reverse("key-list"),
    )


@require_http_methods(["GET", "POST"])
def key_revoke(request: Request, key_id: int) -> HttpResponse:
    """Asks first; then the key no longer works."""
    key = queries.api_keys(request.actor).filter(id=key_id).first()
    if key is None:
        raise Refused("not_found", what="API 密钥")
    if request.method == "POST":
        actions.revoke_api_key(key_id, actor=request.actor)
        return forms.done(request, reverse("key-list"), f"已吊销密钥“{key.name}”。")
    question = forms.Question(
        f"吊销密钥“{key.name}”",
        "吊销后用它的程序立即不能再访问，不能恢复；需要时另签一个。",
        request.path,
        reverse("key-list"),
        "吊销",
    )
    return forms.show(request, question.form())
