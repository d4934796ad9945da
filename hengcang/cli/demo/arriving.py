"""What suppliers of the demo company have announced: late, for today, for the next days."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hengcang.cli.demo.desk import intent, target_of
from hengcang.cli.demo.errands import Errands
from hengcang.documents.flow import Status
from hengcang.kernel.actor import SYSTEM
from hengcang.purchasing import queries as purchases
from hengcang.purchasing.actions import arrivals
from hengcang.purchasing.arrivals import notice_draft

DAYS = (-1, 0, 0, 0, 2, 5, 1)
"""When each of them is expected, counted from today."""
CARRIERS = (("顺丰速运", "SF"), ("德邦物流", "DPK"), ("中通快递", "ZT"))
DRAFT, PARTLY, WHOLE = 6, 2, 3


def announce(errands: Errands) -> None:
    """One notice is a draft, others wait; one came in part and one whole."""
    orders = purchases.orders(SYSTEM).filter(status=Status.APPROVED, lines__qty_fulfilled=0)
    ids = list(orders.order_by("dated", "id").values_list("id", flat=True).distinct())
    for at, (order_id, days) in enumerate(zip(ids, DAYS, strict=False)):
        notice = _noticed(errands, order_id, at, days)
        if at == DRAFT:
            continue
        notice = arrivals.step_notice(target_of(notice), "approve", actor=errands.staff["caigou"])
        if at in (PARTLY, WHOLE):
            _received(errands, notice, partly=at == PARTLY)


def _noticed(errands: Errands, order_id: int, at: int, days: int) -> Any:
    lead = errands.staff["caigou"]
    filled = notice_draft(
        lead, [order_id], on=errands.today, client_uuid=intent(f"notice:{order_id}")
    )
    carrier, letters = CARRIERS[at % len(CARRIERS)]
    told = replace(
        filled,
        due_date=errands.today + timedelta(days=days),
        carrier=carrier,
        tracking_no=f"{letters}{20_251_100 + at}",
        note="供应商电话通知" if at % 2 else "供应商微信发来的送货单",
    )
    return arrivals.save_notice(told, actor=lead)


def _received(errands: Errands, notice: Any, *, partly: bool) -> None:
    """The first line came, or as much of it as is half; or everything did."""
    first = notice.lines.order_by("position").first()
    part = (first.quantity / 2).to_integral_value()
    wanted = {first.pk: max(Decimal(1), part)} if partly else {}
    arrivals.receive_notice(
        notice.pk,
        wanted,
        on=errands.today,
        client_uuid=intent(f"received notice:{notice.pk}"),
        actor=errands.staff["caigou"],
    )
