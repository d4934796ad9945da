"""应收应付: what partners owe and are owed, and the movements of one of them."""

from collections.abc import Mapping, Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from hengcang.kernel.actor import Actor
from hengcang.pages.cards import Card, Kpi
from hengcang.pages.editor import Link
from hengcang.pages.forms import Field
from hengcang.pages.tables import Cell, Column, ListPage, Row, Sum, Table
from hengcang.partners import queries as partners
from hengcang.sales.exchange_queries import BothSides, exchanged
from hengcang.settlement import queries
from hengcang.settlement.queries import MoneyFilter, MoneyRow, PartnerMoney
from hengcang.web import clock, shell
from hengcang.web.masters import links, lists
from hengcang.web.masters.partners import partner_url, side_of
from hengcang.web.masters.reading import id_of, text_of
from hengcang.web.masters.words import money
from hengcang.web.requests import Request

EXCHANGE = "sales_exchange"
ACCOUNTS = {"receivable": "应收", "payable": "应付"}


@require_GET
def money_list(request: Request) -> HttpResponse:
    """Partners with a balance, 50 a page, and the sums over all of them."""
    words = text_of(request.GET, "q")
    wanted = MoneyFilter(words, text_of(request.GET, "after"), lists.PAGE + 1)
    rows, next_url = lists.cut(request, queries.owed(request.actor, wanted), lambda row: row.code)
    page = ListPage(
        key="money",
        title="应收应付",
        url=reverse("money-list"),
        columns=_columns(request.actor),
        rows=[_row(request.actor, row) for row in rows],
        sums=_sums(request.actor),
        filters=[Field("q", "搜索", "search", value=words, placeholder="编码、名称或拼音")],
        next_url=next_url,
        first_url=lists.first_url(request),
        clear_url=lists.clear_url(request, "q"),
        empty="没有往来余额。出库审核后产生应收，入库审核后产生应付。",
    )
    return lists.answer(request, page)


def _columns(actor: Actor) -> list[Column]:
    columns = [
        Column("code", "编码"),
        Column("name", "往来单位"),
        Column("receivable", "应收余额", numeric=True),
    ]
    if queries.sees_payable(actor):
        columns.append(Column("payable", "应付余额", numeric=True))
    return columns


def _row(actor: Actor, row: PartnerMoney) -> Row:
    url = reverse("partner-money", args=[row.partner_id])
    cells = [Cell(row.code), Cell(row.name, url=url), Cell(_amount(row.receivable))]
    if queries.sees_payable(actor):
        cells.append(Cell(_amount(row.payable)))
    return Row(cells, url=url)


def _amount(value: object) -> str:
    return money(value) if value else ""  # type: ignore[arg-type]


def _sums(actor: Actor) -> list[Sum]:
    totals = queries.owed_totals(actor)
    sums = [Sum("应收合计", money(totals.receivable))]
    if queries.sees_payable(actor):
        sums.append(Sum("应付合计", money(totals.payable)))
    return sums


@require_GET
def partner_money(request: Request, partner_id: int) -> HttpResponse:
    """往来账 of one partner: every movement with its document and the balance after it."""
    actor = request.actor
    rows = queries.money_ledger(actor, partner_id)
    partner = partners.partner(actor, partner_id)
    balance = queries.standing_of(actor, partner_id)
    kpis = []
    if balance.receivable or getattr(partner, "customer", None):
        note = _overdue(rows, "receivable")
        kpis.append(Kpi("应收余额", f"¥{money(balance.receivable)}", note))
    if queries.sees_payable(actor) and (balance.payable or getattr(partner, "supplier", None)):
        kpis.append(Kpi("应付余额", f"¥{money(balance.payable)}", _overdue(rows, "payable")))
    card = Card(
        title=partner.name,
        subtitle=partner.code,
        actions=[Link("单位资料", "users", partner_url(side_of(partner), partner_id))],
        kpis=kpis,
        tables=_tables(request, rows),
    )
    context = shell.page(request, partner.name, partner.name) | {"card": card}
    return render(request, "pages/card.html", context)


def _overdue(rows: Sequence[MoneyRow], account: str) -> str:
    """When the latest movement falls due, as a reminder."""
    due = [row.due for row in rows if row.account == account and row.amount > 0]
    if not due:
        return ""
    last = max(due)
    return f"最近一笔 {last.isoformat()} 到期" + ("，已过" if last < clock.today() else "")


def _tables(request: Request, rows: Sequence[MoneyRow]) -> list[Table]:
    """The newest movements of each account; older ones follow `?before=`, the last one seen."""
    before = id_of(request.GET.get("before", ""))
    tables = []
    for account, label in ACCOUNTS.items():
        newest = [row for row in reversed(rows) if row.account == account]
        if newest:
            tables.append(_table(request, f"{label}明细", newest, before))
    return tables or [Table("往来明细", COLUMNS, [], empty="还没有往来发生。", wide=True)]


def _table(request: Request, title: str, newest: Sequence[MoneyRow], before: int | None) -> Table:
    ids = [row.id for row in newest]
    start = ids.index(before) + 1 if before in ids else 0
    page = newest[start : start + lists.PAGE]
    named = links.documents(request.actor, {(row.kind, row.source_id) for row in page})
    said = exchanged(request.actor, {row.source_id for row in page if row.kind == EXCHANGE})
    rows = [_money_row(row, named[row.kind, row.source_id], said) for row in page]
    more = start + lists.PAGE < len(newest)
    url = lists.with_query(request, before=str(page[-1].id)) if more else ""
    return Table(title, COLUMNS, rows, url, "更早的", wide=True)


COLUMNS = (
    Column("number", "单号"),
    Column("kind", "单据"),
    Column("dated", "日期"),
    Column("due", "到期日"),
    Column("up", "增加", numeric=True),
    Column("down", "减少", numeric=True),
    Column("running", "余额", numeric=True),
)


def _money_row(row: MoneyRow, document: links.Named, said: Mapping[int, BothSides]) -> Row:
    """An exchange's difference is told with both its sides."""
    sides = said.get(row.source_id) if row.kind == EXCHANGE else None
    why = f"换出 {money(sides.out)}，退回 {money(sides.back)}" if sides else ""
    up = money(row.amount) if row.amount > 0 else ""
    down = money(-row.amount) if row.amount < 0 else ""
    cells = [
        Cell(document.number),
        Cell(document.label, note=why),
        Cell(row.dated.isoformat()),
        Cell(row.due.isoformat()),
        Cell(up),
        Cell(down),
        Cell(money(row.running)),
    ]
    return Row(cells, url=document.url)
