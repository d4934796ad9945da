"""What a customer pays for an item when nobody says: the chain of prices, one query a step."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from hengcang.catalog.models import Item, ItemUom
from hengcang.documents.drafts import Draft
from hengcang.documents.lines import UsualPrice, sale_price
from hengcang.documents.rules import HUNDRED
from hengcang.kernel.actor import Actor
from hengcang.pricing import queries as pricing
from hengcang.pricing.queries import Offers
from hengcang.pricing.rules import PRICE, Offer, Quote, Size, Step, quoted
from hengcang.sales import queries
from hengcang.sales.queries import LastPrice


@dataclass(frozen=True, slots=True)
class KnownPrices:
    """What may be charged to one customer on one day, by item."""

    on: date
    includes_tax: bool
    agreed: Offers
    lists: Offers
    last: dict[int, LastPrice]

    def quote(self, item: Item, uom: ItemUom) -> Quote | None:
        """The price per unit, and why; None when nobody ever said one."""
        offers = [*self.agreed.get(item.pk, ()), *self.lists.get(item.pk, ())]
        unit = Size(uom.pk, uom.ratio_num, uom.ratio_den)
        own = sale_price(item, uom)
        if own is not None:
            offers.append(Offer(Step.OWN, own, unit, "商品售价", date.min))
        if (last := self.last.get(item.pk)) is not None:
            offers.append(_paid(last, includes_tax=self.includes_tax))
        return quoted(offers, unit, self.on)

    def price_of(self, item: Item, uom: ItemUom) -> Decimal | None:
        """The price alone, as lines are built with it."""
        quote = self.quote(item, uom)
        return None if quote is None else quote.price


@dataclass(frozen=True, slots=True)
class Sale:
    """To whom, when, and whether its prices include tax."""

    partner_id: int | None
    on: date
    includes_tax: bool = True


def known_prices(actor: Actor, sale: Sale, item_ids: Collection[int]) -> KnownPrices:
    """All that the chain needs for these items: three queries, none without a customer or items."""
    partner_id, on = sale.partner_id, sale.on
    if partner_id is None or not item_ids:
        return KnownPrices(on, sale.includes_tax, {}, {}, {})
    return KnownPrices(
        on,
        sale.includes_tax,
        pricing.agreed_offers(actor, partner_id, item_ids, on=on),
        pricing.list_offers(actor, partner_id, item_ids, on=on),
        queries.last_prices(actor, partner_id, list(item_ids), on=on),
    )


def usual_prices(actor: Actor, draft: Draft) -> UsualPrice:
    """How lines without a price are priced. A document that states all of them asks nothing."""
    items = {line.item_id for line in draft.lines if line.price is None and not line.is_free}
    if not items:
        return sale_price
    sale = Sale(draft.partner_id, draft.dated, draft.prices_include_tax)
    return known_prices(actor, sale, items).price_of


def _paid(last: LastPrice, *, includes_tax: bool) -> Offer:
    """The last price net of its discount, with or without tax as it is wanted."""
    price = last.price * last.discount_rate / HUNDRED
    if includes_tax != last.includes_tax:
        gross = 1 + last.tax_rate / HUNDRED
        price = price * gross if includes_tax else price / gross
    unit = Size(last.item_uom_id, last.ratio_num, last.ratio_den)
    return Offer(Step.LAST, price.quantize(PRICE, ROUND_HALF_UP), unit, "上次成交价", last.dated)
