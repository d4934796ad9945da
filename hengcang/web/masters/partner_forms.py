"""The form of a partner: what stands in it, and the draft that a filled form means."""

import re
from collections.abc import Mapping
from typing import Any

from hengcang.identity.queries import salespeople
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.pages.forms import Field, FormPage, Section
from hengcang.partners import queries
from hengcang.partners.drafts import ContactDraft, CustomerTerms, PartnerDraft, SupplierTerms
from hengcang.web.masters.forms import filled, options
from hengcang.web.masters.reading import Reader
from hengcang.web.masters.words import plain

SPARE_CONTACTS = 2
MAX_CONTACTS = 20
GRADES = (("A", "A 优秀"), ("B", "B 良好"), ("C", "C 一般"), ("D", "D 谨慎"))
# A refusal names a field of the draft; in the form it has another name.
FIELDS = {
    "customer": "is_customer",
    "customer.credit_limit": "credit_limit",
    "customer.credit_days": "customer_days",
    "customer.price_tier_id": "price_tier",
    "supplier.credit_grade": "credit_grade",
    "supplier.credit_days": "supplier_days",
    "supplier.lead_time_days": "lead_time_days",
    "supplier.over_receipt_rate": "over_receipt_rate",
}
_CONTACT = re.compile(r"contact-([0-9]{1,2})-(?:name|phone)", re.ASCII)
_REFUSED_CONTACT = re.compile(r"contacts\.([0-9]+)\.([a-z]+)", re.ASCII)
Values = Mapping[str, str]


def values_of(partner: Any) -> dict[str, str]:
    """What stands in the form of a stored partner (roles and contacts loaded)."""
    customer = getattr(partner, "customer", None)
    supplier = getattr(partner, "supplier", None)
    values = {
        "code": partner.code,
        "name": partner.name,
        "category": partner.category.name if partner.category else "",
        "salesperson": str(partner.salesperson_id or ""),
        "is_customer": "1" if customer else "",
        "is_supplier": "1" if supplier else "",
        "credit_limit": plain(customer.credit_limit) if customer else "",
        "price_tier": str(customer.price_tier_id or "") if customer else "",
        "customer_days": str(customer.credit_days) if customer else "",
        "credit_grade": supplier.credit_grade if supplier else "B",
        "supplier_days": str(supplier.credit_days) if supplier else "",
        "lead_time_days": plain(supplier.lead_time_days) if supplier else "",
        "over_receipt_rate": plain(supplier.over_receipt_rate) if supplier else "",
    }
    for name in ("address", "tax_no", "bank_name", "bank_account", "note"):
        values[name] = getattr(partner, name)
    for number, contact in enumerate(partner.contacts.all(), start=1):
        for name in ("name", "title", "phone", "email"):
            values[f"contact-{number}-{name}"] = getattr(contact, name)
    return values


def page(actor: Actor, values: Values, *, save_url: str, cancel_url: str, partner: Any) -> FormPage:
    """The form with these values; `partner` is None for a new one."""
    customer = filled([*CUSTOMER, _tier(actor)], values, {})
    sections = [
        Section("基本资料", filled(_basics(actor), values, {})),
        Section("客户条件", customer, note="勾选“是客户”才生效。"),
        Section("供应商条件", filled(SUPPLIER, values, {}), note="勾选“是供应商”才生效。"),
        Section("开票与收款", filled(INVOICE, values, {})),
    ]
    numbers = range(1, min(MAX_CONTACTS, _contacts_in(values) + SPARE_CONTACTS) + 1)
    fields = [field for number in numbers for field in _contact(number)]
    sections.append(Section("联系人", filled(fields, values, {})))
    return FormPage(
        title="修改往来单位" if partner else "新建往来单位",
        save_url=save_url,
        sections=sections,
        cancel_url=cancel_url,
        version=str(values.get("version") or (partner.version if partner else "")),
    )


