"""The fields above the lines."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from hengcang.documents.drafts import Draft
from hengcang.kernel.actor import Actor
from hengcang.pages.forms import Field, Option
from hengcang.places.queries import active_warehouses
from hengcang.register.kinds import Kind
from hengcang.web.documents.layouts import LAYOUTS, PARTNERS

Head = dict[str, str]
TYPED = (
    *("partner", "partner_typed", "warehouse", "dated", "due_date", "valid_until"),
    *("external_no", "why", "note"),
)
"""Fields that a form posts as they are."""

TAX = (Option("1", "含税价"), Option("0", "不含税价"))


def saved_head(document: Any) -> Head:
    """The head of a stored document as texts."""
    partner = getattr(document, "partner", None)
    return {
        "partner": str(partner.pk) if partner else "",
        "partner_typed": partner.name if partner else "",
        "warehouse": str(document.warehouse_id),
        "warehouse_name": document.warehouse.name,
        "dated": document.dated.isoformat(),
        "due_date": _day(getattr(document, "due_date", None)),
        "valid_until": _day(getattr(document, "valid_until", None)),
        "prices_include_tax": "1" if getattr(document, "prices_include_tax", True) else "0",
        "external_no": document.external_no,
        "why": document.reason,
        "note": document.note,
    }


def proposed_head(draft: Draft, partner_name: str) -> Head:
    """The head of a draft that is not saved yet."""
    return {
        "partner": str(draft.partner_id or ""),
        "partner_typed": partner_name,
        "warehouse": str(draft.warehouse_id),
        "dated": draft.dated.isoformat(),
        "due_date": _day(draft.due_date),
        "valid_until": _day(draft.valid_until),
        "prices_include_tax": "1" if draft.prices_include_tax else "0",
        "external_no": draft.external_no,
        "why": draft.reason,
        "note": draft.note,
    }


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def new_head(today: date) -> Head:
    """An empty head of today."""
    return {"dated": today.isoformat(), "prices_include_tax": "1"}


def copied_head(head: Head, today: date) -> Head:
    """The head as a copy starts with it: of today, without the other's number."""
    return head | {"dated": today.isoformat(), "due_date": "", "valid_until": "", "external_no": ""}


def warehouses(actor: Actor, head: Head) -> list[Option]:
    """Where the document may be; a new one stands in the first."""
    options = [Option(str(place.pk), place.name) for place in active_warehouses(actor)]
    if options and not head.get("warehouse"):
        head["warehouse"] = options[0].value
    if head.get("warehouse_name") and head["warehouse"] not in {o.value for o in options}:
        options.append(Option(head["warehouse"], head["warehouse_name"]))
    return options


def fields(
    kind: Kind, head: Head, places: Sequence[Option], errors: Mapping[str, str]
) -> list[Field]:
    """The fields of a kind in order, with what is typed and what is wrong."""
    layout = LAYOUTS[kind.code]
    wanted = [
        _partner(kind, head, errors) if kind.role else None,
        Field(
            "warehouse",
            "仓库",
            "select",
            head.get("warehouse", ""),
            options=places,
            error=errors.get("warehouse", ""),
            required=True,
        ),
        _field("dated", "单据日期", head, errors, kind_="date", required=True),
        _field("due_date", layout.due_label, head, errors, kind_="date")
        if layout.due_label
        else None,
        _field("valid_until", layout.valid_label, head, errors, kind_="date", required=True)
        if layout.valid_label
        else None,
        _field("why", layout.why_label, head, errors, required=layout.why_required)
        if layout.why_label
        else None,
        _field("external_no", layout.external_label, head, errors),
        Field(
            "prices_include_tax",
            "单价口径",
            "select",
            head.get("prices_include_tax", "1"),
            options=TAX,
        )
        if kind.role
        else None,
        _field("note", "备注", head, errors, span=3),
    ]
    return [field for field in wanted if field]


def _field(  # noqa: PLR0913 - the options of one field
    name: str,
    label: str,
    head: Head,
    errors: Mapping[str, str],
    *,
    kind_: Any = "text",
    required: bool = False,
    span: int = 1,
) -> Field:
    return Field(
        name,
        label,
        kind_,
        head.get(name, ""),
        error=errors.get(name, ""),
        required=required,
        span=span,
    )


def _partner(kind: Kind, head: Head, errors: Mapping[str, str]) -> Field:
    return Field(
        "partner",
        PARTNERS[kind.role],
        "pick",
        head.get("partner", ""),
        shown=head.get("partner_typed", ""),
        url=f"{reverse('suggest-partners')}?role={kind.role}",
        error=errors.get("partner", ""),
        required=True,
        span=2,
    )
