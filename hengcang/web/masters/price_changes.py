"""调价: every price of a list by so many percent, looked at before it is done."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hengcang.identity.access import demand
from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import shown
from hengcang.pages.forms import Field
from hengcang.pages.tables import Cell, Column, Row, Table
from hengcang.pricing import actions, queries, rules
from hengcang.pricing.drafts import Adjustment
from hengcang.web import clock, shell
from hengcang.web.masters import forms, words
from hengcang.web.masters.reading import Reader
from hengcang.web.requests import Request

SHOWN = 200
PLACES = (("2", "到分（2 位）"), ("1", "到角（1 位）"), ("0", "到元"), ("4", "4 位小数"))


@dataclass(frozen=True, slots=True)
class Asked:
    """Context `asked` of web/price_adjust.html."""

    title: str
    url: str
    back_url: str
    fields: list[Field]
    kept: dict[str, str]
    errors: list[str]
    preview: Table | None
    sentence: str = ""


@require_http_methods(["GET", "POST"])
def price_list_adjust(request: Request, list_id: int) -> HttpResponse:
    """GET shows what would change; POST does it and goes on to the new list."""
    demand(request.actor, "price.save")
    found = queries.price_list(request.actor, list_id)
    posted = request.POST.dict() if request.method == "POST" else request.GET.dict()
    reader = Reader({"places": "2", **_proposal(found), **posted})
    wanted = _wanted(reader)
    if request.method == "POST" and not reader.errors and wanted is not None:
        version = reader.whole("version") or 0
        try:
            made = actions.adjust_list(list_id, version, wanted, actor=request.actor)
        except Refused as refusal:
            reader.refuse(refusal)
        else:
            url = reverse("price-list", args=[made.pk])
            return forms.done(request, url, f"已调价，「{made.name}」{made.valid_from} 起生效。")
    asked = _asked(request, found, reader, wanted)
    context = shell.page(request, asked.title, found.name, "调价") | {"asked": asked}
    status = 422 if reader.errors and posted else 200
    return render(request, "web/price_adjust.html", context, status=status)


def _proposal(found: Any) -> dict[str, str]:
    on = max(clock.today(), found.valid_from) + rules.ONE_DAY
    return {"on": on.isoformat(), "name": f"{found.name[:48]} {on.isoformat()}"}


def _wanted(reader: Reader) -> Adjustment | None:
    """None until a percentage is given. What cannot be read is in the reader's errors."""
    percent, on = reader.percent("percent"), reader.day("on")
    places = reader.whole("places")
    if percent is None or on is None or reader.errors:
        return None
    wanted = Adjustment(percent, on, reader.text("name"), 2 if places is None else places)
    try:
        rules.adjusted(Decimal(1), wanted.percent, wanted.places)
    except Refused as refusal:
        reader.refuse(refusal)
        return None
    return wanted


def _asked(request: Request, found: Any, reader: Reader, wanted: Adjustment | None) -> Asked:
    fields = [
        Field("percent", "调价幅度（%）", "number", required=True, help="5 为涨 5%，-5 为降 5%"),
        Field("on", "新价生效日", "date", required=True),
        Field("name", "新价格本名称", required=True),
        Field("places", "取整", "select", options=forms.options(PLACES)),
    ]
    names = {field.name for field in fields}
    return Asked(
        title=f"{found.name}：调价",
        url=request.path,
        back_url=reverse("price-list", args=[found.pk]),
        fields=forms.filled(fields, reader.posted, reader.errors),
        kept={name: reader.text(name) for name in names} | {"version": str(found.version)},
        errors=[text for name, text in reader.errors.items() if name not in names],
        preview=_preview(request, found, wanted) if wanted else None,
        sentence=_sentence(found, wanted) if wanted else "",
    )


def _sentence(found: Any, wanted: Adjustment) -> str:
    return (
        f"共 {found.line_count:,} 个价格调整 {shown(wanted.percent)}%，{wanted.on} 起生效；"
        f"「{found.name}」到前一天为止，原价格保留备查。"
    )


def _moved(by: Decimal) -> Cell:
    return Cell(f"{'-' if by < 0 else '+'}{words.price(abs(by))}", tone="down" if by < 0 else "up")


def _preview(request: Request, found: Any, wanted: Adjustment) -> Table:
    rows = []
    for line in queries.list_lines(request.actor, found.pk)[:SHOWN]:
        after = rules.adjusted(line.price, wanted.percent, wanted.places)
        rows.append(
            Row(
                [
                    Cell(line.item.code),
                    Cell(line.item.name, note=line.item.spec),
                    Cell(line.tier.name if line.tier else "所有客户"),
                    Cell(line.item_uom.uom.name),
                    Cell(words.price(line.price)),
                    Cell(words.price(after)),
                    _moved(after - line.price),
                ]
            )
        )
    columns = [
        Column("code", "编码"),
        Column("name", "商品"),
        Column("tier", "等级"),
        Column("uom", "单位"),
        Column("before", "原价", numeric=True),
        Column("after", "新价", numeric=True),
        Column("change", "涨跌", numeric=True),
    ]
    more = f"（前 {SHOWN} 行）" if found.line_count > SHOWN else ""
    return Table(f"调价预览{more}", columns, rows, wide=True)
