"""Rows of texts as lines of the grid: with units, stock, last prices, what is open, amounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from hengcang.catalog import queries as catalog
from hengcang.catalog.queries import ItemHit
from hengcang.documents.rules import Amounts, Pricing, less_share, line_amounts, total
from hengcang.kernel.actor import Actor
from hengcang.kernel.amount_words import amount_cn_upper
from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import shown, strict_price, strict_quantity
from hengcang.kernel.rounding import ZERO, split, to_cent
from hengcang.ledger import queries as ledger
from hengcang.ledger.queries import Stocked
from hengcang.pages.editor import Columns, Line, Totals, Uom
from hengcang.pricing.rules import Step
from hengcang.purchasing import queries as purchasing
from hengcang.register import lists as register
from hengcang.register.kinds import Kind
from hengcang.register.lists import OpenLine
from hengcang.sales import queries as sales
from hengcang.sales.prices import KnownPrices, Sale, known_prices
from hengcang.web import clock
from hengcang.web.documents.layouts import usual_price
from hengcang.web.documents.line_places import stock_there
from hengcang.web.documents.rows import Row
from hengcang.web.masters import words
from hengcang.web.reading import id_of

Errors = Mapping[int, Mapping[str, str]]
HUNDRED = Decimal(100)
SOLD = frozenset({"sales_order", "sales_delivery", "sales_exchange"})


@dataclass(frozen=True, slots=True)
class Setting:
    """What the lines stand in: whose document, which place and partner, which columns."""

    actor: Actor
    kind: Kind
    columns: Columns
    warehouse_id: int | None = None
    partner_id: int | None = None
    includes_tax: bool = True
    on: date | None = None  # the day its prices are asked for
    off: Decimal = ZERO  # taken off the whole, beside what rows carry of their sources
    proposes: bool = True  # False: stored lines that nobody has touched, priced already


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about the items of the rows, by item id; of source lines, by line id."""

    units: Mapping[int, Sequence[Any]] = field(default_factory=dict)
    stock: Mapping[int, Stocked] = field(default_factory=dict)
    elsewhere: Mapping[str, Mapping[int, Stocked]] = field(default_factory=dict)
    last: Mapping[int, Any] = field(default_factory=dict)
    open: Mapping[int, OpenLine] = field(default_factory=dict)
    prices: KnownPrices | None = None
    costs: Mapping[int, Decimal] = field(default_factory=dict)  # per base unit, where seen


def known_of(rows: Sequence[Row], at: Setting) -> Known:
    """Seven queries at most, whatever the number of rows."""
    items = sorted({found for row in rows if (found := id_of(row["item"]))})
    sources = sorted({found for row in rows if (found := id_of(row["source"]))})
    if not items:
        return Known()
    followed = at.columns.open_label and sources
    # Prices of lines that follow another document are agreed already.
    agreed = len(sources) == len(rows)
    prices = None if agreed or not at.proposes else prices_of(at, items)
    return Known(
        units=catalog.units_of(at.actor, items),
        stock=stock_of(at, items),
        elsewhere=stock_there(at.actor, rows) if at.columns.available else {},
        last={} if agreed else last_prices(at, items, prices),
        open=register.open_of(at.actor, at.kind, sources) if followed else {},
        prices=prices,
        costs=costs_of(at, items),
    )


def costs_of(at: Setting, items: list[int]) -> Mapping[int, Decimal]:
    """What the items cost, to warn of a loss those who may see costs."""
    place = at.warehouse_id
    if at.kind.code not in SOLD or place is None or not at.actor.reaches(place) or not at.proposes:
        return {}
    return ledger.unit_costs(at.actor, place, items)


def stock_of(at: Setting, items: list[int]) -> dict[int, Stocked]:
    """What the document's warehouse has; nothing where the actor may not look."""
    place = at.warehouse_id
    if not at.columns.available or place is None or not at.actor.reaches(place):
        return {}
    return ledger.stocked(at.actor, place, items)


def prices_of(at: Setting, items: list[int]) -> KnownPrices | None:
    """What this customer pays for the items, where the document proposes prices by it."""
    if not at.columns.price_why:
        return None
    sale = Sale(at.partner_id, at.on or clock.today(), at.includes_tax)
    return known_prices(at.actor, sale, items)


def last_prices(
    at: Setting, items: list[int], prices: KnownPrices | None = None
) -> Mapping[int, Any]:
    """What this partner paid or was paid last."""
    if prices is not None:
        return prices.last
    if not at.columns.last_price or at.partner_id is None:
        return {}
    if at.kind.role == "customer":
        return sales.last_prices(at.actor, at.partner_id, items)
    return purchasing.last_prices(at.actor, at.partner_id, items)


