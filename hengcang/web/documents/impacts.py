"""改前先看影响: before a back-dated document is posted, and before one is reversed."""

from datetime import date
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render

from hengcang.documents.drafts import Target
from hengcang.kernel.actor import Actor, FieldClass
from hengcang.kernel.errors import Refused
from hengcang.kernel.refusals import sentence
from hengcang.ledger.impact import Impact
from hengcang.pages import editor
from hengcang.pages.tables import Cell, Column, Row, Table
from hengcang.register import lists as register
from hengcang.register.kinds import Kind
from hengcang.web import clock
from hengcang.web.documents.desks import desk_of
from hengcang.web.masters import links, words
from hengcang.web.requests import Request

if TYPE_CHECKING:
    from hengcang.web.documents.saving import Wish

SHOWN = 50
BOOKING = frozenset({"post", "ship", "move"})


class ImpactUnconfirmed(Exception):
    """Posting would change booked costs, and nobody has said yes to exactly that."""

    def __init__(self, impact: Impact) -> None:
        super().__init__(impact)
        self.impact = impact


def impact(request: Request, kind: Kind, document_id: int, verb: str) -> HttpResponse:
    """GET: what the verb would change, as a fragment for a dialog."""
    register.one(request.actor, kind, document_id)
    preview = desk_of(kind).previews.get(verb)
    if preview is None:
        raise Refused("not_found", what="操作")
    found = preview(document_id, clock.today(), request.actor)
    return render(request, "pages/_impact.html", {"impact": shown(found, request.actor)})


def refuse_unconfirmed(wish: "Wish", target: Target, actor: Actor) -> None:
    """Raises ImpactUnconfirmed when a back-dated posting would move costs and was not agreed to."""
    if wish.verb not in BOOKING or wish.draft.dated >= clock.today():
        return
    found = desk_of(wish.kind).previews["post"](target.id, clock.today(), actor)
    if found.blocked is None and found.entries and token(found) != wish.confirmed:
        raise ImpactUnconfirmed(found)


def token(found: Impact) -> str:
    """Stands for exactly this impact: another one has to be agreed to anew."""
    return f"{found.entries}-{found.documents}-{found.shift}"


def shown(found: Impact, actor: Actor, verb_label: str = "", verb: str = "post") -> editor.Impact:
    """The impact in words; sums and costs only for those who may see them."""
    if found.blocked is not None:
        return editor.Impact(sentence(found.blocked), "bad")
    if not found.entries:
        return editor.Impact("不影响已入账的成本。", "ok")
    sees = actor.sees(FieldClass.COST)
    return editor.Impact(
        _sentence(found, sees=sees),
        "warn",
        documents=_table(found, actor) if sees else None,
        months=[(month, _signed(shift)) for month, shift in found.by_month],
        verb=verb,
        verb_label=verb_label,
        token=token(found),
    )


def _sentence(found: Impact, *, sees: bool) -> str:
    counted = f"将重新计算之后 {found.documents} 张单据、{found.entries} 笔出库的成本"
    if not sees:
        return f"{counted}。"
    if not found.shift:
        return f"{counted}，合计不变。"
    way = "成本上升，毛利下降" if found.shift > 0 else "成本下降，毛利上升"
    return f"{counted}，合计 {_signed(found.shift)} 元（{way}）。"


def _signed(shift: object) -> str:
    text = words.money(shift)  # type: ignore[arg-type]
    return text if text.startswith("-") else f"+{text}"


def _table(found: Impact, actor: Actor) -> Table:
    changes = found.changes[:SHOWN]
    named = links.documents(actor, {(c.kind, c.source_id) for c in changes})
    rows = [
        Row(
            [
                Cell(named[c.kind, c.source_id].number, named[c.kind, c.source_id].url),
                Cell(_day(c.dated)),
                Cell(c.item_name, note=c.item_code),
                Cell(words.money(c.before)),
                Cell(words.money(c.after)),
            ]
        )
        for c in changes
    ]
    columns = [
        Column("number", "单据"),
        Column("dated", "日期"),
        Column("item", "商品"),
        Column("before", "现在成本", numeric=True),
        Column("after", "之后成本", numeric=True),
    ]
    more = f"（前 {SHOWN} 笔）" if found.entries > SHOWN else ""
    return Table(f"成本变动明细{more}", columns, rows)


def _day(dated: date) -> str:
    return dated.isoformat()
