"""Reads of shops' requests."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import cast
from uuid import UUID

from django.db.models import F, QuerySet

from hengcang.books.rows import one
from hengcang.documents.drafts import Draft, LineDraft
from hengcang.documents.following import wanted_of
from hengcang.documents.sources import in_unit_of
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.stock.models import ShopRequest, ShopRequestLine, StockTransferLine


def shop_requests(actor: Actor) -> QuerySet[ShopRequest]:
    """Requests of the actor's warehouses or to them, newest first. Raises Refused("forbidden")."""
    demand(actor, "shop_request.view")
    rows = ShopRequest.objects.visible_to(actor).select_related("warehouse", "to_warehouse")
    return cast("QuerySet[ShopRequest]", rows.order_by("-dated", "-id"))


def shop_request(actor: Actor, request_id: int) -> ShopRequest:
    """One request. Raises Refused: forbidden, not_found."""
    found = one(shop_requests(actor).filter(id=request_id))
    if found is None:
        raise Refused("not_found", what="要货单")
    return found


def request_lines(actor: Actor) -> QuerySet[ShopRequestLine]:
    """Lines of requests the actor may see, with item and unit, by request and position."""
    visible = ShopRequest.objects.visible_to(actor)
    return (
        ShopRequestLine.objects.filter(document__in=visible)
        .select_related("document", "item__base_uom", "item_uom__uom")
        .order_by("document_id", "position")
    )


def is_followed(request: ShopRequest) -> bool:
    """Whether any transfer, whatever became of it, names a line of the request."""
    return StockTransferLine.objects.filter(source_line__document=request).exists()


def has_open(request: ShopRequest) -> bool:
    """Whether any line of a request the actor was shown may still be allocated something."""
    return request.lines.filter(qty_allocated__lt=F("quantity")).exists()


def transfer_draft(
    actor: Actor,
    request: ShopRequest,
    quantities: Mapping[int, Decimal],
    *,
    on: date,
    client_uuid: UUID,
) -> Draft:
    """A transfer of these request lines (base units; empty: all that is open), filled in.

    Raises Refused("source_line_unknown") for a line of another request or with nothing open.
    """
    lines = {line.pk: line for line in request_lines(actor).filter(document_id=request.pk)}
    drafts = []
    for pk, quantity in wanted_of(lines, quantities, "qty_allocated").items():
        in_unit, uom_id = in_unit_of(lines[pk], quantity)
        drafts.append(LineDraft(lines[pk].item_id, in_unit, uom_id, source_line_id=pk))
    return Draft(
        client_uuid=client_uuid,
        dated=on,
        warehouse_id=request.to_warehouse_id,
        to_warehouse_id=request.warehouse_id,
        lines=tuple(drafts),
    )
