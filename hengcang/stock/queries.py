"""Reads of other receipts and issues, of transfers and of stock counts."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django.db.models import Max, QuerySet, Sum

from hengcang.books.rows import one
from hengcang.documents.drafts import Draft, LineDraft, Outcome
from hengcang.documents.following import wanted_of
from hengcang.documents.sources import in_unit_of
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.stock.bin_models import BinMove
from hengcang.stock.models import (
    OtherIssue,
    OtherReceipt,
    Overage,
    Scrap,
    StatusChange,
    StockAdjustment,
    StockCount,
    StockTransfer,
    StockTransferLine,
    TransferReceipt,
    TransferReceiptLine,
)


def other_receipts(actor: Actor) -> QuerySet[OtherReceipt]:
    """Other receipts the actor may see, newest first. Raises Refused("forbidden")."""
    demand(actor, "other_receipt.view")
    rows = OtherReceipt.objects.visible_to(actor).select_related("warehouse")
    return cast("QuerySet[OtherReceipt]", rows.order_by("-dated", "-id"))


def other_receipt(actor: Actor, receipt_id: int) -> OtherReceipt:
    """One other receipt. Raises Refused: forbidden, not_found."""
    found = one(other_receipts(actor).filter(id=receipt_id))
    if found is None:
        raise Refused("not_found", what="其他入库单")
    return found


def other_issues(actor: Actor) -> QuerySet[OtherIssue]:
    """Other issues the actor may see, newest first. Raises Refused("forbidden")."""
    demand(actor, "other_issue.view")
    rows = OtherIssue.objects.visible_to(actor).select_related("warehouse")
    return cast("QuerySet[OtherIssue]", rows.order_by("-dated", "-id"))


def other_issue(actor: Actor, issue_id: int) -> OtherIssue:
    """One other issue. Raises Refused: forbidden, not_found."""
    found = one(other_issues(actor).filter(id=issue_id))
    if found is None:
        raise Refused("not_found", what="其他出库单")
    return found


def scraps(actor: Actor) -> QuerySet[Scrap]:
    """Scrap papers the actor may see, newest first. Raises Refused("forbidden")."""
    return cast("QuerySet[Scrap]", _adjustments(actor, Scrap))


def overages(actor: Actor) -> QuerySet[Overage]:
    """Overages the actor may see, newest first. Raises Refused("forbidden")."""
    return cast("QuerySet[Overage]", _adjustments(actor, Overage))


def status_changes(actor: Actor) -> QuerySet[StatusChange]:
    """Status changes the actor may see, newest first. Raises Refused("forbidden")."""
    return cast("QuerySet[StatusChange]", _adjustments(actor, StatusChange))


def _adjustments(actor: Actor, model: type[StockAdjustment]) -> QuerySet[Any]:
    demand(actor, f"{model.kind}.view")
    rows = model._default_manager.visible_to(actor).select_related("warehouse")
    return cast("QuerySet[Any]", rows.order_by("-dated", "-id"))


def bin_moves(actor: Actor) -> QuerySet[BinMove]:
    """Bin moves the actor may see, newest first. Raises Refused("forbidden")."""
    demand(actor, "bin_move.view")
    rows = BinMove.objects.visible_to(actor).select_related("warehouse")
    return cast("QuerySet[BinMove]", rows.order_by("-dated", "-id"))


def bin_move(actor: Actor, move_id: int) -> BinMove:
    """One bin move. Raises Refused: forbidden, not_found."""
    found = one(bin_moves(actor).filter(id=move_id))
    if found is None:
        raise Refused("not_found", what="移库单")
    return found


def transfers(actor: Actor) -> QuerySet[StockTransfer]:
    """Transfers from or to the actor's warehouses, newest first. Raises Refused("forbidden")."""
    demand(actor, "stock_transfer.view")
    rows = StockTransfer.objects.visible_to(actor).select_related("warehouse", "to_warehouse")
    return cast("QuerySet[StockTransfer]", rows.order_by("-dated", "-id"))


