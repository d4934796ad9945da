"""The form of an item: what stands in it, and the draft that a filled form means."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hengcang.catalog import queries
from hengcang.catalog.drafts import ItemDraft, UomDraft
from hengcang.kernel.actor import Actor, FieldClass
from hengcang.kernel.errors import Refused
from hengcang.pages.forms import Field, FormPage, Section
from hengcang.web.masters.forms import filled, options
from hengcang.web.masters.reading import Reader
from hengcang.web.masters.words import plain

SPARE_UNITS = 2
MAX_UNITS = 20
_UNIT = re.compile(r"uom-([0-9]{1,2})-name", re.ASCII)
_SEPARATORS = re.compile(r"[\s,，、;；]+")
Values = Mapping[str, str]


def values_of(item: Any) -> dict[str, str]:
    """What stands in the form of a stored item (units, barcodes and prices loaded)."""
    units = [uom for uom in item.uoms.all() if uom.uom_id != item.base_uom_id]
    base = [uom for uom in item.uoms.all() if uom.uom_id == item.base_uom_id]
    values = {
        "code": item.code,
        "name": item.name,
        "spec": item.spec,
        "mnemonic": item.mnemonic,
        "category": item.category.path if item.category else "",
        "brand": item.brand.name if item.brand else "",
        "base_uom": item.base_uom.name,
        "quantity_places": str(item.quantity_places),
        "tax_rate": plain(item.tax_rate),
        "sale_price": plain(item.sale_price),
        "purchase_price": plain(item.purchase_price),
        "floor_price": plain(item.floor_price),
        "tracks_batch": "1" if item.tracks_batch else "",
        "needs_inspection": "1" if item.needs_inspection else "",
        "tracks_serials": "1" if item.tracks_serials else "",
        "shelf_life_days": str(item.shelf_life_days or ""),
        "near_expiry_days": str(item.near_expiry_days or ""),
        "over_receipt_rate": plain(item.over_receipt_rate),
        "barcodes": "\n".join(code.code for uom in base for code in uom.barcodes.all()),
    }
    for number, uom in enumerate(units, start=1):
        values |= _unit_values(number, uom)
    return values


def _unit_values(number: int, uom: Any) -> dict[str, str]:
    ratio = str(uom.ratio_num) if uom.ratio_den == 1 else f"{uom.ratio_num}/{uom.ratio_den}"
    return {
        f"uom-{number}-name": uom.uom.name,
        f"uom-{number}-ratio": ratio,
        f"uom-{number}-sale_price": plain(uom.sale_price),
        f"uom-{number}-purchase_price": plain(uom.purchase_price),
        f"uom-{number}-barcodes": " ".join(code.code for code in uom.barcodes.all()),
    }


NEW = {"tax_rate": "13", "quantity_places": "0"}


def page(actor: Actor, values: Values, *, save_url: str, cancel_url: str, item: Any) -> FormPage:
    """The form with these values; `item` is None for a new one."""
    sees = actor.sees(FieldClass.COST)
    sections = [
        Section("基本资料", filled(basics(actor, values, item), values, {})),
        Section("价格与税", filled(prices(sees=sees), values, {})),
        Section("条码", filled([BARCODES], values, {})),
    ]
    numbers = range(1, min(MAX_UNITS, _units_in(values) + SPARE_UNITS) + 1)
    sections += [_unit_section(number, values, sees=sees) for number in numbers]
    return FormPage(
        title="修改商品" if item else "新建商品",
        save_url=save_url,
        sections=sections,
        cancel_url=cancel_url,
        version=str(values.get("version") or (item.version if item else "")),
    )


def basics(actor: Actor, values: Values, item: Any = None) -> list[Field]:
    paths = [category.path for category in queries.categories(actor)]
    chosen = values.get("category", "")
    if chosen and chosen not in paths:
        paths.append(chosen)
    return [
        Field("code", "商品编码", required=True, help="字母、数字和 - _ . /"),
        Field("name", "商品名称", required=True, span=2),
        Field("spec", "规格型号"),
        Field("category", "商品类别", "select", options=options(((p, p) for p in paths), "未分类")),
        Field("new_category", "新类别", placeholder="如 五金/螺丝", help="填写后以此为准"),
        Field("brand", "品牌"),
        Field("mnemonic", "助记码", help="拼音首字母自动生成，不用填"),
        Field(
            "base_uom", "基本单位", required=True, readonly=item is not None, placeholder="如 个"
        ),
        Field("quantity_places", "数量小数位", "select", options=options(_PLACES)),
        Field("tracks_batch", "批次", "select", options=options(_BATCHES)),
        Field("needs_inspection", "质检", "select", options=options(_INSPECTION)),
        Field(
            "tracks_serials",
            "序列号",
            "select",
            options=options(_SERIALS),
            help="一物一码；有出入库后不能再改，数量须为整数",
        ),
        Field("shelf_life_days", "保质期（天）", "number", help="有效期至 = 生产日期 + 保质期"),
        Field("near_expiry_days", "近效期（天）", "number", help="到期前多少天提醒"),
    ]


_BATCHES = [("", "不分批次"), ("1", "按批次管理")]
_INSPECTION = [("", "不需质检"), ("1", "需质检：采购入库先待检")]
_SERIALS = [("", "没有序列号"), ("1", "每件一个序列号")]
_PLACES = [(str(n), "整数" if n == 0 else f"{n} 位小数") for n in range(7)]
BARCODES = Field("barcodes", "基本单位的条码", "textarea", span=2, help="每行一个，可以有多个")


def prices(*, sees: bool) -> list[Field]:
    fields = [
        Field("sale_price", "售价", "money", help="含税，按基本单位"),
        Field("floor_price", "最低售价", "money"),
        Field("tax_rate", "税率 %", "number", required=True),
        Field("over_receipt_rate", "超收容差 %", "number", help="采购入库最多可比订单多收多少"),
    ]
    cost = [Field("purchase_price", "进价", "money", help="含税，按基本单位")]
    return [*fields, *cost] if sees else fields


def _unit_section(number: int, values: Values, *, sees: bool) -> Section:
    base = values.get("base_uom") or "基本单位"
    name = f"uom-{number}-"
    fields = [
        Field(f"{name}name", "单位", placeholder="如 箱"),
        Field(f"{name}ratio", f"一个单位有多少{base}", placeholder="如 12 或 1/3"),
        Field(f"{name}sale_price", "售价", "money", help="空着就按换算率算"),
    ]
    if sees:
        fields.append(Field(f"{name}purchase_price", "进价", "money"))
    fields.append(Field(f"{name}barcodes", "条码", help="多个用空格隔开", span=2))
    return Section(f"辅助单位 {number}", filled(fields, values, {}))


def _units_in(values: Values) -> int:
    return max((n for n in _numbers(values) if values.get(f"uom-{n}-name", "").strip()), default=0)


def _numbers(values: Values) -> list[int]:
    found = (int(match[1]) for name in values if (match := _UNIT.fullmatch(name)))
    return sorted(number for number in found if 1 <= number <= MAX_UNITS)


def draft(reader: Reader, item: Any) -> ItemDraft:
    """What the form means. Values that cannot be read are noted in the reader's errors."""
    tax_rate = reader.percent("tax_rate")
    if tax_rate is None:
        reader.required("tax_rate", "税率")
    return ItemDraft(
        code=reader.required("code", "商品编码"),
        name=reader.required("name", "商品名称"),
        base_uom=reader.required("base_uom", "基本单位"),
        spec=reader.text("spec"),
        mnemonic=reader.text("mnemonic"),
        category=reader.text("new_category") or reader.text("category"),
        brand=reader.text("brand"),
        family_id=item.family_id if item else None,
        attribute_value_ids=tuple(v.pk for v in item.attribute_values.all()) if item else (),
        quantity_places=reader.whole("quantity_places") or 0,
        tax_rate=Decimal(13) if tax_rate is None else tax_rate,
        sale_price=reader.price("sale_price"),
        purchase_price=reader.price("purchase_price"),
        floor_price=reader.price("floor_price"),
        tracks_batch=reader.text("tracks_batch") == "1",
        needs_inspection=reader.text("needs_inspection") == "1",
        tracks_serials=reader.text("tracks_serials") == "1",
        shelf_life_days=reader.whole("shelf_life_days"),
        near_expiry_days=reader.whole("near_expiry_days"),
        over_receipt_rate=reader.percent("over_receipt_rate") or Decimal(0),
        barcodes=codes_in(reader.text("barcodes")),
        uoms=_units(reader),
    )


