"""Decisions of purchasing. Pure."""

from decimal import Decimal
from enum import StrEnum

from hengcang.kernel.rounding import ZERO


class ReceiveStatus(StrEnum):
    """How far a line of an order has come in."""

    NONE = "none"
    PARTIAL = "partial"
    DONE = "done"
    OVER = "over"


RECEIVE_LABELS = {
    ReceiveStatus.NONE: "未到",
    ReceiveStatus.PARTIAL: "部分",
    ReceiveStatus.DONE: "完成",
    ReceiveStatus.OVER: "超收",
}


def receive_status(ordered: Decimal, received: Decimal) -> ReceiveStatus:
    """Both in base units."""
    if received > ordered:
        return ReceiveStatus.OVER
    if received == ordered:
        return ReceiveStatus.DONE
    return ReceiveStatus.PARTIAL if received > ZERO else ReceiveStatus.NONE
