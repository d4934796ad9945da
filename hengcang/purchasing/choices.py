"""Order lines remember the supplier's quote they were chosen from, also when rewritten."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from hengcang.purchasing.inquiry_models import SupplierQuoteLine
from hengcang.purchasing.models import PurchaseOrder, PurchaseOrderLine


def chosen_quotes(order: PurchaseOrder) -> dict[int, list[int]]:
    """By item the quote lines that lines of the locked order name and its supplier still gave.

    The header is as rewritten: an order to another supplier keeps none.
    """
    rows = order.lines.filter(quote_line__document__partner_id=order.partner_id)
    found: dict[int, list[int]] = defaultdict(list)
    for item_id, quote_line_id in rows.order_by("position").values_list("item_id", "quote_line_id"):
        found[item_id].append(quote_line_id)
    return found


def bind_quotes(lines: Iterable[PurchaseOrderLine], chosen: Mapping[int, Sequence[int]]) -> None:
    """The first new lines of an item take up what its former lines were chosen from."""
    left = {item_id: list(ids) for item_id, ids in chosen.items()}
    bound = []
    for line in lines:
        if left.get(line.item_id):
            line.quote_line_id = left[line.item_id].pop(0)
            bound.append(line)
    if bound:
        PurchaseOrderLine.objects.bulk_update(bound, ["quote_line"])


def bind_in_order(lines: Sequence[PurchaseOrderLine], quoted: Sequence[SupplierQuoteLine]) -> None:
    """Line n of a new order was chosen from quote line n."""
    for line, source in zip(lines, quoted, strict=True):
        line.quote_line = source
    PurchaseOrderLine.objects.bulk_update(lines, ["quote_line"])
