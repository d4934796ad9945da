"""按仓出库: one order, one delivery for every warehouse its lines go from."""

from typing import Any

from ninja import Router, Status

from hengcang.api.access import ApiRequest
from hengcang.api.documents.asked import FollowAsked
from hengcang.api.documents.endpoints import SHAPES, line_id
from hengcang.api.documents.telling import whole
from hengcang.api.errors import answers
from hengcang.api.intents import EXTRA, key_for
from hengcang.register.kinds import BY_CODE
from hengcang.sales.actions.deliveries import deliver_by_warehouse

router = Router(tags=["销售订单"])
DELIVERY: Any = SHAPES["sales_delivery"].full


@router.post(
    "/sales-orders/{int:order_id}/deliveries-by-warehouse",
    response=answers(201, list[DELIVERY]),
    summary="销售订单：按仓生成并过账销售出库单",
    openapi_extra=EXTRA,
)
def sales_order_deliveries_by_warehouse(
    request: ApiRequest, order_id: int, body: FollowAsked
) -> object:
    made = deliver_by_warehouse(
        order_id,
        {line_id(text): quantity for text, quantity in body.quantities.items()},
        on=body.dated,
        client_uuid=key_for(request, body.client_uuid),
        actor=request.auth,
    )
    return Status(201, [whole(request.auth, BY_CODE["sales_delivery"], d.pk) for d in made])
