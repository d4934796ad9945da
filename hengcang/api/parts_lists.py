"""Parts lists, and what can be assembled now."""

from decimal import Decimal
from typing import Annotated, Any

from ninja import Query, Router, Status
from pydantic import AliasPath, Field

from hengcang.api.access import ApiRequest
from hengcang.api.documents.told import Ref
from hengcang.api.errors import answers
from hengcang.api.intents import EXTRA, key_in, once
from hengcang.api.reading import Flag, Id, Quantity, Text, Text200, Whole
from hengcang.api.shapes import Asked, Told
from hengcang.api.showing import PlainOut, Rows
from hengcang.assembly import queries
from hengcang.assembly.actions import parts_lists as actions
from hengcang.assembly.drafts import PartDraft, PartsListDraft
from hengcang.documents.drafts import MAX_LINES
from hengcang.kernel.numbers import strict_quantity

router = Router(tags=["物料清单"])
IN_QUERY: Any = Query(...)  # type: ignore[type-arg]


class PartAsked(Asked):
    """一种配件。"""

    item_id: Id
    quantity: Quantity = Field(description="做出 output_quantity 所用的基本单位数量。")


class PartsListAsked(Asked):
    """一张物料清单。"""

    item_id: Id = Field(description="成品；修改时不能换。")
    output_quantity: Quantity = Field("1", validate_default=True)
    note: Text200 = ""
    is_active: Flag = True
    lines: list[PartAsked] = Field(max_length=MAX_LINES)


class PartsListChange(PartsListAsked):
    """修改物料清单：给出全部字段和您看到的版本。"""

    version: Whole


class PartTold(Told):
    item: Ref
    quantity: PlainOut


class PartsListTold(Told):
    """一张物料清单。"""

    id: int
    item: Ref
    output_quantity: PlainOut
    note: str
    is_active: bool
    version: int
    lines: Annotated[list[PartTold], Rows]


class KitPartTold(Told):
    """一种配件够不够。"""

    item: Ref
    base_uom: str = Field(validation_alias=AliasPath("item", "base_uom", "name"))
    needed: PlainOut
    available: PlainOut
    short: PlainOut
    enough_for: PlainOut = Field(description="单看这种配件够做多少。")


class KitTold(Told):
    """齐套检查。"""

    item: Ref
    quantity: PlainOut
    can_make: PlainOut = Field(description="现在能做多少，基本单位。")
    parts: list[KitPartTold]


class KitAsked(Asked):
    """要做什么、在哪里、做多少。"""

    item_id: int
    warehouse_id: int
    quantity: Text = Field("1", description="要做的数量，基本单位。")


@router.get("/parts-lists", response=answers(200, list[PartsListTold]), summary="物料清单")
def parts_lists(request: ApiRequest) -> object:
    return queries.parts_lists(request.auth)


@router.post(
    "/parts-lists",
    response=answers(201, PartsListTold),
    summary="新建物料清单",
    openapi_extra=EXTRA,
)
def create_parts_list(request: ApiRequest, body: PartsListAsked) -> object:
    actor, draft = request.auth, _draft(body)
    made = once(
        key_in(request),
        "parts_list.create",
        draft,
        lambda: actions.save_parts_list(draft, actor=actor),
        lambda found: queries.parts_list(actor, found),
    )
    return Status(201, queries.parts_list(actor, made.pk))


@router.put(
    "/parts-lists/{int:list_id}",
    response=answers(200, PartsListTold),
    summary="修改物料清单",
    openapi_extra=EXTRA,
)
def change_parts_list(request: ApiRequest, list_id: int, body: PartsListChange) -> object:
    actor, version, draft = request.auth, body.version, _draft(body)
    once(
        key_in(request),
        "parts_list.change",
        (list_id, version, draft),
        lambda: actions.change_parts_list(list_id, version, draft, actor=actor),
        lambda found: queries.parts_list(actor, found),
    )
    return queries.parts_list(actor, list_id)


@router.get("/kits", response=answers(200, KitTold), summary="齐套检查")
def kit(request: ApiRequest, asked: KitAsked = IN_QUERY) -> object:
    quantity = strict_quantity(asked.quantity, field="quantity")
    return queries.kit(request.auth, asked.item_id, asked.warehouse_id, quantity)


def _draft(body: PartsListAsked) -> PartsListDraft:
    return PartsListDraft(
        body.item_id,
        tuple(PartDraft(line.item_id, Decimal(line.quantity)) for line in body.lines),
        Decimal(body.output_quantity),
        body.note,
        is_active=body.is_active,
    )
