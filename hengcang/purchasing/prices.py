"""What suppliers ask: their price lists, and the price proposed for a line of an order."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from hengcang.books.rows import one
from hengcang.catalog.queries import items_of_lines
from hengcang.documents.drafts import Draft
from hengcang.documents.flow import Status
from hengcang.documents.lines import purchase_price
from hengcang.identity.access import demand
from hengcang.kernel import search
from hengcang.kernel.actor import Actor, FieldClass
from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import shown
from hengcang.partners.models import Partner
from hengcang.purchasing.models import PurchaseReceipt, PurchaseReceiptLine, SupplierPrice
from hengcang.purchasing.rules import Priced, Terms, best_terms, converted, fitting


@dataclass(frozen=True, slots=True)
class PriceFilter:
    """Which rows of price lists. `on`: valid on that day. `after`: the id of the last one seen."""

    words: str = ""
    partner_id: int | None = None
    item_id: int | None = None
    on: date | None = None
    after: int | None = None
    limit: int = 50


def supplier_prices(actor: Actor, wanted: PriceFilter) -> list[SupplierPrice]:
    """One page, the newest rows first, with partner, item and unit.

    Raises Refused("forbidden"), also to those who may not see costs.
    """
    rows = _seen(actor)
    if wanted.partner_id is not None:
        rows = rows.filter(partner_id=wanted.partner_id)
    if wanted.item_id is not None:
        rows = rows.filter(item_id=wanted.item_id)
    if wanted.on is not None:
        rows = rows.filter(_valid(wanted.on))
    for word in search.words_of(wanted.words):
        grams = search.grams_of(word)
        rows = rows.filter(
            Q(item__search_tokens__contains=grams, item__search_text__contains=word)
            | Q(partner__search_tokens__contains=grams, partner__search_text__contains=word)
        )
    if wanted.after is not None:
        rows = rows.filter(id__lt=wanted.after)
    return list(rows.order_by("-id")[: wanted.limit])


def supplier_price(actor: Actor, price_id: int) -> SupplierPrice:
    """One row. Raises Refused: forbidden, not_found."""
    found = one(_seen(actor).filter(id=price_id))
    if found is None:
        raise Refused("not_found", what="供应商价格")
    return found


def supplier_prices_of(actor: Actor, ids: list[int]) -> list[SupplierPrice]:
    """The rows of these ids, in this order. Raises Refused("forbidden")."""
    found = _seen(actor).in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def _seen(actor: Actor) -> QuerySet[SupplierPrice]:
    demand(actor, "supplier_price.view")
    if not actor.sees(FieldClass.COST):
        raise Refused("forbidden", permission="cost", permission_label="查看成本")
    rows = SupplierPrice.objects.filter(partner__in=Partner.objects.visible_to(actor))
    return rows.select_related("partner", "item", "item_uom__uom")


def _valid(on: date) -> Q:
    return Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gte=on))


@dataclass(frozen=True, slots=True)
class Ask:
    """How much of an item in a unit (None: the base unit) is to be priced."""

    item_id: int
    item_uom_id: int | None
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Offer:
    """A price per unit asked for, and why. `warning`: what quantity would suit the supplier."""

    price: Decimal
    why: str
    warning: str = ""
    lead_time_days: int | None = None


def proposed_prices(
    actor: Actor, partner_id: int, asks: Sequence[Ask], *, on: date, includes_tax: bool = True
) -> list[Offer | None]:
    """The supplier's price for each: the list's best step, else what was paid last, else the
    item's purchase price. None where nothing is known, and for all without COST.
    """
    return prices_of_many(
        actor, [(partner_id, ask) for ask in asks], on=on, includes_tax=includes_tax
    )


def prices_of_many(
    actor: Actor, asks: Sequence[tuple[int, Ask]], *, on: date, includes_tax: bool = True
) -> list[Offer | None]:
    """The same for several suppliers, each with what is asked of it; three statements."""
    if not actor.sees(FieldClass.COST):
        return [None] * len(asks)
    return _proposed(actor, asks, _When(on, includes_tax))


@dataclass(frozen=True, slots=True)
class _When:
    on: date
    includes_tax: bool


def with_proposed_prices(actor: Actor, draft: Draft) -> Draft:
    """The draft with a price on every line that has none and for which one is known.

    For actions: what is written is not shown to those who may not see it.
    """
    open_ones = [(n, line) for n, line in enumerate(draft.lines) if line.price is None]
    if not open_ones or draft.partner_id is None:
        return draft
    asks = [Ask(line.item_id, line.item_uom_id, line.quantity) for _, line in open_ones]
    when = _When(draft.dated, draft.prices_include_tax)
    lines = list(draft.lines)
    found = _proposed(actor, [(draft.partner_id, ask) for ask in asks], when)
    for (n, line), offer in zip(open_ones, found, strict=True):
        if offer is not None:
            lines[n] = replace(line, price=offer.price)
    return replace(draft, lines=tuple(lines))


def _proposed(actor: Actor, asks: Sequence[tuple[int, Ask]], when: _When) -> list[Offer | None]:
    """Three queries, whatever the number of lines and suppliers."""
    ids, partner_ids = {ask.item_id for _, ask in asks}, {partner_id for partner_id, _ in asks}
    goods = items_of_lines(ids)
    listed, paid = _listed(partner_ids, ids, when.on), _paid(actor, partner_ids, ids)
    found: list[Offer | None] = []
    for partner_id, ask in asks:
        its = goods.get(ask.item_id)
        uom = next((u for u in its.uoms if _is_asked(u, its.item, ask)), None) if its else None
        if uom is None:
            found.append(None)
            continue
        found.append(
            _from_list(listed[partner_id, ask.item_id], ask, uom, when)
            or _from_receipt(paid.get((partner_id, ask.item_id)), uom, when)
            or _from_item(uom)
        )
    return found


def _is_asked(uom: Any, item: Any, ask: Ask) -> bool:
    if ask.item_uom_id is None:
        return bool(uom.uom_id == item.base_uom_id)
    return bool(uom.pk == ask.item_uom_id)


Sold = tuple[int, int]
"""Supplier and item."""


def _listed(partner_ids: set[int], ids: set[int], on: date) -> dict[Sold, list[Terms]]:
    rows = SupplierPrice.objects.filter(_valid(on), partner_id__in=partner_ids, item_id__in=ids)
    found: dict[Sold, list[Terms]] = defaultdict(list)
    for row in rows.select_related("item_uom"):
        found[row.partner_id, row.item_id].append(
            Terms(
                row.item_uom_id,
                row.item_uom.ratio_num,
                row.item_uom.ratio_den,
                row.min_quantity,
                row.price,
                row.includes_tax,
                row.moq,
                row.order_multiple,
                row.lead_time_days,
                row.valid_from,
            )
        )
    return found


def _paid(actor: Actor, partner_ids: set[int], ids: set[int]) -> dict[Sold, Any]:
    """The newest posted receipt line of each item from the supplier."""
    visible: QuerySet[Any] = PurchaseReceipt.objects.visible_to(actor)
    posted = visible.filter(partner_id__in=partner_ids, status=Status.POSTED)
    rows = PurchaseReceiptLine.objects.filter(
        document__in=posted, item_id__in=ids, quantity__gt=0
    ).order_by("document__partner_id", "item_id", "-document__dated", "-id")
    newest = rows.distinct("document__partner_id", "item_id")
    found = newest.select_related("document", "item_uom")
    return {(row.document.partner_id, row.item_id): row for row in found}


def _from_list(rows: list[Terms], ask: Ask, uom: Any, when: _When) -> Offer | None:
    base = ask.quantity * uom.ratio_num / uom.ratio_den
    terms = best_terms(rows, base, uom.pk)
    if terms is None:
        return None
    known = Priced(terms.price, terms.num, terms.den, terms.includes_tax)
    price = converted(
        known, uom.ratio_num, uom.ratio_den, uom.item.tax_rate, includes_tax=when.includes_tax
    )
    step = f"满 {shown(terms.min_quantity)}" if terms.min_quantity else ""
    return Offer(price, f"价格表{step}", _warning(terms, ask, uom), terms.lead_time_days)


def _warning(terms: Terms, ask: Ask, uom: Any) -> str:
    """What would fit, in the unit asked for; empty when it fits already."""
    size = Decimal(terms.num) * uom.ratio_den / (Decimal(terms.den) * uom.ratio_num)
    moq = terms.moq * size if terms.moq else None
    multiple = terms.order_multiple * size if terms.order_multiple else None
    fit = fitting(ask.quantity, moq, multiple)
    if fit == ask.quantity:
        return ""
    if moq and ask.quantity < moq:
        return f"低于起订量 {shown(moq)}，可订 {shown(fit)}"
    return f"不是 {shown(multiple or fit)} 的倍数，可订 {shown(fit)}"


def _from_receipt(row: Any, uom: Any, when: _When) -> Offer | None:
    if row is None:
        return None
    known = Priced(
        row.price,
        row.item_uom.ratio_num,
        row.item_uom.ratio_den,
        row.document.prices_include_tax,
    )
    price = converted(
        known, uom.ratio_num, uom.ratio_den, row.tax_rate, includes_tax=when.includes_tax
    )
    return Offer(price, f"上次进价 {row.document.dated}")


def _from_item(uom: Any) -> Offer | None:
    """As typed on the item, whatever the document says of tax: that is how it is kept."""
    price = purchase_price(uom.item, uom)
    return None if price is None else Offer(price, "商品进价")
