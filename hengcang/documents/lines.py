"""From typed lines to lines with exact quantities and money. All errors at once, by line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hengcang.catalog import queries as catalog
from hengcang.catalog.models import Item, ItemUom
from hengcang.catalog.queries import Goods
from hengcang.documents.drafts import MAX_LINES, Draft, LineDraft
from hengcang.documents.line_serials import Pieces, checked_serials, keep_serials
from hengcang.documents.models import Document, DocumentLine, TradeLine
from hengcang.documents.rules import HUNDRED, Amounts, Pricing, Ratio, base_quantity, line_amounts
from hengcang.kernel.codes import refuse_long
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.numbers import QUANTITY_PLACES, shown, storable
from hengcang.kernel.rounding import ZERO, to_cent

MICRO = Decimal("0.000001")
LONGEST_NOTE = 200
UsualPrice = Callable[[Item, ItemUom], Decimal | None]


@dataclass(frozen=True, slots=True)
class BuiltLine:
    """A line ready to be written: `quantity` in base units, `amounts` None on lines without a
    price. `batch_id` and `bin_id` are found by ledger.goods, for lines that move goods.
    `bill_share` is what a discount on the whole document took off the amounts; the line `carries`
    when that comes from its source line.
    """

    position: int
    draft: LineDraft
    item: Item
    item_uom: ItemUom
    quantity: Decimal
    price: Decimal = ZERO
    tax_rate: Decimal = ZERO
    amounts: Amounts | None = None
    batch_id: int | None = None
    bin_id: int | None = None
    bill_share: Decimal = ZERO
    carries: bool = False


def built_lines(draft: Draft, usual_price: UsualPrice | None) -> list[BuiltLine]:
    """Every line with its item, exact quantity and, where `usual_price` is given, its money.

    Raises Refused: no_lines, too_many_lines; RefusedLines with item_unknown, item_inactive,
    uom_unknown, quantity_not_positive, number_too_fine, amount_negative, rate_out_of_range,
    quantity_inexact, price_missing, gift_priced, gift_or_sample, serials_not_tracked,
    serial_unreadable, serial_twice per line; too_many_serials.
    """
    if not draft.lines:
        raise Refused("no_lines", "lines")
    if len(draft.lines) > MAX_LINES:
        raise Refused("too_many_lines", "lines", limit=MAX_LINES, count=len(draft.lines))
    goods = catalog.items_of_lines({line.item_id for line in draft.lines})
    return lines_of_goods(draft, goods, usual_price)


def lines_of_goods(
    draft: Draft, goods: Mapping[int, Goods], usual_price: UsualPrice | None
) -> list[BuiltLine]:
    """As built_lines, of goods already read."""
    built: list[BuiltLine] = []
    refusals: list[Refused] = []
    for position, line in enumerate(draft.lines, start=1):
        try:
            built.append(_built(position, line, goods.get(line.item_id), draft, usual_price))
        except Refused as refusal:
            refusals.append(refusal)
    refusals += checked_serials(
        (ln.position, ln.item.name, ln.item.pk, ln.item.tracks_serials, ln.draft.serials)
        for ln in built
    )
    if refusals:
        raise RefusedLines(refusals)
    return built


def _built(
    position: int,
    line: LineDraft,
    goods: Goods | None,
    draft: Draft,
    usual_price: UsualPrice | None,
) -> BuiltLine:
    at = f"lines.{position}"
    if goods is None:
        raise Refused("item_unknown", f"{at}.item", item_id=line.item_id)
    item = goods.item
    if not item.is_active:
        raise Refused("item_inactive", f"{at}.item", item_name=item.name)
    uom = _uom(goods, line, at)
    _refuse_unreal(line, at)
    ratio = Ratio(uom.ratio_num, uom.ratio_den, item.quantity_places, item.name)
    at_quantity = f"{at}.quantity"
    quantity = storable(base_quantity(line.quantity, ratio, at_quantity), at_quantity)
    if usual_price is None:
        return BuiltLine(position, line, item, uom, quantity)
    price = _free_price(line, item, at) if line.is_free else line.price
    if price is None:
        price = usual_price(item, uom)
    if price is None:
        raise Refused("price_missing", f"{at}.price", item_name=item.name)
    tax_rate = item.tax_rate if line.tax_rate is None else line.tax_rate
    pricing = Pricing(price, line.discount_rate, tax_rate, draft.prices_include_tax)
    amounts = line_amounts(line.quantity, pricing)
    storable(amounts.gross, f"{at}.price")
    return BuiltLine(position, line, item, uom, quantity, price, tax_rate, amounts)


def _free_price(line: LineDraft, item: Item, at: str) -> Decimal:
    """Nothing. Raises Refused: gift_or_sample (both), gift_priced."""
    if line.is_gift and line.is_sample:
        raise Refused("gift_or_sample", f"{at}.mark", item_name=item.name)
    if line.price:
        mark = "赠品" if line.is_gift else "样品"
        raise Refused("gift_priced", f"{at}.price", item_name=item.name, mark=mark)
    return ZERO


def _refuse_unreal(line: LineDraft, at: str) -> None:
    """Faces read strictly; loaders and programs come here too.

    Raises Refused: field_invalid (note), quantity_not_positive, number_too_fine, amount_negative,
    rate_out_of_range.
    """
    refuse_long(line.note, f"{at}.note", "备注", LONGEST_NOTE)
    if line.quantity <= 0:
        raise Refused("quantity_not_positive", f"{at}.quantity", text=shown(line.quantity))
    if line.quantity != line.quantity.quantize(MICRO):
        text = shown(line.quantity)
        raise Refused("number_too_fine", f"{at}.quantity", text=text, places=QUANTITY_PLACES)
    for name, amount in (("price", line.price), ("unit_cost", line.unit_cost)):
        if amount is not None and amount < 0:
            raise Refused("amount_negative", f"{at}.{name}", text=shown(amount))
    for name, rate in (("discount_rate", line.discount_rate), ("tax_rate", line.tax_rate)):
        if rate is not None and not 0 <= rate <= HUNDRED:
            raise Refused("rate_out_of_range", f"{at}.{name}", text=shown(rate))


def _uom(goods: Goods, line: LineDraft, at: str) -> ItemUom:
    for uom in goods.uoms:
        if uom.pk == line.item_uom_id:
            return uom
        if line.item_uom_id is None and uom.uom_id == goods.item.base_uom_id:
            return uom
    raise Refused("uom_unknown", f"{at}.uom", item_name=goods.item.name)


def sale_price(item: Item, uom: ItemUom) -> Decimal | None:
    """The unit's own sale price, else the base price times the ratio, 4 dp."""
    return _usual(uom.sale_price, item.sale_price, uom)