def transfer(actor: Actor, transfer_id: int) -> StockTransfer:
    """One transfer. Raises Refused: forbidden, not_found."""
    found = one(transfers(actor).filter(id=transfer_id))
    if found is None:
        raise Refused("not_found", what="调拨单")
    return found


def ends_of(actor: Actor, transfer_ids: Collection[int]) -> dict[int, str]:
    """The names of the warehouses that these transfers go to, as far as the actor may see them."""
    if not transfer_ids:
        return {}
    rows = transfers(actor).filter(id__in=transfer_ids).order_by()
    return dict(rows.values_list("id", "to_warehouse__name"))


def transfer_lines(actor: Actor) -> QuerySet[StockTransferLine]:
    """Lines of the transfers the actor may see. Raises Refused("forbidden")."""
    return StockTransferLine.objects.filter(document__in=transfers(actor).order_by())


def arrival(actor: Actor, transfer_ids: set[int]) -> dict[int, tuple[Decimal, Decimal]]:
    """Base units of each transfer that are in transit no longer, and all it shipped."""
    assert actor is not None
    rows = StockTransferLine.objects.filter(document_id__in=transfer_ids).order_by()
    sums = rows.values("document_id").annotate(done=Sum("qty_fulfilled"), whole=Sum("quantity"))
    return {row["document_id"]: (row["done"], row["whole"]) for row in sums}


def last_received(actor: Actor, transfer_id: int) -> date:
    """The last day of a receipt of the transfer, undone or not; date.min without any."""
    demand(actor, "stock_transfer.view")
    lines = TransferReceiptLine.objects.filter(source_line__document_id=transfer_id)
    posted = lines.exclude(document__number=None).order_by()
    last: date | None = posted.aggregate(last=Max("document__dated"))["last"]
    return last or date.min


def receipt_draft(
    actor: Actor,
    transfer: StockTransfer,
    quantities: Mapping[int, Decimal],
    *,
    on: date,
    client_uuid: UUID,
) -> Draft:
    """The arrival of these transfer lines (base units; empty: all in transit), filled in.

    Raises Refused: forbidden, source_line_unknown for a line of another transfer or all there.
    """
    rows = transfer_lines(actor).filter(document_id=transfer.pk).order_by("position")
    lines = {line.pk: line for line in rows.select_related("item_uom")}
    drafts = []
    for pk, quantity in wanted_of(lines, quantities, "qty_fulfilled").items():
        in_unit, uom_id = in_unit_of(lines[pk], quantity)
        drafts.append(LineDraft(lines[pk].item_id, in_unit, uom_id, source_line_id=pk))
    return Draft(
        client_uuid=client_uuid,
        dated=on,
        warehouse_id=transfer.to_warehouse_id,
        lines=tuple(drafts),
        external_no=transfer.external_no,
        outcome=Outcome.ARRIVED.value,
    )


def transfer_receipts(actor: Actor) -> QuerySet[TransferReceipt]:
    """Transfer receipts the actor may see, newest first. Raises Refused("forbidden")."""
    demand(actor, "transfer_receipt.view")
    rows = TransferReceipt.objects.visible_to(actor).select_related("warehouse")
    return cast("QuerySet[TransferReceipt]", rows.order_by("-dated", "-id"))


def transfer_receipt(actor: Actor, receipt_id: int) -> TransferReceipt:
    """One transfer receipt. Raises Refused: forbidden, not_found."""
    found = one(transfer_receipts(actor).filter(id=receipt_id))
    if found is None:
        raise Refused("not_found", what="调拨入库单")
    return found


def stock_counts(actor: Actor) -> QuerySet[StockCount]:
    """Stock counts the actor may see, newest first. Raises Refused("forbidden")."""
    demand(actor, "stock_count.view")
    rows = StockCount.objects.visible_to(actor).select_related("warehouse")
    return cast("QuerySet[StockCount]", rows.order_by("-dated", "-id"))


def stock_count(actor: Actor, count_id: int) -> StockCount:
    """One stock count. Raises Refused: forbidden, not_found."""
    found = one(stock_counts(actor).filter(id=count_id))
    if found is None:
        raise Refused("not_found", what="盘点单")
    return found
