"""Warehouses."""

from ninja import Router, Status

from hengcang.api.access import ApiRequest
from hengcang.api.errors import answers
from hengcang.api.intents import EXTRA, key_in, once
from hengcang.api.reading import Text, Text60, Text200, Whole
from hengcang.api.shapes import Asked, Told
from hengcang.identity.access import demand
from hengcang.places import actions, queries
from hengcang.places.drafts import Negatives, WarehouseDraft

router = Router(tags=["仓库"])


class WarehouseAsked(Asked):
    """一个仓库。"""

    code: Text
    name: Text60
    address: Text200 = ""
    negatives: Negatives = Negatives.REFUSED
    bins: tuple[Text, ...] = ()


class WarehouseChange(WarehouseAsked):
    """修改仓库：给出全部字段和您看到的版本。"""

    version: Whole


class WarehouseTold(Told):
    """一个仓库。"""

    id: int
    code: str
    name: str
    address: str
    allow_negative: bool
    is_active: bool
    uses_bins: bool
    version: int


class BinTold(Told):
    """一个库位；停用的库位里可能还有货。"""

    id: int
    code: str
    is_active: bool


@router.get("", response=answers(200, list[WarehouseTold]), summary="数据范围内的仓库")
def warehouses(request: ApiRequest) -> object:
    demand(request.auth, "warehouse.view")
    return queries.warehouses(request.auth)


@router.post("", response=answers(201, WarehouseTold), summary="新建仓库", openapi_extra=EXTRA)
def create_warehouse(request: ApiRequest, body: WarehouseAsked) -> object:
    actor, draft = request.auth, WarehouseDraft(**dict(body))
    made = once(
        key_in(request),
        "warehouse.create",
        draft,
        lambda: actions.save_warehouse(draft, actor=actor),
        lambda found: queries.warehouse_to_keep(actor, found),
    )
    return Status(201, made)


@router.get("/{int:warehouse_id}", response=answers(200, WarehouseTold), summary="查看仓库")
def warehouse(request: ApiRequest, warehouse_id: int) -> object:
    return queries.warehouse_to_keep(request.auth, warehouse_id)


@router.get("/{int:warehouse_id}/bins", response=answers(200, list[BinTold]), summary="仓库的库位")
def warehouse_bins(request: ApiRequest, warehouse_id: int) -> object:
    demand(request.auth, "warehouse.view")
    return queries.bins(request.auth, warehouse_id)


@router.put(
    "/{int:warehouse_id}",
    response=answers(200, WarehouseTold),
    summary="修改仓库",
    openapi_extra=EXTRA,
)
def change_warehouse(request: ApiRequest, warehouse_id: int, body: WarehouseChange) -> object:
    actor, version = request.auth, body.version
    draft = WarehouseDraft(**{name: getattr(body, name) for name in WarehouseAsked.model_fields})
    return once(
        key_in(request),
        "warehouse.change",
        (warehouse_id, version, draft),
        lambda: actions.change_warehouse(warehouse_id, version, draft, actor=actor),
        lambda found: queries.warehouse_to_keep(actor, found),
    )


@router.post(
    "/{int:warehouse_id}/disable", response=answers(200, WarehouseTold), summary="停用仓库"
)
def disable_warehouse(request: ApiRequest, warehouse_id: int) -> object:
    actions.disable_warehouse(warehouse_id, actor=request.auth)
    return queries.warehouse_to_keep(request.auth, warehouse_id)


@router.post("/{int:warehouse_id}/enable", response=answers(200, WarehouseTold), summary="启用仓库")
def enable_warehouse(request: ApiRequest, warehouse_id: int) -> object:
    actions.enable_warehouse(warehouse_id, actor=request.auth)
    return queries.warehouse_to_keep(request.auth, warehouse_id)
