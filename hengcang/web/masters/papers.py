"""The last documents of one kind with a partner, for the pages that tell all about one."""

from django.urls import reverse

from hengcang.kernel.actor import Actor
from hengcang.pages.tables import Cell, Column, Row, Table
from hengcang.register import queries as register
from hengcang.register.kinds import BY_CODE, status_label
from hengcang.web.masters import links
from hengcang.web.masters.words import money

LAST = 20


def papers_of(actor: Actor, kind: str, partner_id: int) -> Table:
    """Amounts are left out for those who may not see costs."""
    columns = [
        Column("number", "单号"),
        Column("dated", "日期"),
        Column("warehouse", "仓库"),
        Column("amount", "金额", numeric=True),
        Column("status", "状态"),
    ]
    papers = register.documents(actor).filter(partner_id=partner_id, kind=kind)[:LAST]
    sees = links.may_see_amount(actor, kind)
    rows = [
        Row(
            [
                Cell(paper.number or "草稿"),
                Cell(paper.dated.isoformat()),
                Cell(paper.warehouse.name),
                Cell(money(paper.amount) if sees else ""),
                Cell(status_label(paper.status), pill=links.PILLS[paper.status]),
            ],
            url=links.document_url(kind, paper.document_id),
        )
        for paper in papers
    ]
    label = BY_CODE[kind].label
    more = reverse("document-list", args=[BY_CODE[kind].plural])
    return Table(label, columns, rows, more_url=f"{more}?partner={partner_id}", empty="还没有。")
