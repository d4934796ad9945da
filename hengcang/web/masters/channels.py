"""Sales channels: the list and the form."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from hengcang.identity.access import demand
from hengcang.kernel.errors import Refused
from hengcang.pages.forms import Field, FormPage, Section
from hengcang.pages.tables import Cell, Column, ListPage, Row
from hengcang.sales.actions import channels
from hengcang.sales.actions.channels import ChannelDraft
from hengcang.sales.queries import channels as all_channels
from hengcang.web.masters import forms, lists
from hengcang.web.masters.reading import Reader
from hengcang.web.requests import Request

COLUMNS = (Column("code", "编码"), Column("name", "销售渠道"), Column("state", "状态"))
FIELDS = (
    Field("code", "渠道编码", required=True, help="字母、数字和 - _ . /，最多 20 位"),
    Field("name", "渠道名称", required=True, span=2),
    Field("is_active", "启用", "check", help="停用后新单据不能再选这个渠道"),
)


@require_GET
def channel_list(request: Request) -> HttpResponse:
    """All sales channels."""
    demand(request.actor, "sales_channel.view")
    rows = list(all_channels(request.actor))
    saves = request.actor.may("sales_channel.save")
    page = ListPage(
        key="sales-channels",
        title="销售渠道",
        url=reverse("channel-list"),
        columns=COLUMNS,
        rows=[_row(channel, opens=saves) for channel in rows],
        count=f"{len(rows)} 个",
        new_url=reverse("channel-new") if saves else "",
        new_label="新建销售渠道",
        empty="还没有销售渠道。",
    )
    return lists.answer(request, page)


def _row(channel: Any, *, opens: bool) -> Row:
    cells = [Cell(channel.code), Cell(channel.name), lists.active_cell(channel.is_active)]
    url = reverse("channel-change", args=[channel.pk]) if opens else ""
    return Row(cells, url=url, muted=not channel.is_active)


@require_http_methods(["GET", "POST"])
def channel_new(request: Request) -> HttpResponse:
    """A new channel, or the form again with what is wrong."""
    demand(request.actor, "sales_channel.save")
    if request.method == "GET":
        return forms.show(request, _page(request, {"is_active": "1"}, None))
    return _saved(request, None)


@require_http_methods(["GET", "POST"])
def channel_change(request: Request, channel_id: int) -> HttpResponse:
    """The channel as filled in, or the form again with what is wrong."""
    demand(request.actor, "sales_channel.save")
    channel = all_channels(request.actor).filter(pk=channel_id).first()
    if channel is None:
        raise Refused("not_found", what="销售渠道")
    if request.method == "GET":
        active = "1" if channel.is_active else ""
        values = {"code": channel.code, "name": channel.name, "is_active": active}
        return forms.show(request, _page(request, values, channel))
    return _saved(request, channel)


def _saved(request: Request, channel: Any | None) -> HttpResponse:
    posted = request.POST.dict()
    reader = Reader(posted)
    draft = ChannelDraft(
        reader.text("code"), reader.text("name"), is_active=reader.checked("is_active")
    )
    version = (reader.whole("version") or 0) if channel else 0
    if not reader.errors:
        try:
            if channel is None:
                channels.save_channel(draft, actor=request.actor)
            else:
                channels.change_channel(channel.pk, version, draft, actor=request.actor)
        except Refused as refusal:
            if refusal.code == forms.STALE:
                return forms.conflict(request, _page(request, posted, channel), refusal)
            reader.refuse(refusal)
        else:
            return forms.done(request, reverse("channel-list"), f"已保存{draft.name}。")
    return forms.refused(request, _page(request, posted, channel), reader.errors)


def _page(request: Request, values: dict[str, str], channel: Any | None) -> FormPage:
    return FormPage(
        title="修改销售渠道" if channel else "新建销售渠道",
        save_url=request.path,
        sections=[Section("", forms.filled(FIELDS, values, {}))],
        cancel_url=reverse("channel-list"),
        version=str(values.get("version") or (channel.version if channel else "")),
    )