def _basics(actor: Actor) -> list[Field]:
    people = options(((user.pk, user.name) for user in salespeople(actor)), "不指定")
    names = "、".join(category.name for category in queries.categories(actor)[:4])
    return [
        Field("code", "编码", help="空着自动编号"),
        Field("name", "单位名称", required=True, span=2),
        Field("category", "类别", help=f"如 {names}" if names else "如 商超、五金店"),
        Field("is_customer", "是客户", "check"),
        Field("is_supplier", "是供应商", "check"),
        Field("salesperson", "业务员", "select", options=people),
        Field("address", "地址", span=2),
        Field("note", "备注", span=2),
    ]


CUSTOMER = (
    Field("credit_limit", "信用额度", "money", help="空着为不限"),
    Field("customer_days", "账期（天）", "number", help="0 为现款现货"),
)
SUPPLIER = (
    Field("credit_grade", "信用等级", "select", options=options(GRADES)),
    Field("supplier_days", "账期（天）", "number"),
    Field("lead_time_days", "到货周期（天）", "number"),
    Field("over_receipt_rate", "超收容差 %", "number", help="空着按商品；0 为不允许"),
)
INVOICE = (
    Field("tax_no", "税号", span=2),
    Field("bank_name", "开户行"),
    Field("bank_account", "银行账号"),
)


def _tier(actor: Actor) -> Field:
    tiers = options(((tier.pk, tier.name) for tier in queries.price_tiers(actor)), "不分等级")
    return Field("price_tier", "价格等级", "select", options=tiers)


def _contact(number: int) -> list[Field]:
    return [
        Field(f"contact-{number}-name", f"联系人 {number}"),
        Field(f"contact-{number}-phone", "电话"),
        Field(f"contact-{number}-title", "职务"),
        Field(f"contact-{number}-email", "邮箱"),
    ]


def _contacts_in(values: Values) -> int:
    return max((n for n in _numbers(values) if values.get(f"contact-{n}-name")), default=0)


def _numbers(values: Values) -> list[int]:
    found = {int(match[1]) for name in values if (match := _CONTACT.fullmatch(name))}
    return sorted(number for number in found if 1 <= number <= MAX_CONTACTS)


def draft(reader: Reader) -> PartnerDraft:
    """What the form means. Values that cannot be read are noted in the reader's errors."""
    return PartnerDraft(
        name=reader.required("name", "单位名称"),
        code=reader.text("code") or None,
        category=reader.text("category"),
        salesperson_id=reader.whole("salesperson"),
        address=reader.text("address"),
        tax_no=reader.text("tax_no"),
        bank_name=reader.text("bank_name"),
        bank_account=reader.text("bank_account"),
        note=reader.text("note"),
        contacts=_contacts(reader),
        customer=_customer(reader) if reader.checked("is_customer") else None,
        supplier=_supplier(reader) if reader.checked("is_supplier") else None,
    )


def _customer(reader: Reader) -> CustomerTerms:
    return CustomerTerms(
        reader.money("credit_limit"),
        reader.whole("customer_days") or 0,
        reader.whole("price_tier"),
    )


def _supplier(reader: Reader) -> SupplierTerms:
    return SupplierTerms(
        reader.text("credit_grade") or "B",
        reader.whole("supplier_days") or 0,
        reader.whole("lead_time_days"),
        reader.percent("over_receipt_rate"),
    )


def _contacts(reader: Reader) -> tuple[ContactDraft, ...]:
    made = []
    for number in _numbers(reader.posted):
        name, phone, title, email = (reader.text(field.name) for field in _contact(number))
        if name:
            made.append(ContactDraft(name, title, phone, email))
        elif phone or title or email:
            reader.refuse(Refused("field_missing", f"contact-{number}-name", what="联系人姓名"))
    return tuple(made)


def field_of(refusal: Refused, posted: Values) -> str:
    """The form's field that a refusal of the draft is about."""
    name = refusal.field or ""
    if match := _REFUSED_CONTACT.fullmatch(name):
        given = [n for n in _numbers(posted) if posted.get(f"contact-{n}-name", "").strip()]
        return f"contact-{given[int(match[1]) - 1]}-{match[2]}"
    return FIELDS.get(name, name)
