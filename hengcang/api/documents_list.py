"""The one list of all documents."""

from datetime import date, datetime
from typing import Any

from ninja import Query, Router
from pydantic import Field

from hengcang.api.access import ApiRequest
from hengcang.api.documents.shapes import is_bought
from hengcang.api.documents.told import Ref
from hengcang.api.errors import answers
from hengcang.api.paging import Page, Paged, cut, key_of
from hengcang.api.reading import Day, Text60
from hengcang.api.shapes import Told
from hengcang.api.showing import MoneyOut, may_see
from hengcang.documents.flow import Status
from hengcang.kernel.actor import Actor
from hengcang.register.all_kinds import AnyDocumentFilter, any_listed
from hengcang.register.kinds import BY_CODE, status_label

router = Router(tags=["单据"])


class DocumentTold(Told):
    """任一类单据的一行；采购单据的金额是成本字段，无权时为 null。"""

    kind: str
    kind_label: str
    document_id: int
    number: str | None
    external_no: str
    status: Status
    status_label: str
    dated: date
    warehouse: Ref
    partner: Ref | None
    amount: MoneyOut | None
    created_by_name: str
    created_at: datetime


class DocumentsAsked(Paged):
    """Which documents."""

    number: Text60 = Field("", description="单号或外部单号的开头。")
    kind: Text60 = ""
    status: Text60 = ""
    partner_id: int | None = None
    warehouse_id: int | None = None
    dated_from: Day | None = None
    dated_to: Day | None = None


@router.get("", response=answers(200, Page[DocumentTold]), summary="全部单据，最新的在前")
def documents(request: ApiRequest, asked: Query[DocumentsAsked]) -> object:
    after = key_of(asked.next, date, int, str)
    wanted = AnyDocumentFilter(
        number=asked.number,
        kind=asked.kind,
        status=asked.status,
        partner_id=asked.partner_id,
        warehouse_id=asked.warehouse_id,
        dated_from=asked.dated_from,
        dated_to=asked.dated_to,
        after=(after[0], after[1], after[2]) if after else None,
        limit=asked.limit + 1,
    )
    rows = any_listed(request.auth, wanted)
    page = cut(rows, asked.limit, lambda row: (row.dated, row.document_id, row.kind))
    return page | {"rows": [_told(request.auth, row) for row in page["rows"]]}


def _told(actor: Actor, row: Any) -> dict[str, Any]:
    kind = BY_CODE[row.kind]
    names = ("kind", "document_id", "number", "external_no", "status", "dated")
    told = {name: getattr(row, name) for name in (*names, "warehouse", "partner")}
    return told | {
        "kind_label": kind.label,
        "status_label": status_label(row.status),
        "amount": may_see(actor, row.amount) if is_bought(kind) else row.amount,
        "created_by_name": row.created_by_name,
        "created_at": row.created_at,
    }
