"""采购设置: one form."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import shown
from hengcang.pages.forms import Field, FormPage, Section
from hengcang.purchasing.actions.policy import PolicyDraft, policy_to_keep, save_purchase_policy
from hengcang.purchasing.watching import EVERY
from hengcang.web.masters import forms
from hengcang.web.masters.reading import Reader
from hengcang.web.requests import Request

OVER = (
    Field(
        "over_price_rate",
        "进价上限（高于上次进价的百分比）",
        "number",
        help="不填为不检查。按不含税、折后、每基本单位，与任何供应商的最近一次入库比较。",
        span=2,
    ),
)
REMIND = (
    Field("remind_days_before", "提前几天提醒", "number", help="不填为到期前不提醒。"),
    Field(
        "escalate_days_after",
        "逾期几天升级给主管",
        "number",
        help="不填为不升级；两项都不填则不提醒。",
    ),
)


@require_http_methods(["GET", "POST"])
def policy(request: Request) -> HttpResponse:
    """The settings as filled in, or the form again with what is wrong."""
    now = policy_to_keep(actor=request.actor)
    if request.method == "GET":
        return forms.show(request, _page(request, _values(now), now.version))
    posted = request.POST.dict()
    reader = Reader(posted)
    draft = PolicyDraft(
        over_price_rate=reader.percent("over_price_rate"),
        remind_days_before=reader.whole("remind_days_before"),
        escalate_days_after=reader.whole("escalate_days_after"),
        report_every=reader.text("report_every"),
    )
    version = reader.whole("version") or 0
    if not reader.errors:
        try:
            save_purchase_policy(draft, version, actor=request.actor)
        except Refused as refusal:
            if refusal.code == forms.STALE:
                return forms.conflict(request, _page(request, posted, now.version), refusal)
            reader.refuse(refusal)
        else:
            return forms.done(request, reverse("purchase-policy"), "已保存采购设置。")
    return forms.refused(request, _page(request, posted, version), reader.errors)


def _values(now: Any) -> dict[str, str]:
    rate = now.over_price_rate
    days = {name: getattr(now, name) for name in ("remind_days_before", "escalate_days_after")}
    return {
        "over_price_rate": "" if rate is None else shown(rate),
        "report_every": now.report_every,
        **{name: "" if value is None else str(value) for name, value in days.items()},
    }


def _page(request: Request, values: Mapping[str, str], version: int) -> FormPage:
    report = Field(
        "report_every",
        "自动生成采购报表",
        "select",
        options=forms.options(EVERY.items()),
        help="周报在周一、月报在每月 1 日生成上一期。",
    )
    return FormPage(
        title="采购设置",
        save_url=request.path,
        sections=[
            Section("超价拦截", forms.filled(OVER, values, {})),
            Section("到货提醒", forms.filled(REMIND, values, {})),
            Section("采购报表", forms.filled([report], values, {})),
        ],
        cancel_url=reverse("home"),
        version=str(version),
    )
