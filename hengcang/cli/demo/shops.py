"""What the demo company's other warehouses asked the main one for, and what they were given."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hengcang.cli.demo.desk import intent, target_of
from hengcang.cli.demo.errands import Errands, few_of
from hengcang.stock.actions import shop_requests, transfer_receipts, transfers
from hengcang.stock.actions.allocating import Allocation, AllocationLine, allocate_requests
from hengcang.stock.allocation import DeskFilter, DeskLine, desk

REASONS = ("周末促销", "货架补货", "老客户预订", "新店铺货", "节前备货", "断货急补")


def ask_for_goods(errands: Errands) -> None:
    """One request is a draft, one waits to be approved, one was closed by force; of the others the
    first was shipped and arrived, the second is on drafts, the rest waits to be allocated.
    """
    lead, keeper = errands.staff["caigou"], errands.staff["cangguan"]
    asked = [_asked(errands, at) for at in range(len(REASONS))]
    shop_requests.step_shop_request(target_of(asked[1]), "submit", actor=keeper)
    approved = [
        shop_requests.step_shop_request(target_of(request), "approve", actor=lead)
        for request in asked[2:]
    ]
    _give(errands, approved[0], "shipped")
    _give(errands, approved[1], "planned")
    ended = target_of(approved[2])
    shop_requests.step_shop_request(ended, "close", actor=lead, reason="活动取消")


def _asked(errands: Errands, at: int) -> Any:
    shops = errands.places[1:3]
    draft = errands.paper(
        f"shop request:{at}",
        shops[at % len(shops)],
        few_of(errands.shelf(errands.places[0], 3 + at % 3), errands),
        due_date=errands.today + timedelta(days=2 + at),
        reason=REASONS[at],
    )
    draft = replace(draft, to_warehouse_id=errands.places[0])
    return shop_requests.save_shop_request(draft, actor=errands.staff["cangguan"])


def _give(errands: Errands, request: Any, how: str) -> None:
    """The proposal for the lines of a request is taken, and what was `how` "shipped" arrived."""
    keeper, place = errands.staff["cangguan"], errands.places[0]
    rows = [row for row in desk(keeper, DeskFilter(place)) if row.line.document_id == request.pk]
    given = tuple(_line(row) for row in rows if row.share.quantity)
    wanted = Allocation(intent(f"allocated:{how}"), errands.today, place, given)
    for transfer in allocate_requests(wanted, actor=keeper):
        if how == "planned":
            continue
        transfers.ship_transfer(target_of(transfer), actor=keeper)
        uuid = intent(f"arrived in the shop:{transfer.pk}")
        transfer_receipts.receive_transfer(
            transfer.pk, {}, on=errands.today, client_uuid=uuid, actor=keeper
        )


def _line(row: DeskLine) -> AllocationLine:
    return AllocationLine(row.line.pk, row.share.quantity)
