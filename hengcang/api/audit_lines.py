"""The audit log."""

from datetime import datetime
from typing import Any

from ninja import Query, Router
from pydantic import Field

from hengcang.api.access import ApiRequest
from hengcang.api.errors import answers
from hengcang.api.paging import Page, Paged, cut, key_of
from hengcang.api.reading import Text60
from hengcang.api.shapes import Told
from hengcang.compliance import queries

router = Router(tags=["审计"])


class AuditLineTold(Told):
    """谁在何时做了什么。"""

    id: int
    at: datetime
    actor_id: int
    actor_name: str
    verb: str
    kind: str
    subject_id: int | None
    label: str
    facts: dict[str, Any] = Field(description="成本不写入审计事实。")


class AuditAsked(Paged):
    """Which audit lines."""

    kind: Text60 = ""
    subject_id: int | None = None
    actor_id: int | None = None


@router.get("", response=answers(200, Page[AuditLineTold]), summary="审计日志，最新的在前")
def audit_lines(request: ApiRequest, asked: Query[AuditAsked]) -> object:
    wanted = {
        "kind": asked.kind or None,
        "subject_id": asked.subject_id,
        "actor_id": asked.actor_id,
    }
    rows = queries.audit_lines(request.auth).filter(
        **{name: value for name, value in wanted.items() if value is not None}
    )
    if (after := key_of(asked.next, int)) is not None:
        rows = rows.filter(id__lt=after[0])
    return cut(list(rows[: asked.limit + 1]), asked.limit, lambda row: (row.pk,))
