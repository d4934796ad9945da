"""供应商价格表: the list by supplier or item, one row as a form, many rows pasted."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from hengcang.identity.access import demand
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.refusals import sentence
from hengcang.pages.forms import Field, FormPage, Option, Section
from hengcang.pages.tables import Cell, Column, ListPage, Row, Tab
from hengcang.partners import queries as partners
from hengcang.purchasing.actions.prices import remove_supplier_price, save_supplier_prices
from hengcang.purchasing.prices import PriceFilter, supplier_price, supplier_prices
from hengcang.web import clock
from hengcang.web.masters import forms, lists
from hengcang.web.masters.reading import Reader, id_of, text_of
from hengcang.web.masters.words import plain, price, quantity
from hengcang.web.purchasing.price_rows import TITLES, Common, drafts_of, pasted_rows
from hengcang.web.requests import Request

TAX = (Option("1", "含税价"), Option("0", "不含税价"))
COLUMNS = (
    Column("partner", "供应商"),
    Column("item", "商品"),
    Column("step", "起始数量", numeric=True),
    Column("price", "单价", numeric=True),
    Column("tax", "口径"),
    Column("moq", "起订量", numeric=True),
    Column("multiple", "倍数", numeric=True),
    Column("days", "交货天数", numeric=True),
    Column("from", "起始日期"),
    Column("to", "截止日期"),
)


@require_GET
def price_list(request: Request) -> HttpResponse:
    """Rows valid today, or all; 50 a page, the newest first."""
    query = request.GET
    partner_id, every = id_of(query.get("partner", "")), query.get("state") == "all"
    wanted = PriceFilter(
        words=text_of(query, "q"),
        partner_id=partner_id,
        item_id=id_of(query.get("item", "")),
        on=None if every else clock.today(),
        after=id_of(query.get("after", "")),
        limit=lists.PAGE + 1,
    )
    found = supplier_prices(request.actor, wanted)
    shown, next_url = lists.cut(request, found, lambda row: str(row.pk))
    saves = request.actor.may("supplier_price.save")
    page = ListPage(
        key="supplier-prices",
        title="供应商价格表",
        url=reverse("supplier-price-list"),
        columns=(*COLUMNS, Column("remove", "操作")) if saves else COLUMNS,
        rows=[_row(row, opens=saves) for row in shown],
        tabs=[
            Tab("今天有效", lists.with_query(request, state="", after=""), not every),
            Tab("全部", lists.with_query(request, state="all", after=""), every),
            *([Tab("整表粘贴…", reverse("supplier-price-paste"))] if saves else []),
        ],
        filters=[
            Field("q", "搜索", "search", wanted.words, placeholder="商品或供应商"),
            _supplier(str(partner_id or ""), _name(request, partner_id)),
        ],
        kept=lists.kept(request, "state", "item"),
        next_url=next_url,
        first_url=lists.first_url(request),
        clear_url=lists.clear_url(request, "q", "partner", "item"),
        new_url=reverse("supplier-price-new") if saves else "",
        new_label="新建价格",
        empty="没有符合条件的价格。录入后，采购订单会按数量自动带出最合适的一档。",
    )
    return lists.answer(request, page)


def _row(row: Any, *, opens: bool) -> Row:
    unit = row.item_uom.uom.name
    remove = [Cell("删除", reverse("supplier-price-remove", args=[row.pk]))] if opens else []
    return Row(
        [
            Cell(row.partner.name),
            Cell(row.item.name, note=row.item.code),
            Cell(quantity(row.min_quantity, unit)),
            Cell(price(row.price)),
            Cell("含税" if row.includes_tax else "不含税"),
            Cell("" if row.moq is None else quantity(row.moq, unit)),
            Cell("" if row.order_multiple is None else quantity(row.order_multiple, unit)),
            Cell(plain(row.lead_time_days)),
            Cell(row.valid_from.isoformat()),
            Cell(row.valid_to.isoformat() if row.valid_to else ""),
            *remove,
        ],
        url=reverse("supplier-price", args=[row.pk]) if opens else "",
    )


def _supplier(value: str, name: str, error: str = "") -> Field:
    url = f"{reverse('suggest-partners')}?role=supplier"
    return Field(
        "partner", "供应商", "pick", value, shown=name, url=url, error=error, required=True, span=2
    )


def _name(request: Request, partner_id: int | None) -> str:
    return partners.partner(request.actor, partner_id).name if partner_id else ""


@require_http_methods(["GET", "POST"])
def price_new(request: Request) -> HttpResponse:
    """One row."""
    return _one(request, {"includes_tax": "1", "valid_from": clock.today().isoformat()}, None)


@require_http_methods(["GET", "POST"])
def price_change(request: Request, price_id: int) -> HttpResponse:
    """A stored row; another unit, step or first day makes it another row."""
    demand(request.actor, "supplier_price.save")
    row = supplier_price(request.actor, price_id)
    values = {
        "partner": str(row.partner_id),
        "partner_typed": row.partner.name,
        "item": row.item.code,
        "uom": row.item_uom.uom.name,
        "price": plain(row.price),
        "includes_tax": "1" if row.includes_tax else "0",
        "min_quantity": plain(row.min_quantity),
        "moq": plain(row.moq),
        "order_multiple": plain(row.order_multiple),
        "lead_time_days": plain(row.lead_time_days),
        "valid_from": row.valid_from.isoformat(),
        "valid_to": row.valid_to.isoformat() if row.valid_to else "",
    }
    return _one(request, values, row)


FIELDS = (
    Field("item", "商品编码或条码", required=True),
    Field("uom", "单位", placeholder="基本单位"),
    Field("price", "单价", "money", required=True),
    Field("includes_tax", "单价口径", "select", options=TAX),
    Field("min_quantity", "起始数量", "number", help="订到这个数量起用这个价；不填为任意数量"),
    Field("moq", "起订量", "number"),
    Field("order_multiple", "倍数", "number", help="只按这个数的倍数供货"),
    Field("lead_time_days", "交货天数", "number"),
    Field("valid_from", "起始日期", "date", required=True),
    Field("valid_to", "截止日期", "date"),
)


def _one(request: Request, values: dict[str, str], row: Any) -> HttpResponse:
    demand(request.actor, "supplier_price.save")
    if request.method == "GET":
        return forms.show(request, _form(request, values, {}, row))
    posted = request.POST.dict()
    typed = {field.name: posted.get(field.name, "").strip() for field in FIELDS}
    return _saved(request, posted, [typed], lambda errors: _form(request, posted, errors, row))


def _form(request: Request, values: dict[str, str], errors: dict[str, str], row: Any) -> FormPage:
    partner = _supplier(
        values.get("partner", ""), values.get("partner_typed", ""), errors.get("partner", "")
    )
    fields = [partner, *forms.filled(FIELDS, values, errors)]
    return FormPage(
        title="修改供应商价格" if row else "新建供应商价格",
        save_url=request.path,
        sections=[Section("", fields)],
        cancel_url=reverse("supplier-price-list"),
    )


@require_http_methods(["GET", "POST"])
def price_paste(request: Request) -> HttpResponse:
    """Many rows of one supplier, pasted from a sheet."""
    demand(request.actor, "supplier_price.save")
    if request.method == "GET":
        return forms.show(request, _paste_form(request, {"includes_tax": "1"}, {}))
    posted = request.POST.dict()
    rows = pasted_rows(posted.get("rows", ""))
    return _saved(request, posted, rows, lambda errors: _paste_form(request, posted, errors))


def _paste_form(request: Request, values: dict[str, str], errors: dict[str, str]) -> FormPage:
    partner = _supplier(
        values.get("partner", ""), values.get("partner_typed", ""), errors.get("partner", "")
    )
    fields = [
        Field("includes_tax", "单价口径", "select", options=TAX),
        Field(
            "rows",
            "价格行",
            "textarea",
            required=True,
            span=3,
            help=f"每行一条：{TITLES}；后面的列可以不填。从表格软件直接复制即可。",
        ),
    ]
    return FormPage(
        title="整表粘贴价格",
        save_url=request.path,
        sections=[Section("", [partner, *forms.filled(fields, values, errors)])],
        cancel_url=reverse("supplier-price-list"),
    )


def _saved(request: Request, posted: dict[str, str], rows: list[Any], form: Any) -> HttpResponse:
    """All rows are saved, or the form shows each wrong one with its sentence."""
    reader = Reader(posted)
    partner_id = id_of(posted.get("partner", ""))
    if partner_id is None:
        reader.refuse(Refused("field_missing", "partner", what="供应商"))
        return forms.refused(request, form(reader.errors), reader.errors)
    common = Common(partner_id, posted.get("includes_tax", "1") == "1", clock.today())
    try:
        made = save_supplier_prices(drafts_of(request.actor, rows, common), actor=request.actor)
    except Refused as refusal:
        if refusal.code == "forbidden":
            raise
        errors = _errors(refusal, one="rows" not in posted)
        return forms.refused(request, form(errors), errors)
    return forms.done(request, reverse("supplier-price-list"), f"已保存 {len(made)} 条价格。")


def _errors(refusal: Refused, *, one: bool) -> dict[str, str]:
    """At the fields of the one row; of many, by number, above and at the box of rows."""
    parts = refusal.refusals if isinstance(refusal, RefusedLines) else [refusal]
    errors: dict[str, str] = {}
    for part in parts:
        _, _, place = (part.field or "").partition(".")
        number, _, name = place.partition(".")
        if name == "partner" or one:
            errors.setdefault(name, sentence(part))
        elif number:
            errors[f"row-{number}"] = f"第 {number} 行：{sentence(part)}"
        else:
            errors["rows"] = sentence(part)
    return errors


@require_http_methods(["GET", "POST"])
def price_remove(request: Request, price_id: int) -> HttpResponse:
    """Asks first; then the row is gone."""
    demand(request.actor, "supplier_price.save")
    row = supplier_price(request.actor, price_id)
    back = reverse("supplier-price-list")
    if request.method == "GET":
        which = f"{row.partner.name} 的「{row.item.name}」价格 {price(row.price)}"
        said = f"{which} 会被删除；已开的订单不变。"
        return forms.show(
            request, forms.Question("删除供应商价格", said, request.path, back, "删除").form()
        )
    remove_supplier_price(price_id, actor=request.actor)
    return forms.done(request, back, "已删除。")