def purchase_price(item: Item, uom: ItemUom) -> Decimal | None:
    """The unit's own purchase price, else the base price times the ratio, 4 dp."""
    return _usual(uom.purchase_price, item.purchase_price, uom)


def _usual(own: Decimal | None, base: Decimal | None, uom: ItemUom) -> Decimal | None:
    if own is not None or base is None:
        return own
    return (base * uom.ratio_num / uom.ratio_den).quantize(Decimal("0.0001"))


def stated_cost(built: BuiltLine) -> Decimal | None:
    """What goods that come in from nobody are said to cost: by the typed unit, else by the base
    unit; 2 dp. Raises Refused("number_too_large").
    """
    typed, field = built.draft, f"lines.{built.position}.unit_cost"
    if typed.price is not None:
        return storable(to_cent(typed.quantity * typed.price), field)
    if typed.unit_cost is not None:
        return storable(to_cent(built.quantity * typed.unit_cost), field)
    return None


def line_columns(built: BuiltLine) -> dict[str, Any]:
    """The columns of any DocumentLine."""
    return {
        "position": built.position,
        "item": built.item,
        "item_uom": built.item_uom,
        "quantity_in_unit": built.draft.quantity,
        "quantity": built.quantity,
        "note": built.draft.note,
        "batch_id": built.batch_id,
        "bin_id": built.bin_id,
        "stock_status": built.draft.stock_status,
    }


def keep_pieces(document: Document, built: list[BuiltLine]) -> None:
    """The draft names the serial numbers of its lines and no others."""
    keep_serials(document, pieces_of(built))


def pieces_of(built: list[BuiltLine]) -> list[Pieces]:
    """The numbers that the lines name, by line."""
    return [Pieces(ln.position, ln.item.pk, ln.draft.serials) for ln in built]


def trade_columns(built: BuiltLine) -> dict[str, Any]:
    """The columns of any TradeLine."""
    assert built.amounts is not None
    return line_columns(built) | {
        "price": built.price,
        "discount_rate": built.draft.discount_rate,
        "tax_rate": built.tax_rate,
        "net_amount": built.amounts.net,
        "tax_amount": built.amounts.tax,
        "amount_incl_tax": built.amounts.gross,
        "bill_share": built.bill_share,
    }


def sold_columns(built: BuiltLine) -> dict[str, Any]:
    """The columns of any line of a sales document."""
    marks = {"is_gift": built.draft.is_gift, "is_sample": built.draft.is_sample}
    return trade_columns(built) | marks


def mirrored_columns(line: DocumentLine) -> dict[str, Any]:
    """The columns of the line's mirror image on a reversal: quantities and money negated."""
    columns: dict[str, Any] = {
        "position": line.position,
        "item_id": line.item_id,
        "item_uom_id": line.item_uom_id,
        "quantity_in_unit": -line.quantity_in_unit,
        "quantity": -line.quantity,
        "note": line.note,
        "batch_id": line.batch_id,
        "bin_id": line.bin_id,
        "stock_status": line.stock_status,
    }
    if isinstance(line, TradeLine):
        columns |= {
            "price": line.price,
            "discount_rate": line.discount_rate,
            "tax_rate": line.tax_rate,
            "net_amount": -line.net_amount,
            "tax_amount": -line.tax_amount,
            "amount_incl_tax": -line.amount_incl_tax,
            "bill_share": -line.bill_share,
        }
    return columns
