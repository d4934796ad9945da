"""What shops asked for becomes draft transfers, one per shop."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from hengcang.compliance import audit
from hengcang.compliance.audit import Subject
from hengcang.documents.actions import derived_uuid
from hengcang.documents.attempts import action
from hengcang.documents.drafts import MAX_LINES, Draft, LineDraft
from hengcang.documents.flow import Status
from hengcang.documents.intents import claim, settle
from hengcang.documents.rules import Ratio, base_quantity
from hengcang.documents.sources import lock_sources, refuse_closed
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.numbers import shown
from hengcang.kernel.rounding import ZERO
from hengcang.places.models import Warehouse
from hengcang.stock import asking, queries
from hengcang.stock.actions.transfers import save_transfer
from hengcang.stock.allocation import open_of, supplies
from hengcang.stock.models import ShopRequestLine, StockTransfer

Known = Mapping[int, ShopRequestLine]


@dataclass(frozen=True, slots=True)
class AllocationLine:
    """So much for a request line, in the unit `item_uom_id`: that of the line; None: base unit."""

    line_id: int
    quantity: Decimal
    item_uom_id: int | None = None


@dataclass(frozen=True, slots=True)
class Allocation:
    """What a warehouse gives to which request lines. `client_uuid`: once per intent."""

    client_uuid: UUID
    dated: date
    warehouse_id: int
    lines: tuple[AllocationLine, ...]


@action
def allocate_requests(allocation: Allocation, *, actor: Actor) -> list[StockTransfer]:
    """Draft transfers exist, one per shop, each line bound to the request line it is for.

    Nothing is reserved: shipping them takes the goods. The same intent again returns the same
    transfers. Locks the requests in id order; what is free is read without a lock, since the books
    refuse what is not there. Raises Refused: forbidden, not_found, no_lines, too_many_lines,
    source_line_unknown, source_not_open, RefusedLines with allocated_twice, uom_unknown,
    quantity_not_positive, quantity_inexact, more_than_requested, allocated_beyond_stock, and those
    of save_transfer.
    """
    demand(actor, "shop_request.allocate", warehouse_id=allocation.warehouse_id)
    demand(actor, "stock_transfer.save")
    if not allocation.lines:
        raise Refused("no_lines", "lines")
    if len(allocation.lines) > MAX_LINES:
        count = len(allocation.lines)
        raise Refused("too_many_lines", "lines", limit=MAX_LINES, count=count)
    if claim(allocation.client_uuid, "shop_request.allocate", allocation) is not None:
        return _made_before(allocation, actor)
    known = _locked(allocation, actor)
    wanted = _base_quantities(allocation.lines, known)
    _refuse_beyond_stock(allocation, wanted, known, actor)
    made = [
        save_transfer(_draft(allocation, shop, positions, known), actor=actor)
        for shop, positions in sorted(_by_shop(allocation, known).items())
    ]
    settle(allocation.client_uuid, StockTransfer.kind, made[0].pk)
    _note(known, made, actor)
    return made


def _made_before(allocation: Allocation, actor: Actor) -> list[StockTransfer]:
    ids = {line.line_id for line in allocation.lines}
    known = {line.pk: line for line in asking.request_lines(actor).filter(id__in=ids)}
    keys = [_key(allocation, shop) for shop in _by_shop(allocation, known)]
    return list(queries.transfers(actor).filter(client_uuid__in=keys).order_by("to_warehouse_id"))


def _key(allocation: Allocation, shop: int) -> UUID:
    return derived_uuid(allocation.client_uuid, f"allocate-{shop}")


def _by_shop(allocation: Allocation, known: Known) -> dict[int, list[int]]:
    """The positions of the lines, from 0, by the shop that asks."""
    found: dict[int, list[int]] = defaultdict(list)
    for position, line in enumerate(allocation.lines):
        if line.line_id in known:
            found[known[line.line_id].document.warehouse_id].append(position)
    return found


def _locked(allocation: Allocation, actor: Actor) -> Known:
    """The request lines, read under the lock of their requests, with item and unit."""
    lines = asking.request_lines(actor).filter(document__to_warehouse_id=allocation.warehouse_id)
    ids = {line.line_id for line in allocation.lines}
    sources = lock_sources(lines.select_related(None), ids)
    refuse_closed(sources, Status.APPROVED)
    units = ShopRequestLine.objects.filter(id__in=sources).select_related("item_uom")
    for row in units:
        sources[row.pk].item_uom = row.item_uom
    return sources


def _base_quantities(lines: Sequence[AllocationLine], known: Known) -> dict[int, Decimal]:
    """Base units by request line."""
    found: dict[int, Decimal] = {}
    refusals: list[Refused] = []
    for position, line in enumerate(lines, start=1):
        try:
            if line.line_id in found:
                name = known[line.line_id].item.name
                raise Refused("allocated_twice", f"lines.{position}", item_name=name)
            found[line.line_id] = _base(line, known[line.line_id], f"lines.{position}")
        except Refused as refusal:
            refusals.append(refusal)
    if refusals:
        raise RefusedLines(refusals)
    return found


def _base(line: AllocationLine, source: ShopRequestLine, at: str) -> Decimal:
    item, uom = source.item, source.item_uom
    if line.quantity <= 0:
        raise Refused("quantity_not_positive", f"{at}.quantity", text=shown(line.quantity))
    if line.item_uom_id not in (None, uom.pk):
        raise Refused("uom_unknown", f"{at}.uom", item_name=item.name)
    num, den = (uom.ratio_num, uom.ratio_den) if line.item_uom_id else (1, 1)
    ratio = Ratio(num, den, item.quantity_places)
    quantity = base_quantity(line.quantity, ratio, f"{at}.quantity")
    if quantity > open_of(source):
        raise Refused(
            "more_than_requested",
            f"{at}.quantity",
            item_id=item.pk,
            item_name=item.name,
            open=shown(open_of(source)),
            needed=shown(quantity),
        )
    return quantity


def _refuse_beyond_stock(
    allocation: Allocation, wanted: Mapping[int, Decimal], known: Known, actor: Actor
) -> None:
    """Raises RefusedLines with allocated_beyond_stock, at the last line of each such item; not for
    a warehouse that may owe goods.
    """
    place = Warehouse.objects.get(pk=allocation.warehouse_id)
    if place.allow_negative:
        return
    sums: dict[int, Decimal] = defaultdict(lambda: ZERO)
    last: dict[int, int] = {}
    for position, line in enumerate(allocation.lines, start=1):
        item_id = known[line.line_id].item_id
        sums[item_id] += wanted[line.line_id]
        last[item_id] = position
    there = supplies(actor, place.pk, sums)
    beyond = [
        Refused(
            "allocated_beyond_stock",
            f"lines.{last[item_id]}.quantity",
            item_name=known[allocation.lines[last[item_id] - 1].line_id].item.name,
            warehouse=place.name,
            needed=shown(needed),
            free=shown(there[item_id].free),
            planned=shown(there[item_id].planned),
        )
        for item_id, needed in sums.items()
        if needed > there[item_id].free
    ]
    if beyond:
        raise RefusedLines(beyond)


def _draft(allocation: Allocation, shop: int, positions: list[int], known: Known) -> Draft:
    chosen = [allocation.lines[at] for at in positions]
    return Draft(
        client_uuid=_key(allocation, shop),
        dated=allocation.dated,
        warehouse_id=allocation.warehouse_id,
        to_warehouse_id=shop,
        lines=tuple(
            LineDraft(
                item_id=known[line.line_id].item_id,
                quantity=line.quantity,
                item_uom_id=line.item_uom_id,
                source_line_id=line.line_id,
                note=known[line.line_id].note,
            )
            for line in chosen
        ),
    )


def _note(known: Known, made: list[StockTransfer], actor: Actor) -> None:
    """Each request says who turned it into which transfers."""
    shops = {transfer.to_warehouse_id: transfer.pk for transfer in made}
    requests = {line.document_id: line.document for line in known.values()}
    for pk, request in sorted(requests.items()):
        subject = Subject(request.kind, pk, request.number or "")
        transfer = shops[request.warehouse_id]
        audit.record(actor, f"{request.kind}.allocate", subject, transfer=transfer)
