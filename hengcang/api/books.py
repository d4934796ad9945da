"""The book itself: its terms, its months, the check of it."""

from datetime import date, datetime
from typing import Any, Literal

from django.utils.timezone import localdate
from ninja import Router, Status
from pydantic import Field

from hengcang.api.access import ApiRequest
from hengcang.api.errors import answers
from hengcang.api.intents import EXTRA
from hengcang.api.reading import Day, Month, Text200
from hengcang.api.shapes import Asked, Told
from hengcang.api.showing import PlainOut, may_see
from hengcang.identity.access import demand
from hengcang.kernel.errors import Refused
from hengcang.ledger import periods as actions
from hengcang.ledger import queries
from hengcang.ledger.periods import Terms

router = Router(tags=["账套"])


class TermsTold(Told):
    """启用时选定的条件。"""

    company_name: str
    go_live_date: date
    taxpayer: str
    cost_scope: str
    cost_method: str


class BookTold(Told):
    """本账套。"""

    code: str
    name: str
    is_live: bool
    terms: TermsTold | None = Field(title="启用条件")


class GoLiveAsked(Asked):
    """启用账套，只做一次。"""

    company_name: Text200
    go_live_date: Day
    taxpayer: Literal["general", "small"] = "general"
    cost_scope: Literal["company", "warehouse"] = "company"


@router.get("/book", response=answers(200, BookTold), summary="本账套")
def book(request: ApiRequest) -> object:
    return _book(request)


@router.post(
    "/book/go-live", response=answers(201, BookTold), summary="启用账套", openapi_extra=EXTRA
)
def go_live(request: ApiRequest, body: GoLiveAsked) -> object:
    actions.go_live(Terms(**dict(body)), today=localdate(), actor=request.auth)
    return Status(201, _book(request))


def _book(request: ApiRequest) -> dict[str, Any]:
    live = queries.is_live()
    return {
        "code": request.book.code,
        "name": request.book.name,
        "is_live": live,
        "terms": queries.terms() if live else None,
    }


class PeriodTold(Told):
    """一个会计期间。"""

    month: str
    closed_at: datetime | None
    closed_by_id: int | None


class ReopenAsked(Asked):
    """反结账。"""

    reason: Text200


@router.get("/periods", response=answers(200, list[PeriodTold]), summary="会计期间，最新的在前")
def periods(request: ApiRequest) -> object:
    return [_period(period) for period in queries.periods(request.auth)]


@router.post("/periods/{month}/close", response=answers(200, PeriodTold), summary="结账")
def close_period(request: ApiRequest, month: Month) -> object:
    return _period(actions.close_period(month, today=localdate(), actor=request.auth))


@router.post("/periods/{month}/reopen", response=answers(200, PeriodTold), summary="反结账")
def reopen_period(request: ApiRequest, month: Month, body: ReopenAsked) -> object:
    return _period(actions.reopen_period(month, body.reason, actor=request.auth))


def _period(period: Any) -> dict[str, Any]:
    return {
        "month": f"{period.month:%Y-%m}",
        "closed_at": period.closed_at,
        "closed_by_id": period.closed_by_id,
    }


class VerificationTold(Told):
    """一次账簿核对；差异为 0 即账永远对得上。"""

    id: int
    at: datetime
    differences: int
    seconds: PlainOut
    detail: list[str] | None = Field(description="没有「成本」字段权限时为 null。")


@router.get(
    "/verifications/last", response=answers(200, VerificationTold), summary="最近一次账簿核对"
)
def last_verification(request: ApiRequest) -> object:
    actor = request.auth
    demand(actor, "books.verify")
    found = queries.last_verification(actor)
    if found is None:
        raise Refused("not_found", what="核对记录")
    return {
        "id": found.pk,
        "at": found.at,
        "differences": found.differences,
        "seconds": found.seconds,
        "detail": may_see(actor, found.detail),
    }
