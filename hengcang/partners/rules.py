"""What a partner's data must be, and what a partner is found by. Pure."""

import re
from dataclasses import replace

from hengcang.kernel.codes import checked_code, checked_text
from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import percent
from hengcang.kernel.search import SearchKeys, search_keys
from hengcang.partners.drafts import PartnerDraft

AUTO_PREFIX = "DW"
AUTO_DIGITS = 5
MAX_DAYS = 3650
_TAX_NO = re.compile(r"[0-9A-Za-z]{6,30}", re.ASCII)


def checked_partner(typed: PartnerDraft) -> PartnerDraft:
    """The draft as it is kept: texts trimmed, code in upper case.

    Raises Refused: code_invalid, field_missing, field_invalid, role_missing, amount_negative,
    days_out_of_range, rate_out_of_range, number_too_fine.
    """
    draft = _trimmed(typed)
    if draft.code is not None:
        checked_code(draft.code)
    checked_text(draft.name, "name", "单位名称", 120)
    if draft.customer is None and draft.supplier is None:
        raise Refused("role_missing", "customer")
    if draft.tax_no and not _TAX_NO.fullmatch(draft.tax_no):
        raise Refused("field_invalid", "tax_no", what="税号", reason="应为 6 到 30 位字母或数字。")
    _check_lengths(draft)
    _check_terms(draft)
    return draft


def automatic_code(number: int) -> str:
    """`DW00042`."""
    return f"{AUTO_PREFIX}{number:0{AUTO_DIGITS}d}"


def partner_search_keys(draft: PartnerDraft) -> SearchKeys:
    """What the partner is found by: code, name, 拼音 initials, tax number, names and phones."""
    others = [draft.tax_no]
    for contact in draft.contacts:
        others += [contact.name, contact.phone]
    return search_keys(draft.name, (draft.code or "",), others)


def _trimmed(draft: PartnerDraft) -> PartnerDraft:
    code = draft.code.strip(" ") if draft.code else None
    return replace(
        draft,
        code=(code.upper() if code and code.isascii() else code) or None,
        name=draft.name.strip(),
        category=draft.category.strip(),
        address=draft.address.strip(),
        tax_no=draft.tax_no.strip().upper(),
        bank_name=draft.bank_name.strip(),
        bank_account=draft.bank_account.strip(),
        note=draft.note.strip(),
    )


def _check_lengths(draft: PartnerDraft) -> None:
    texts = [
        ("category", "类别", draft.category, 40),
        ("address", "地址", draft.address, 200),
        ("bank_name", "开户行", draft.bank_name, 80),
        ("bank_account", "银行账号", draft.bank_account, 40),
        ("note", "备注", draft.note.replace("\r", "").replace("\n", " "), 500),
    ]
    for at, contact in enumerate(draft.contacts, start=1):
        checked_text(contact.name, f"contacts.{at}.name", "联系人姓名", 40)
        texts += [
            (f"contacts.{at}.title", "职务", contact.title, 40),
            (f"contacts.{at}.phone", "电话", contact.phone, 30),
            (f"contacts.{at}.email", "邮箱", contact.email, 80),
        ]
    for field, what, text, limit in texts:
        if text:
            checked_text(text, field, what, limit)


def _check_terms(draft: PartnerDraft) -> None:
    if draft.customer is not None:
        limit = draft.customer.credit_limit
        if limit is not None and limit < 0:
            raise Refused("amount_negative", "customer.credit_limit", text=str(limit))
        _check_days(draft.customer.credit_days, "customer.credit_days")
    if draft.supplier is not None:
        if draft.supplier.credit_grade not in ("A", "B", "C", "D"):
            raise Refused(
                "field_invalid",
                "supplier.credit_grade",
                what="信用等级",
                reason="应为 A、B、C 或 D。",
            )
        _check_days(draft.supplier.credit_days, "supplier.credit_days")
        _check_days(draft.supplier.lead_time_days or 0, "supplier.lead_time_days")
        if draft.supplier.over_receipt_rate is not None:
            percent(draft.supplier.over_receipt_rate, "supplier.over_receipt_rate")


def _check_days(days: int, field: str) -> None:
    if not 0 <= days <= MAX_DAYS:
        raise Refused("days_out_of_range", field, days=days, limit=MAX_DAYS)
