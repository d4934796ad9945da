"""What people do with shops' requests: one function per verb."""

from typing import Any

from hengcang.books.inserting import insert_row, insert_rows
from hengcang.documents.actions import (
    birth_columns,
    header_columns,
    locked,
    recorded_birth,
    rewrite,
    step,
)
from hengcang.documents.attempts import action
from hengcang.documents.drafts import Draft, Target
from hengcang.documents.intents import claim, settle
from hengcang.documents.lines import BuiltLine, built_lines, line_columns
from hengcang.documents.parties import destination_of
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.stock import asking
from hengcang.stock.models import ShopRequest, ShopRequestLine


@action
def save_shop_request(draft: Draft, *, actor: Actor) -> ShopRequest:
    """A draft request of a shop exists; the same intent again returns it. It reserves nothing.

    The shop is in the actor's scope; whom it asks need not be. Raises Refused: forbidden,
    intent_reused, request_of_itself, and those of headers and lines.
    """
    demand(actor, "shop_request.save", warehouse_id=draft.warehouse_id)
    if (made := claim(draft.client_uuid, "shop_request.save", draft)) is not None:
        return asking.shop_request(actor, made)
    header, lines = _filled(draft, actor)
    request = insert_row(ShopRequest(**header, **birth_columns(draft.client_uuid, actor=actor)))
    _write_lines(request, lines)
    settle(draft.client_uuid, request.kind, request.pk)
    recorded_birth(request, actor=actor)
    return request


@action
def change_shop_request(target: Target, draft: Draft, *, actor: Actor) -> ShopRequest:
    """The draft request is as filled in.

    Raises the codes of save_shop_request, not_found, stale_version, wrong_status.
    """
    demand(actor, "shop_request.save", warehouse_id=draft.warehouse_id)
    request: ShopRequest = locked(asking.shop_requests(actor).select_related(None), target)
    demand(actor, "shop_request.save", warehouse_id=request.warehouse_id)
    header, lines = _filled(draft, actor)
    rewrite(request, header, actor=actor)
    request.lines.all().delete()
    _write_lines(request, lines)
    return request


@action
def step_shop_request(target: Target, verb: str, *, actor: Actor, reason: str = "") -> ShopRequest:
    """One verb of ORDER_FLOW was done: submit, approve, send_back, take_back, close, void.

    The shop's own verbs need its warehouse in scope; those of approval either end of the request.
    Closed by force, it is allocated nothing more; what is on transfers may still be shipped.
    Raises Refused: forbidden, not_found, stale_version, wrong_status, request_allocated (take
    back), reason_missing (close).
    """
    flow_step = ShopRequest.flow.steps[verb]
    request: ShopRequest = locked(asking.shop_requests(actor).select_related(None), target)
    place = request.warehouse_id if flow_step.permission == "save" else None
    demand(actor, f"shop_request.{flow_step.permission}", warehouse_id=place)
    ShopRequest.flow.pressed(verb, request.status)
    if verb == "take_back" and asking.is_followed(request):
        raise Refused("request_allocated", number=request.number or "")
    if verb == "close" and not reason.strip():
        raise Refused("reason_missing", "reason")
    step(request, verb, actor=actor, **({"reason": reason} if reason else {}))
    return request


def _filled(draft: Draft, actor: Actor) -> tuple[dict[str, Any], list[BuiltLine]]:
    header = header_columns(draft, actor=actor)
    if draft.to_warehouse_id == draft.warehouse_id:
        name = header["warehouse"].name
        raise Refused("request_of_itself", "to_warehouse", warehouse=name)
    asked = destination_of(draft.to_warehouse_id, draft.warehouse_id, "供货仓库")
    return header | {"to_warehouse": asked, "due_date": draft.due_date}, built_lines(draft, None)


def _write_lines(request: ShopRequest, lines: list[BuiltLine]) -> None:
    insert_rows(
        [
            ShopRequestLine(document=request, due_date=line.draft.due_date, **line_columns(line))
            for line in lines
        ]
    )
