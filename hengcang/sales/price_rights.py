"""Who may sell below the floor, change an order's price on a delivery, or state one at all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from hengcang.documents.drafts import Draft
from hengcang.documents.lines import BuiltLine
from hengcang.documents.rules import Pricing
from hengcang.documents.sources import price_in
from hengcang.identity.permissions import label
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.numbers import shown
from hengcang.kernel.rounding import ZERO
from hengcang.sales import queries, rules
from hengcang.sales.models import SalesOrderLine
from hengcang.sales.prices import Sale, known_prices

BELOW_FLOOR = "sales_price.below_floor"
REPRICE = "sales_delivery.reprice"
STATES_PRICES = "sales_order.save"
OFF = Decimal("0.000001")
Deal = tuple[int, int, Decimal, Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Settled:
    """What stands on a stored document: the prices of its lines, and what was taken off it."""

    deals: frozenset[Deal] = frozenset()
    off: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Priced:
    """Lines as they are to be written, and what was settled before: stored lines, order lines."""

    draft: Draft
    lines: list[BuiltLine]
    settled: frozenset[Deal] = frozenset()
    sources: Mapping[int, SalesOrderLine] = field(default_factory=dict)

    def is_settled(self, line: BuiltLine) -> bool:
        """Whether the very price stood there before, or is the order's."""
        return _deal(line) in self.settled or self.is_ordered(line)

    def is_ordered(self, line: BuiltLine) -> bool:
        """Whether the price is that of the order line it fulfils."""
        source = self.sources.get(line.draft.source_line_id or 0)
        if source is None or (line.bill_share and not line.carries):
            return False
        includes_tax = self.draft.prices_include_tax
        price = price_in(source, line.item_uom.pk, includes_tax=includes_tax)
        ordered = (price, source.discount_rate, source.tax_rate)
        return ordered == (line.price, line.draft.discount_rate, line.tax_rate)


def _deal(line: BuiltLine) -> Deal:
    """What a line sells at. A share of a discount on the whole weighs by its quantity."""
    off = _off(line.bill_share, line.quantity)
    return (line.item.pk, line.item_uom.pk, line.price, line.draft.discount_rate, off)


def _off(share: Decimal, quantity: Decimal) -> Decimal:
    return (share / quantity).quantize(OFF) if share else ZERO


def settled_by(lines: Iterable[Any]) -> frozenset[Deal]:
    """The prices of stored lines: whoever saves them again need not be who set them."""
    return frozenset(
        (ln.item_id, ln.item_uom_id, ln.price, ln.discount_rate, _off(ln.bill_share, ln.quantity))
        for ln in lines
    )


def floor_facts(priced: Priced, actor: Actor) -> dict[str, object]:
    """What the audit says of lines below the floor price: nothing, or which.

    Raises RefusedLines with below_floor unless the actor may sell below it.
    """
    includes_tax = priced.draft.prices_include_tax
    below = [
        line
        for line in priced.lines
        if line.item.floor_price is not None
        and not line.draft.is_free
        and rules.is_below_floor(
            Pricing(line.price, line.draft.discount_rate, line.tax_rate, includes_tax),
            (line.item_uom.ratio_num, line.item_uom.ratio_den),
            line.item.floor_price,
            (line.quantity, line.bill_share),
        )
        and not priced.is_settled(line)
    ]
    if not below:
        return {}
    if not actor.may(BELOW_FLOOR):
        raise RefusedLines([_below_floor(line, includes_tax=includes_tax) for line in below])
    return {"below_floor": [[ln.item.code, shown(ln.price), _floor(ln)] for ln in below]}


def _floor(line: BuiltLine) -> str:
    assert line.item.floor_price is not None
    return shown(line.item.floor_price)


def _below_floor(line: BuiltLine, *, includes_tax: bool) -> Refused:
    pricing = Pricing(line.price, line.draft.discount_rate, line.tax_rate, includes_tax)
    net = rules.base_price(pricing, (line.item_uom.ratio_num, line.item_uom.ratio_den))
    net -= line.bill_share / line.quantity
    return Refused(
        "below_floor",
        f"lines.{line.position}.price",
        item_name=line.item.name,
        price=shown(net.quantize(Decimal("0.0001"))),
        floor=_floor(line),
        permission_label=label(BELOW_FLOOR),
    )


def refuse_unauthorised(priced: Priced, actor: Actor) -> None:
    """The prices stated on a delivery are the order's, the customer's, or the actor's to state.

    Raises RefusedLines with reprice_forbidden (of an order's line), price_forbidden.
    """
    if actor.may(REPRICE):
        return
    stated = [
        ln
        for ln in priced.lines
        if (ln.draft.price is not None or ln.draft.is_free) and not priced.is_settled(ln)
    ]
    refusals = [_repriced(ln, priced) for ln in stated if ln.draft.source_line_id is not None]
    if not actor.may(STATES_PRICES):
        refusals += _invented(
            [ln for ln in stated if ln.draft.source_line_id is None], priced, actor
        )
    if refusals:
        raise RefusedLines(refusals)


def refuse_discount(priced: Priced, settled: Decimal, actor: Actor) -> None:
    """An amount off a whole delivery is the stored one, or the actor's to give.

    Raises Refused("discount_forbidden").
    """
    off = priced.draft.bill_discount + priced.draft.rounding_off
    if off in (ZERO, settled) or actor.may(REPRICE):
        return
    ordered = any(ln.draft.source_line_id for ln in priced.lines if not ln.carries)
    if ordered or not actor.may(STATES_PRICES):
        raise Refused("discount_forbidden", "bill_discount", permission_label=label(REPRICE))


def _repriced(line: BuiltLine, priced: Priced) -> Refused:
    source = priced.sources.get(line.draft.source_line_id or 0)
    ordered = "？"
    if source is not None:
        includes_tax = priced.draft.prices_include_tax
        ordered = shown(price_in(source, line.item_uom.pk, includes_tax=includes_tax))
    return Refused(
        "reprice_forbidden",
        f"lines.{line.position}.price",
        item_name=line.item.name,
        ordered=ordered,
        price=shown(line.price),
        permission_label=label(REPRICE),
    )


def _invented(lines: list[BuiltLine], priced: Priced, actor: Actor) -> list[Refused]:
    """Stated prices of lines without an order that are not what the customer pays anyway."""
    draft = priced.draft
    sale = Sale(draft.partner_id, draft.dated, draft.prices_include_tax)
    known = known_prices(actor, sale, {line.item.pk for line in lines})
    refusals = []
    for line in lines:
        usual = known.price_of(line.item, line.item_uom)
        if line.price != usual or line.draft.discount_rate != rules.FULL:
            refusals.append(
                Refused(
                    "price_forbidden",
                    f"lines.{line.position}.price",
                    item_name=line.item.name,
                    usual="无" if usual is None else shown(usual),
                    price=shown(line.price),
                    permission_label=label(REPRICE),
                )
            )
    return refusals


def sources_of(lines: list[BuiltLine], actor: Actor) -> dict[int, SalesOrderLine]:
    """The order lines that built lines with a stated price fulfil; no query when there are none."""
    ids = {ln.draft.source_line_id for ln in lines if ln.draft.source_line_id is not None}
    if not ids:
        return {}
    rows = queries.order_lines(actor).filter(id__in=ids)
    return {row.pk: row for row in rows.prefetch_related("item__uoms")}