def codes_in(text: str) -> tuple[str, ...]:
    """Several codes in one field, separated by blanks, commas or line ends."""
    return tuple(code for code in _SEPARATORS.split(text) if code)


def _units(reader: Reader) -> tuple[UomDraft, ...]:
    made = []
    for number in _numbers(reader.posted):
        name = f"uom-{number}-"
        label = reader.text(f"{name}name")
        if not label:
            _refuse_orphans(reader, name)
            continue
        ratio = reader.ratio(f"{name}ratio")
        if ratio is None:
            reader.required(f"{name}ratio", "换算率")
        made.append(
            UomDraft(
                label,
                *(ratio or (1, 1)),
                sale_price=reader.price(f"{name}sale_price"),
                purchase_price=reader.price(f"{name}purchase_price"),
                barcodes=codes_in(reader.text(f"{name}barcodes")),
            )
        )
    return tuple(made)


def _refuse_orphans(reader: Reader, name: str) -> None:
    """What stands beside a blank unit name would be lost without a word."""
    if any(reader.text(name + rest) for rest in ("ratio", "sale_price", "barcodes")):
        reader.refuse(Refused("field_missing", f"{name}name", what="单位名称"))


def field_of(refusal: Refused, posted: Values) -> str:
    """The form's field that a refusal of the draft is about."""
    barcode = str(refusal.facts.get("barcode", ""))
    if refusal.field == "barcodes" and barcode:
        return _field_with(posted, "barcodes", barcode)
    unit = str(refusal.facts.get("uom", ""))
    if refusal.field == "uoms" and unit:
        return _unit_named(posted, unit)
    if refusal.field == "uoms" and "num" in refusal.facts:
        return _unit_with_ratio(posted, refusal.facts)
    if refusal.field == "category" and posted.get("new_category"):
        return "new_category"
    return refusal.field or ""


def _field_with(posted: Values, ending: str, code: str) -> str:
    """The last field that holds the code: of two mentions the second is the mistake."""
    names = [name for name in posted if name.endswith(ending)]
    holding = [name for name in names if any(c[:40] == code for c in codes_in(posted[name]))]
    return holding[-1] if holding else ending


def _unit_named(posted: Values, unit: str) -> str:
    names = [f"uom-{n}-name" for n in _numbers(posted)]
    found = [name for name in names if posted[name].strip() == unit]
    return found[-1] if found else "uom-1-name"


def _unit_with_ratio(posted: Values, facts: Mapping[str, object]) -> str:
    wanted = {f"{facts['num']}/{facts['den']}", str(facts["num"])}
    for number in _numbers(posted):
        if posted.get(f"uom-{number}-ratio", "").strip() in wanted:
            return f"uom-{number}-ratio"
    return "uom-1-ratio"
