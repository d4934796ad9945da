"""多规格款: one family makes an item for every combination of its attribute values."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from hengcang.catalog import actions, queries
from hengcang.catalog.drafts import AttributeDraft, FamilyDraft
from hengcang.identity.access import demand
from hengcang.kernel.actor import FieldClass
from hengcang.kernel.errors import Refused
from hengcang.pages.forms import Field, FormPage, Section
from hengcang.pages.tables import Cell, Column, ListPage, Row
from hengcang.web.masters import forms, item_forms, lists
from hengcang.web.masters.reading import Reader
from hengcang.web.requests import Request

ATTRIBUTES = 3
COLUMNS = (
    Column("code", "款号"),
    Column("name", "款名称"),
    Column("attributes", "属性"),
)
OWN = frozenset({"code", "name"})


@require_GET
def family_list(request: Request) -> HttpResponse:
    """Families by code; a row shows its items."""
    rows = list(queries.families(request.actor)[: lists.PAGE * 4])
    page = ListPage(
        key="families",
        title="多规格款",
        url=reverse("family-list"),
        columns=COLUMNS,
        rows=[_row(family) for family in rows],
        count=f"{len(rows)} 款",
        new_url=reverse("family-new") if request.actor.may("item.save") else "",
        new_label="新建款",
        empty="还没有多规格款。服装的颜色尺码、螺丝的规格，可以一次生成一组商品。",
    )
    return lists.answer(request, page, "多规格款")


def _row(family: Any) -> Row:
    names = "、".join(attribute.name for attribute in family.attributes.all())
    url = f"{reverse('item-list')}?{urlencode({'family': family.pk, 'state': 'all'})}"
    return Row([Cell(family.code), Cell(family.name), Cell(names)], url=url)


@require_http_methods(["GET", "POST"])
def family_new(request: Request) -> HttpResponse:
    """A family with all its items, or the form again with what is wrong."""
    demand(request.actor, "item.save")
    if request.method == "GET":
        return forms.show(request, _page(request, item_forms.NEW))
    posted = request.POST.dict()
    reader = Reader(posted)
    draft = _draft(reader)
    if not reader.errors:
        try:
            family = actions.create_family(draft, actor=request.actor)
        except Refused as refusal:
            name = "attribute-1-values" if refusal.field == "attributes" else refusal.field
            reader.refuse(refusal, name or "")
        else:
            url = f"{reverse('item-list')}?{urlencode({'family': family.pk})}"
            return forms.done(request, url, f"已生成{family.name}的全部规格。")
    return forms.refused(request, _page(request, posted), reader.errors)


def _draft(reader: Reader) -> FamilyDraft:
    attributes = []
    for number in range(1, ATTRIBUTES + 1):
        name = reader.text(f"attribute-{number}-name")
        values = item_forms.codes_in(reader.text(f"attribute-{number}-values"))
        if name or values:
            attributes.append(AttributeDraft(name, values))
    pattern = item_forms.draft(reader, None)
    return FamilyDraft(pattern.code, pattern.name, tuple(attributes), pattern)


def _page(request: Request, values: item_forms.Values) -> FormPage:
    sees = request.actor.sees(FieldClass.COST)
    basics = item_forms.basics(request.actor, values)
    own = [
        Field("code", "款号", required=True, help="商品编码是款号加 -01、-02 …"),
        Field("name", "款名称", required=True, span=2, help="商品名称是款名称加属性值"),
    ]
    pattern = [field for field in basics if field.name not in OWN]
    attributes = [field for n in range(1, ATTRIBUTES + 1) for field in _attribute(n)]
    return FormPage(
        title="新建多规格款",
        save_url=request.path,
        sections=[
            Section("款", forms.filled(own, values, {})),
            Section("属性", forms.filled(attributes, values, {}), note=ATTRIBUTE_NOTE),
            Section("每个商品都一样的资料", forms.filled(pattern, values, {})),
            Section("价格与税", forms.filled(item_forms.prices(sees=sees), values, {})),
        ],
        save_label="生成商品",
        cancel_url=reverse("family-list"),
    )


ATTRIBUTE_NOTE = "每个属性写一个名称和它的全部取值，会为每一种组合生成一个商品。"


def _attribute(number: int) -> list[Field]:
    example = ("如 颜色", "如 红 白 黑") if number == 1 else ("如 尺码", "如 S M L XL")
    return [
        Field(f"attribute-{number}-name", f"属性 {number}", placeholder=example[0]),
        Field(
            f"attribute-{number}-values",
            "取值",
            placeholder=example[1],
            help="用空格或逗号隔开",
            span=3,
        ),
    ]
