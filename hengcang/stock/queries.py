"""Reads of other receipts, issues and stock counts."""

from typing import cast

from django.db.models import QuerySet

from hengcang.books.rows import one
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.stock.models import OtherIssue, OtherReceipt, StockCount


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
