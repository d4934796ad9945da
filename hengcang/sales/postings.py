"""What sales documents do to stock, promises and money. Pure but for what they are handed."""

from collections.abc import Iterable
from decimal import Decimal

from hengcang.documents.drafts import Direction
from hengcang.kernel.calendar import days_after
from hengcang.kernel.rounding import ZERO
from hengcang.ledger.entries import (
    Account,
    MoneyLine,
    Posting,
    Promise,
    PromiseLine,
    Source,
    SourceLine,
    StockLine,
)
from hengcang.ledger.places import key_of
from hengcang.sales.models import (
    SalesDelivery,
    SalesDeliveryLine,
    SalesExchange,
    SalesExchangeLine,
    SalesOrder,
    SalesOrderLine,
    SalesReturn,
    SalesReturnLine,
)


def delivery_posting(
    delivery: SalesDelivery, lines: list[SalesDeliveryLine], credit_days: int
) -> Posting:
    """Goods leave at cost; the customer owes the gross."""
    return Posting(
        source=Source(delivery.kind, delivery.pk),
        dated=delivery.dated,
        stock=tuple(_sent(line, delivery.warehouse_id) for line in lines),
        money=(
            MoneyLine(
                delivery.partner_id,
                Account.RECEIVABLE,
                delivery.amount_incl_tax,
                days_after(delivery.dated, credit_days),
            ),
        ),
    )


def return_posting(
    returned: SalesReturn, lines: list[SalesReturnLine], credit_days: int
) -> Posting:
    """Goods come back at the cost of their delivery line, or at the stated cost; the customer owes
    less.
    """
    return Posting(
        source=Source(returned.kind, returned.pk),
        dated=returned.dated,
        stock=tuple(_returned(line, returned.warehouse_id) for line in lines),
        money=(
            MoneyLine(
                returned.partner_id,
                Account.RECEIVABLE,
                -returned.amount_incl_tax,
                days_after(returned.dated, credit_days),
            ),
        ),
    )


def exchange_posting(
    exchange: SalesExchange, lines: list[SalesExchangeLine], credit_days: int
) -> Posting:
    """Goods come back first, at the cost of their delivery line or at the stated one; then others
    leave at cost. The customer owes the difference, which may be nothing or less.
    """
    back = [line for line in lines if line.direction == Direction.BACK]
    out = [line for line in lines if line.direction == Direction.OUT]
    return Posting(
        source=Source(exchange.kind, exchange.pk),
        dated=exchange.dated,
        stock=(
            *(_returned(line, exchange.warehouse_id) for line in back),
            *(_sent(line, exchange.warehouse_id) for line in out),
        ),
        money=(
            MoneyLine(
                exchange.partner_id,
                Account.RECEIVABLE,
                exchange.amount_incl_tax,
                days_after(exchange.dated, credit_days),
            ),
        ),
        facts={"out": str(exchange.out_amount), "back": str(exchange.back_amount)},
    )


def _sent(line: SalesDeliveryLine | SalesExchangeLine, warehouse_id: int) -> StockLine:
    return StockLine(line.position, key_of(line, warehouse_id), -line.quantity)


def _returned(line: SalesReturnLine | SalesExchangeLine, warehouse_id: int) -> StockLine:
    return StockLine(
        line=line.position,
        key=key_of(line, warehouse_id),
        quantity=line.quantity,
        value_in=None if line.source_line else line.cost_amount,
        follows=_origin(line),
    )


def _origin(line: SalesReturnLine | SalesExchangeLine) -> SourceLine | None:
    if line.source_line is None:
        return None
    return SourceLine(SalesDelivery.kind, line.source_line.document_id, line.source_line.position)


def reservation(
    line: SalesOrderLine, order: SalesOrder, quantity: Decimal, *, up_to_available: bool = False
) -> PromiseLine:
    """`quantity` more (+) or fewer (−) base units are reserved for the line."""
    return PromiseLine(
        source=SourceLine(order.kind, order.pk, line.position),
        item_id=line.item_id,
        warehouse_id=line.warehouse_id or order.warehouse_id,
        promise=Promise.RESERVED,
        quantity=quantity,
        up_to_available=up_to_available,
    )


def wanted_reservations(
    order: SalesOrder, lines: Iterable[SalesOrderLine]
) -> tuple[PromiseLine, ...]:
    """The open part of every line that is not yet reserved, as far as stock is available."""
    wanted = ((ln, ln.quantity - ln.qty_fulfilled - ln.qty_reserved) for ln in lines)
    return tuple(
        reservation(line, order, missing, up_to_available=True)
        for line, missing in wanted
        if missing > ZERO
    )


def released(order: SalesOrder, lines: Iterable[SalesOrderLine]) -> tuple[PromiseLine, ...]:
    """All that is reserved for the order, let go."""
    return tuple(
        reservation(line, order, -line.qty_reserved) for line in lines if line.qty_reserved
    )
