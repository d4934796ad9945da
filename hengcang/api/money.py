"""What partners owe and are owed."""

from dataclasses import asdict
from datetime import date
from typing import Any

from ninja import Query, Router

from hengcang.api.access import ApiRequest
from hengcang.api.errors import answers
from hengcang.api.paging import Paged, cut, key_of
from hengcang.api.reading import Text60
from hengcang.api.shapes import Told
from hengcang.api.showing import CostOut, MoneyOut, may_see
from hengcang.kernel.actor import Actor
from hengcang.register import queries as register
from hengcang.settlement import queries
from hengcang.settlement.queries import MoneyFilter, MoneyRow

router = Router(tags=["往来"])
PAYABLE = "payable"


class BalanceTold(Told):
    """一个往来单位的应收和应付。"""

    partner_id: int
    code: str
    name: str
    receivable: MoneyOut
    payable: CostOut


class BalanceTotals(Told):
    """数据范围内的合计。"""

    receivable: MoneyOut
    payable: CostOut


class BalancePage(Told):
    """一页往来余额。"""

    rows: list[BalanceTold]
    totals: BalanceTotals
    next: str | None


class BalancesAsked(Paged):
    """Which partners."""

    words: Text60 = ""


@router.get("/partner-balances", response=answers(200, BalancePage), summary="往来余额，按编码")
def partner_balances(request: ApiRequest, asked: Query[BalancesAsked]) -> object:
    after = key_of(asked.next, str)
    wanted = MoneyFilter(words=asked.words, after=after[0] if after else "", limit=asked.limit + 1)
    rows = queries.owed(request.auth, wanted)
    totals = queries.owed_totals(request.auth)
    return cut(rows, asked.limit, lambda row: (row.code,)) | {"totals": totals}


class MoneyRowTold(Told):
    """一笔往来流水和其后的余额；应付的金额是成本字段，无权时为 null。"""

    id: int
    dated: date
    due: date
    kind: str
    source_id: int
    number: str | None
    account: str
    amount: MoneyOut | None
    running: MoneyOut | None


class MoneyLedgerTold(Told):
    """一个往来单位的流水，旧的在前，最多最近 500 笔。"""

    rows: list[MoneyRowTold]


@router.get(
    "/partner-ledgers/{int:partner_id}",
    response=answers(200, MoneyLedgerTold),
    summary="往来流水",
)
def partner_ledger(request: ApiRequest, partner_id: int) -> object:
    actor = request.auth
    rows = queries.money_ledger(actor, partner_id)
    names = register.named(actor, {(row.kind, row.source_id) for row in rows})
    return {"rows": [_told(actor, row, names.get((row.kind, row.source_id))) for row in rows]}


def _told(actor: Actor, row: MoneyRow, document: Any) -> dict[str, Any]:
    """What we owe for goods is a figure of cost."""
    told = asdict(row) | {"number": document.number if document else None}
    if row.account == PAYABLE:
        told |= {name: may_see(actor, told[name]) for name in ("amount", "running")}
    return told
