"""Posting a stock count: the books, and the orders whose reserved goods are not there."""

from hengcang.documents.attempts import action
from hengcang.documents.drafts import Target
from hengcang.kernel.actor import Actor
from hengcang.sales.actions.reservations import break_reservations
from hengcang.stock.actions.count_posting import count_to_post, post_count, shortages
from hengcang.stock.differences import summed
from hengcang.stock.models import StockCount


@action
def post_stock_count(target: Target, *, actor: Actor) -> StockCount:
    """The count's differences stand in the books; what it proves absent is promised to nobody.

    The newest reservations give way first, each order with an audit line. Locks the count, the
    orders by id, then the books. Raises Refused: forbidden, not_found, stale_version,
    wrong_status; RefusedLines with cause_missing, cost_missing, count_uncertain; those of
    ledger.post.
    """
    count = count_to_post(target, actor=actor)
    sums = summed(count)
    missing = {short.item_id: short.quantity for short in shortages(count, sums)}
    because = f"盘点 {count.number} 实物不足"
    freed = break_reservations(count.warehouse_id, missing, because, actor=actor)
    return post_count(count, sums, freed, actor=actor)
