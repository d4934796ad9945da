"""承诺交期 of the open lines of an approved sales order."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hengcang.documents.flow import Status
from hengcang.kernel.actor import Actor
from hengcang.pages.editor import Columns, Line
from hengcang.register.promises import promised_lines
from hengcang.web import clock

UNSEEN = "未定"


def with_promises(
    actor: Actor, document: Any, stored: Sequence[Any], lines: Sequence[Line], columns: Columns
) -> tuple[Sequence[Line], Columns]:
    """The lines with the date each can be delivered and why, for those who may see stock."""
    approved = document.kind == "sales_order" and document.status == Status.APPROVED
    if not approved or not actor.may("stock.view"):
        return lines, columns
    found = {str(p.line_id): p for p in promised_lines(actor, document, stored, clock.today())}
    told = [
        replace(line, promised=_day(found[line.line_id]), promised_why=found[line.line_id].reason)
        if line.line_id in found
        else line
        for line in lines
    ]
    return told, replace(columns, promised=True)


def _day(answer: Any) -> str:
    return answer.promised_date.isoformat() if answer.promised_date else UNSEEN
