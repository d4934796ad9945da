"""拣货单: what is to be fetched for orders or deliveries, in the order of the way through."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Q

from hengcang.documents.flow import Status
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.kernel.rounding import ZERO
from hengcang.sales import queries

OPEN = {"sales_order": Status.APPROVED, "sales_delivery": Status.DRAFT}
PAPERS = {"sales_order": queries.orders, "sales_delivery": queries.deliveries}
MOST_PAPERS = 100


@dataclass(frozen=True, slots=True)
class Pick:
    """One item to fetch in one warehouse, base units; `papers` says how much is for which."""

    warehouse: str
    code: str
    name: str
    spec: str
    uom: str
    quantity: Decimal
    papers: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class PickList:
    """The papers served, by number, and the picks by warehouse and item code."""

    papers: tuple[Any, ...]
    picks: tuple[Pick, ...]


def pick_list(actor: Actor, kind: str, ids: Collection[int], numbers: Collection[str]) -> PickList:
    """What is open of approved orders, or all of draft deliveries; two statements.

    Raises Refused: forbidden, not_found, too_many_lines (papers), source_not_open.
    """
    papers = _papers(actor, kind, set(ids), set(numbers))
    if not papers:
        return PickList((), ())
    found: dict[tuple[str, str], Pick] = {}
    by_id = {paper.pk: paper for paper in papers}
    lines = papers[0].lines.model.objects.filter(document__in=papers)
    related = ["item__base_uom", *(["warehouse"] if kind == "sales_order" else [])]
    for line in lines.select_related(*related).order_by("document_id", "position"):
        line.document = by_id[line.document_id]
        _add(found, line)
    return PickList(papers, tuple(pick for _, pick in sorted(found.items())))


def _papers(actor: Actor, kind: str, ids: set[int], numbers: set[str]) -> tuple[Any, ...]:
    asked = len(ids) + len(numbers)
    if asked > MOST_PAPERS:
        raise Refused("too_many_lines", "numbers", limit=MOST_PAPERS, count=asked)
    rows: Any = PAPERS[kind](actor)
    papers = tuple(rows.filter(Q(id__in=ids) | Q(number__in=numbers)).order_by("number", "id"))
    missing = numbers - {paper.number for paper in papers}
    if missing or ids - {paper.pk for paper in papers}:
        raise Refused("not_found", "numbers", what=f"单据 {' '.join(sorted(missing))}".strip())
    for paper in papers:
        if paper.status != OPEN[kind]:
            label = paper.get_status_display()
            raise Refused("source_not_open", "numbers", number=str(paper), status_label=label)
    return papers


def _place(line: Any) -> Any:
    """The warehouse a line goes from; a line of an order may name its own."""
    return getattr(line, "warehouse", None) or line.document.warehouse


def _add(found: dict[tuple[str, str], Pick], line: Any) -> None:
    """The line's open quantity is on the list, with what others need of the same."""
    quantity = line.quantity - getattr(line, "qty_fulfilled", ZERO)
    if quantity <= ZERO:
        return
    item, place = line.item, _place(line).name
    key = (place, item.code)
    before = found.get(key) or Pick(
        place, item.code, item.name, item.spec, item.base_uom.name, ZERO, ()
    )
    found[key] = replace(
        before,
        quantity=before.quantity + quantity,
        papers=(*before.papers, (str(line.document), quantity)),
    )
