"""Sales channels."""

from ninja import Router, Status

from hengcang.api.access import ApiRequest
from hengcang.api.errors import answers
from hengcang.api.intents import EXTRA, key_in, once
from hengcang.api.reading import Flag, Text, Text60, Whole
from hengcang.api.shapes import Asked, Told
from hengcang.identity.access import demand
from hengcang.sales import queries
from hengcang.sales.actions import channels
from hengcang.sales.actions.channels import ChannelDraft

router = Router(tags=["销售渠道"])


class SalesChannelAsked(Asked):
    """一个销售渠道。"""

    code: Text
    name: Text60
    is_active: Flag = True


class SalesChannelChange(SalesChannelAsked):
    """修改销售渠道：给出全部字段和您看到的版本。"""

    version: Whole


class SalesChannelTold(Told):
    """一个销售渠道。"""

    id: int
    code: str
    name: str
    is_active: bool
    version: int


@router.get("", response=answers(200, list[SalesChannelTold]), summary="销售渠道")
def sales_channels(request: ApiRequest) -> object:
    demand(request.auth, "sales_channel.view")
    return queries.channels(request.auth)


@router.post(
    "", response=answers(201, SalesChannelTold), summary="新建销售渠道", openapi_extra=EXTRA
)
def create_sales_channel(request: ApiRequest, body: SalesChannelAsked) -> object:
    actor, draft = request.auth, ChannelDraft(**dict(body))
    made = once(
        key_in(request),
        "sales_channel.create",
        draft,
        lambda: channels.save_channel(draft, actor=actor),
        lambda found: queries.channels(actor).get(pk=found),
    )
    return Status(201, made)


@router.put(
    "/{int:channel_id}",
    response=answers(200, SalesChannelTold),
    summary="修改销售渠道",
    openapi_extra=EXTRA,
)
def change_sales_channel(request: ApiRequest, channel_id: int, body: SalesChannelChange) -> object:
    actor, version = request.auth, body.version
    draft = ChannelDraft(**{name: getattr(body, name) for name in SalesChannelAsked.model_fields})
    return once(
        key_in(request),
        "sales_channel.change",
        (channel_id, version, draft),
        lambda: channels.change_channel(channel_id, version, draft, actor=actor),
        lambda found: queries.channels(actor).get(pk=found),
    )