def lines_of(rows: Sequence[Row], at: Setting, known: Known, errors: Errors) -> list[Line]:
    """One line per row; `errors` holds the sentences of row n, from 1, by column."""
    return [
        _line(number, row, at, known, errors.get(number, {}))
        for number, row in enumerate(rows, start=1)
    ]


def _line(number: int, row: Row, at: Setting, known: Known, error: Mapping[str, str]) -> Line:
    item_id = id_of(row["item"]) or 0
    units = known.units.get(item_id, ())
    amounts = amounts_of(row, at)
    source = known.open.get(id_of(row["source"]) or 0)
    available, tone = _available(row, at, known, units)
    item = units[0].item if units else None
    return Line(
        index=str(number - 1),
        line_id=row["line"],
        source_id=row["source"],
        item_id=row["item"],
        code=row.get("code") or (item.code if item else ""),
        name=item.name if item else row["typed"],
        spec=row.get("spec") or (item.spec if item else ""),
        uom_id=row["uom"] or _base_id(units),
        uoms=_options(row, units, at, known),
        available=available,
        tone=tone,
        open=_in_unit(source.open, row, units) if source else "",
        quantity=row["quantity"],
        price=row["price"] if at.columns.price else "",
        last_price=_last(known.last.get(item_id)),
        price_why=_loss(row, units, at, known) + _why(row, units, known),
        mark=row["mark"],
        direction=row["direction"],
        discount=row["discount"] or "100",
        tax_rate=row["tax_rate"],
        amount="" if amounts is None or not at.columns.price else _undiscounted(row, amounts),
        unit_cost=row["unit_cost"] if at.columns.unit_cost_label else "",
        done=row.get("done", ""),
        state=row.get("state", ""),
        due_date=_due(row, at),
        note=row["note"],
        goods={column.name: row.get(column.name, "") for column in at.columns.goods},
        error=error,
    )


def _due(row: Row, at: Setting) -> str:
    """The line's own date; where it is only read, the head's stands in for it."""
    if at.columns.done_label:
        return row.get("due_shown", "")
    return row["due_date"] if at.columns.due_label else ""


def _available(row: Row, at: Setting, known: Known, units: Sequence[Any]) -> tuple[str, str]:
    """In base units; what is reserved for the very line counts as available to it."""
    if not units or not at.columns.available or at.warehouse_id is None:
        return "", ""
    there = known.elsewhere.get(row.get("place", ""), known.stock)
    stocked = there.get(units[0].item_id)
    held = known.open.get(id_of(row["source"]) or 0)
    free = (stocked.available if stocked else ZERO) + (held.reserved if held else ZERO)
    return shown(free), tone_of(free)


def tone_of(available: Decimal) -> str:
    """How an available quantity is coloured."""
    return "out" if available <= 0 else ""


def _base_id(units: Sequence[Any]) -> str:
    return next((str(u.pk) for u in units if u.uom_id == u.item.base_uom_id), "")


def _loss(row: Row, units: Sequence[Any], at: Setting, known: Known) -> str:
    """A warning where the line would sell below cost."""
    unit = next((u for u in units if str(u.pk) == (row["uom"] or _base_id(units))), None)
    cost = known.costs.get(unit.item_id) if unit else None
    amounts = amounts_of(row, at)
    if unit is None or cost is None or amounts is None or row["mark"] or row["direction"]:
        return ""
    try:
        cost = cost * strict_quantity(row["quantity"]) * unit.ratio_num / unit.ratio_den
    except Refused:
        return ""
    cost = to_cent(cost)
    return f"低于成本 {cost}！" if amounts.net < cost else ""


def _why(row: Row, units: Sequence[Any], known: Known) -> str:
    """Where the row's price comes from; one that differs from what was set says what was set."""
    unit = next((u for u in units if str(u.pk) == (row["uom"] or _base_id(units))), None)
    if known.prices is None or unit is None or row["source"] or row["mark"]:
        return ""
    quote = known.prices.quote(unit.item, unit)
    if quote is None:
        return ""
    if row["price"] == shown(quote.price):
        return quote.reason
    return f"{shown(quote.price)} {quote.reason}" if quote.step <= Step.EVERYBODY else ""


def _options(row: Row, units: Sequence[Any], at: Setting, known: Known) -> list[Uom]:
    if not units:
        return [Uom(row["uom"], row["unit"])] if row.get("unit") else []
    return uoms_of(units, at, known)


def proposed(hit: ItemHit, at: Setting, known: Known) -> str:
    """The price to propose for the item in the unit; "" when there is none."""
    if known.prices is None:
        return usual_price(at.kind)(hit)
    quote = known.prices.quote(hit.item, hit.uom)
    return "" if quote is None else shown(quote.price)


def reason_of(hit: ItemHit, known: Known) -> str:
    """Why that price is proposed: 协议价，至 12-31."""
    quote = known.prices.quote(hit.item, hit.uom) if known.prices else None
    return quote.reason if quote else ""


