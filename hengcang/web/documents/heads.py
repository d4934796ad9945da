"""The fields above the lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from hengcang.documents.drafts import Draft
from hengcang.kernel.actor import Actor
from hengcang.kernel.numbers import shown
from hengcang.kernel.rounding import ZERO
from hengcang.ledger.goods import goods_kept_by
from hengcang.pages.forms import Field, Option
from hengcang.places import queries
from hengcang.places.queries import active_warehouses
from hengcang.register.kinds import Kind
from hengcang.sales.queries import credited_to
from hengcang.web.documents import announced, products
from hengcang.web.documents.layouts import LAYOUTS, PARTNERS

Head = dict[str, str]
OFF = ("bill_discount", "rounding_off")
TYPED = (
    *("partner", "partner_typed", "warehouse", "dated", "due_date", "valid_until"),
    *("external_no", "why", "note", "channel", "salesperson"),
    *("carrier", "tracking_no", "notice"),
    *OFF,
)
"""Fields that a form posts as they are."""

TRAVELS = (("carrier", "承运公司"), ("tracking_no", "运单号"))
UNPRICED = frozenset({"arrival_notice"})
"""Kinds whose prices are those of their orders."""
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
        **_credited(document),
        **_taken_off(document),
        "external_no": document.external_no,
        "why": document.reason,
        "note": document.note,
        **_transfer_head(document),
        **announced.saved(document),
        **products.saved(document),
    }


def _transfer_head(document: Any) -> Head:
    """What only transfers and their receipts say."""
    goes_to = getattr(document, "to_warehouse", None)
    ends = {"to_warehouse": str(goes_to.pk), "to_warehouse_name": goes_to.name} if goes_to else {}
    if not hasattr(document, "outcome"):
        return ends
    return ends | {"outcome": document.outcome, "responsible": document.responsible}


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
        "channel": str(draft.channel_id or ""),
        "salesperson": str(draft.salesperson_id or ""),
        "external_no": draft.external_no,
        "why": draft.reason,
        "note": draft.note,
        "outcome": draft.outcome,
        "to_warehouse": str(draft.to_warehouse_id or ""),
        "notice": str(draft.notice_id or ""),
    }


def _credited(document: Any) -> Head:
    """Whose sale a document is, by id and by name."""
    head: Head = {}
    for name in ("channel", "salesperson"):
        found = getattr(document, name, None)
        head[name] = str(found.pk) if found else ""
        head[f"{name}_name"] = found.name if found else ""
    return head


def _taken_off(document: Any) -> Head:
    """What was taken off the whole; empty for nothing."""
    return {name: shown(off) if (off := getattr(document, name, ZERO)) else "" for name in OFF}


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def new_head(today: date) -> Head:
    """An empty head of today."""
    return {"dated": today.isoformat(), "prices_include_tax": "1"}


def copied_head(head: Head, today: date) -> Head:
    """The head as a copy starts with it: of today, without the other's number."""
    return head | {"dated": today.isoformat(), "due_date": "", "valid_until": "", "external_no": ""}


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be chosen in the selects of a head; `pieces`: whether a product may have numbers."""

    warehouses: Sequence[Option]
    channels: Sequence[Option] = ()
    people: Sequence[Option] = ()
    ends: Sequence[Option] = ()
    notices: Sequence[Option] = ()
    pieces: bool = False


def choices(actor: Actor, kind: Kind, head: Head) -> Choices:
    """What the actor may choose, and what is chosen already."""
    places = warehouses(actor, head)
    if kind.role != "customer":
        numbered = bool(LAYOUTS[kind.code].product_label) and goods_kept_by(actor)[2]
        return Choices(
            places,
            ends=destinations(actor, kind, head),
            notices=announced.choices(actor, kind, head),
            pieces=numbered,
        )
    credited = credited_to(actor)
    ways = [Option(str(pk), name) for pk, name in credited.channels]
    people = [Option(str(pk), name) for pk, name in credited.people]
    return Choices(
        places,
        _with_chosen(ways, head, "channel", "不指定"),
        _with_chosen(people, head, "salesperson", "客户的业务员"),
    )


def chosen(kind: Kind, head: Head) -> Choices:
    """Only what is chosen, for a document that is read."""
    places = [Option(head["warehouse"], head["warehouse_name"])]
    if kind.role != "customer":
        numbered = bool(head.get("product_serials"))
        return Choices(places, notices=announced.chosen(head), pieces=numbered)
    return Choices(
        places,
        _with_chosen([], head, "channel", ""),
        _with_chosen([], head, "salesperson", ""),
    )


def _with_chosen(options: list[Option], head: Head, name: str, none: str) -> list[Option]:
    value = head.get(name, "")
    if value and head.get(f"{name}_name") and value not in {o.value for o in options}:
        options.append(Option(value, head[f"{name}_name"]))
    return [Option("", none), *options]


def warehouses(actor: Actor, head: Head) -> list[Option]:
    """Where the document may be; a new one stands in the first."""
    options = [Option(str(place.pk), place.name) for place in active_warehouses(actor)]
    if options and not head.get("warehouse"):
        head["warehouse"] = options[0].value
    if head.get("warehouse_name") and head["warehouse"] not in {o.value for o in options}:
        options.append(Option(head["warehouse"], head["warehouse_name"]))
    return options


def destinations(actor: Actor, kind: Kind, head: Head) -> list[Option]:
    """Where goods of a transfer may go; what stands there is kept."""
    if not LAYOUTS[kind.code].to_label:
        return []
    options = [Option(str(place.pk), place.name) for place in queries.destinations(actor)]
    if head.get("to_warehouse_name") and head["to_warehouse"] not in {o.value for o in options}:
        options.append(Option(head["to_warehouse"], head["to_warehouse_name"]))
    return options


def fields(kind: Kind, head: Head, offered: Choices, errors: Mapping[str, str]) -> list[Field]:
    """The fields of a kind in order, with what is typed and what is wrong."""
    layout = LAYOUTS[kind.code]
    wanted = [
        _partner(kind, head, errors) if kind.role or layout.partner_label else None,
        Field(
            "warehouse",
            layout.place_label,
            "select",
            head.get("warehouse", ""),
            options=offered.warehouses,
            error=errors.get("warehouse", ""),
            required=True,
        ),
        _to_warehouse(layout.to_label, head, offered.ends, errors) if layout.to_label else None,
        *products.fields(layout, head, errors),
        *(products.numbers(head, errors) if offered.pieces else ()),
        _field("dated", "单据日期", head, errors, kind_="date", required=True),
        *_outcome(layout.outcomes, head, errors),
        _field("due_date", layout.due_label, head, errors, kind_="date")
        if layout.due_label
        else None,
        _field("valid_until", layout.valid_label, head, errors, kind_="date", required=True)
        if layout.valid_label
        else None,
        _field("why", layout.why_label, head, errors, required=layout.why_required)
        if layout.why_label
        else None,
        _select("channel", "销售渠道", head, offered.channels, errors),
        _select("salesperson", "业务员", head, offered.people, errors),
        _select("notice", "到货通知", head, offered.notices, errors),
        *([_field(*each, head, errors) for each in TRAVELS] if layout.travels else ()),
        _field("external_no", layout.external_label, head, errors),
        Field(
            "prices_include_tax",
            "单价口径",
            "select",
            head.get("prices_include_tax", "1"),
            options=TAX,
        )
        if kind.role and kind.code not in UNPRICED
        else None,
        _field("note", "备注", head, errors, span=3),
    ]
    return [field for field in wanted if field]


def _to_warehouse(
    label: str, head: Head, ends: Sequence[Option], errors: Mapping[str, str]
) -> Field:
    chosen = head.get("to_warehouse", "")
    shown = ends or [Option(chosen, head.get("to_warehouse_name", ""))]
    return Field(
        "to_warehouse",
        label,
        "select",
        chosen,
        options=[Option("", "请选择"), *shown],
        error=errors.get("to_warehouse", ""),
        required=True,
    )


def _outcome(
    outcomes: Sequence[tuple[str, str]], head: Head, errors: Mapping[str, str]
) -> list[Field]:
    """What became of goods in transit, and who answers for what is missing."""
    if not outcomes:
        return []
    options = [Option(*each) for each in outcomes]
    chosen = head.get("outcome", "") or options[0].value
    error = errors.get("outcome", "")
    return [
        Field("outcome", "结果", "select", chosen, options=options, error=error),
        _field("responsible", "责任方", head, errors),
    ]


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


def _select(
    name: str, label: str, head: Head, options: Sequence[Option], errors: Mapping[str, str]
) -> Field | None:
    """A field that is chosen; None where there is nothing to choose from."""
    if not options:
        return None
    value, error = head.get(name, ""), errors.get(name, "")
    return Field(name, label, "select", value, options=options, error=error)


def _partner(kind: Kind, head: Head, errors: Mapping[str, str]) -> Field:
    """Whose document it is; the supplier that one of nobody's may name."""
    return Field(
        "partner",
        PARTNERS[kind.role] or LAYOUTS[kind.code].partner_label,
        "pick",
        head.get("partner", ""),
        shown=head.get("partner_typed", ""),
        url=f"{reverse('suggest-partners')}?role={kind.role or 'supplier'}",
        error=errors.get("partner", ""),
        required=bool(kind.role),
        span=2,
    )
