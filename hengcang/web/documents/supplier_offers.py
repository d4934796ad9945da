"""What the supplier of a purchase order asks: proposed as it is picked, said beside the line."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from hengcang.catalog.queries import ItemHit
from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import shown, strict_quantity
from hengcang.pages.cards import Suggestion
from hengcang.pages.editor import Uom
from hengcang.purchasing.prices import Ask, Offer, proposed_prices
from hengcang.web import clock
from hengcang.web.documents.grid import Setting
from hengcang.web.documents.rows import Row
from hengcang.web.reading import id_of

KINDS = frozenset({"purchase_order"})


def said(rows: Sequence[Row], at: Setting) -> list[str]:
    """Beside each row: the supplier's price, where it comes from, and what quantity would fit."""
    if at.partner_id is None or at.kind.code not in KINDS or not at.columns.last_price:
        return [""] * len(rows)
    asks = [_ask(row) for row in rows]
    found = proposed_prices(
        at.actor, at.partner_id, asks, on=clock.today(), includes_tax=at.includes_tax
    )
    return [words_of(offer) for offer in found]


def _ask(row: Row) -> Ask:
    try:
        quantity = strict_quantity(row["quantity"])
    except Refused:
        quantity = Decimal(1)
    return Ask(id_of(row["item"]) or 0, id_of(row["uom"]), quantity)


def words_of(offer: Offer | None) -> str:
    """7.2 价格表满 100；低于起订量 50，可订 50."""
    if offer is None:
        return ""
    warning = f"；{offer.warning}" if offer.warning else ""
    return f"{shown(offer.price)} {offer.why}{warning}"


def offered(
    suggestions: Sequence[Suggestion], hits: Sequence[ItemHit], at: Setting
) -> list[Suggestion]:
    """The suggestions with what the supplier asks for one of each unit."""
    if at.partner_id is None or at.kind.code not in KINDS or not at.columns.price:
        return list(suggestions)
    asks = [
        Ask(hit.item.pk, id_of(uom.id), Decimal(1))
        for hit, suggestion in zip(hits, suggestions, strict=True)
        for uom in suggestion.uoms
    ]
    found = proposed_prices(at.actor, at.partner_id, asks, on=clock.today())
    offers = {
        (ask.item_id, str(ask.item_uom_id)): offer
        for ask, offer in zip(asks, found, strict=True)
        if offer is not None
    }
    return [_with_offers(suggestion, offers) for suggestion in suggestions]


def _with_offers(suggestion: Suggestion, offers: dict[tuple[int, str], Offer]) -> Suggestion:
    item_id = int(suggestion.id)
    uoms = []
    for uom in suggestion.uoms:
        offer = offers.get((item_id, uom.id))
        uoms.append(Uom(uom.id, uom.name, shown(offer.price)) if offer else uom)
    chosen = offers.get((item_id, suggestion.uom))
    if chosen is None:
        return replace(suggestion, uoms=uoms)
    return replace(suggestion, uoms=uoms, price=shown(chosen.price), last=words_of(chosen))