def uoms_of(units: Sequence[Any], at: Setting, known: Known) -> list[Uom]:
    """The units a line may be typed in, the base unit first, each with its price."""
    ordered = sorted(units, key=lambda unit: unit.uom_id != unit.item.base_uom_id)
    return [
        Uom(
            str(unit.pk),
            unit.uom.name,
            proposed(ItemHit(unit.item, unit), at, known) if at.columns.price else "",
        )
        for unit in ordered
    ]


def _in_unit(quantity: Decimal, row: Row, units: Sequence[Any]) -> str:
    """A base quantity in the row's unit, as far as people can read it."""
    unit = next((u for u in units if str(u.pk) == row["uom"]), None)
    if unit is None:
        return shown(quantity)
    return shown((quantity * unit.ratio_den / unit.ratio_num).quantize(Decimal("0.0001")))


def _last(found: Any) -> str:
    return shown(found.price) if found else ""


def amounts_of(row: Row, at: Setting) -> Amounts | None:
    """The money of a row: as stored, or counted from what is typed; None when it cannot be read."""
    if "amount" in row:
        gross, tax = Decimal(row["amount"]), Decimal(row.get("tax", "0"))
        return Amounts(gross - tax, tax, gross)
    try:
        quantity = strict_quantity(row["quantity"])
        price = strict_price(row["price"] or ("0" if row["mark"] else ""))
        discount = strict_price(row["discount"] or "100")
        tax_rate = strict_price(row["tax_rate"] or "0")
    except Refused:
        return None
    if discount > HUNDRED or tax_rate > HUNDRED:
        return None
    amounts = line_amounts(quantity, Pricing(price, discount, tax_rate, at.includes_tax))
    return -amounts if row["direction"] else amounts


def _undiscounted(row: Row, amounts: Amounts) -> str:
    """The line's own amount: what a discount on the whole takes off is told below the lines."""
    return str(amounts.gross + (share_of(row) if "amount" in row else ZERO))


def share_of(row: Row) -> Decimal:
    """What a discount on the whole took off a stored row, or a source's off a proposed one."""
    return Decimal(row.get("share") or "0")


def discounted_of(rows: Sequence[Row], at: Setting) -> list[Amounts]:
    """The money of the rows after what is taken off the whole, as a save will count it."""
    found = [(row, amounts) for row in rows if (amounts := amounts_of(row, at))]
    after = [_less(row, amounts, share_of(row)) for row, amounts in found]
    open_rows = [
        n for n, (row, _) in enumerate(found) if not share_of(row) and after[n].gross > ZERO
    ]
    weights = [after[n].gross for n in open_rows]
    if ZERO < at.off <= sum(weights, ZERO):
        for n, share in zip(open_rows, split(at.off, weights), strict=True):
            after[n] = _less(found[n][0], after[n], share)
    return after


def _less(row: Row, amounts: Amounts, share: Decimal) -> Amounts:
    if "amount" in row or not share:
        return amounts
    return less_share(amounts, share, strict_price(row["tax_rate"] or "0"))


def totals_of(rows: Sequence[Row], at: Setting) -> Totals:
    """The server's count of the rows."""
    sums = total(discounted_of(rows, at))
    shares = sum((share_of(row) for row in rows if "amount" in row), ZERO)
    before = total(found for row in rows if (found := amounts_of(row, at))).gross + shares
    if not at.columns.price:
        return Totals(str(len(rows)), words.quantity(_quantity(rows)))
    return Totals(
        rows=str(len(rows)),
        quantity=words.quantity(_quantity(rows)),
        amount=words.money(before),
        tax=words.money(sums.tax),
        net=words.money(sums.net),
        due=words.money(sums.gross),
        words=amount_cn_upper(sums.gross),
        **_both_sides(rows, at),
    )


def _both_sides(rows: Sequence[Row], at: Setting) -> dict[str, str]:
    """What goes out and what comes back, of documents that have both."""
    if not at.columns.direction:
        return {}
    sides = {"out": ZERO, "back": ZERO}
    for row in rows:
        found = amounts_of(row, at)
        gross = _less(row, found, share_of(row)).gross if found else ZERO
        sides["back" if row["direction"] else "out"] += -gross if row["direction"] else gross
    return {side: words.money(amount) for side, amount in sides.items()}


def net_of(rows: Sequence[Row], at: Setting) -> Decimal:
    """The net amount of all rows, 2 dp."""
    return total(discounted_of(rows, at)).net


def _quantity(rows: Sequence[Row]) -> Decimal:
    quantities = ZERO
    for row in rows:
        try:
            quantities += strict_quantity(row["quantity"].removeprefix("-")) * (
                -1 if row["quantity"].startswith("-") else 1
            )
        except Refused:
            continue
    return quantities
