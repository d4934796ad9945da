"""到货提醒: order lines near or past their dates."""

from datetime import date

from django.utils.timezone import localdate
from ninja import Query, Router
from pydantic import AliasPath, Field

from hengcang.api.access import ApiRequest
from hengcang.api.documents.told import Ref
from hengcang.api.errors import answers
from hengcang.api.paging import Page, Paged, cut, key_of
from hengcang.api.reading import Text200
from hengcang.api.shapes import Asked, Told
from hengcang.api.showing import PlainOut
from hengcang.purchasing import reminders
from hengcang.purchasing.actions.reminders import close_reminder
from hengcang.purchasing.reminders import ReminderFilter
from hengcang.purchasing.watching import Stage

router = Router(tags=["采购"])


class PurchaseReminderTold(Told):
    """一条到货提醒；数量按基本单位。"""

    id: int
    stage: Stage
    due_date: date = Field(validation_alias="due")
    dated: date
    order_id: int = Field(validation_alias=AliasPath("order_line", "document_id"))
    number: str = Field(validation_alias=AliasPath("order_line", "document", "number"))
    position: int = Field(validation_alias=AliasPath("order_line", "position"))
    partner: Ref = Field(validation_alias=AliasPath("order_line", "document", "partner"))
    item: Ref = Field(validation_alias=AliasPath("order_line", "item"))
    ordered: PlainOut = Field(validation_alias=AliasPath("order_line", "quantity"))
    received: PlainOut = Field(validation_alias=AliasPath("order_line", "qty_fulfilled"))
    assignee_id: int
    assignee_name: str
    closed_on: date | None
    closed_why: str
    closed_by_name: str
    note: str


class RemindersAsked(Paged):
    """Which reminders."""

    mine: bool = Field(False, description="只看由我处理的。")  # noqa: FBT003 - pydantic's default
    closed: bool = Field(False, description="看已处理的。")  # noqa: FBT003 - pydantic's default


class ReminderClosed(Asked):
    """怎么处理的。"""

    note: Text200


@router.get(
    "/purchase-reminders", response=answers(200, Page[PurchaseReminderTold]), summary="到货提醒"
)
def listing(request: ApiRequest, asked: Query[RemindersAsked]) -> object:
    after = key_of(asked.next, date, int)
    wanted = ReminderFilter(
        is_open=not asked.closed,
        mine=asked.mine,
        after=(after[0], after[1]) if after else None,
        limit=asked.limit + 1,
    )
    found = reminders.reminders(request.auth, wanted)
    return cut(found, asked.limit, lambda row: (row.due, row.pk))


@router.post(
    "/purchase-reminders/{int:reminder_id}/close",
    response=answers(200, PurchaseReminderTold),
    summary="到货提醒：已处理",
)
def close(request: ApiRequest, reminder_id: int, body: ReminderClosed) -> object:
    return close_reminder(reminder_id, body.note, on=localdate(), actor=request.auth)
