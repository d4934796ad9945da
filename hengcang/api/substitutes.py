"""替代品 of an item."""

from typing import Annotated

from ninja import Router
from pydantic import Field

from hengcang.api.access import ApiRequest
from hengcang.api.errors import answers
from hengcang.api.intents import EXTRA, key_in, once
from hengcang.api.reading import Flag, Text, Text60, Whole
from hengcang.api.shapes import Asked, Told
from hengcang.catalog import queries
from hengcang.catalog import substitutes as catalog
from hengcang.catalog.substitutes import LONGEST_NOTE, MOST, SubstituteDraft

router = Router(tags=["商品"])
ROOT = "/items/{int:item_id}/substitutes"


class SubstituteAsked(Asked):
    """一个替代品，一换一；用商品编码指明。"""

    code: Text60
    both_ways: Flag = Field(default=True, description="互相替代；false 为只替代本商品。")
    note: Annotated[Text, Field(max_length=LONGEST_NOTE)] = ""


class SubstitutesAsked(Asked):
    """本商品的全部替代品和您看到的商品版本。"""

    substitutes: list[SubstituteAsked] = Field(max_length=MOST)
    version: Whole


class SubstituteTold(Told):
    """一个替代品。"""

    item_id: int
    code: str
    name: str
    spec: str
    is_active: bool
    both_ways: bool
    note: str
    is_own: bool = Field(description="写在本商品上；false 为写在对方商品上的互相替代。")


@router.get(ROOT, response=answers(200, list[SubstituteTold]), summary="商品的替代品")
def item_substitutes(request: ApiRequest, item_id: int) -> object:
    queries.item_head(request.auth, item_id)
    return catalog.substitutes(request.auth, item_id)


@router.put(
    ROOT,
    response=answers(200, list[SubstituteTold]),
    summary="设置商品的替代品",
    openapi_extra=EXTRA,
)
def save_item_substitutes(request: ApiRequest, item_id: int, body: SubstitutesAsked) -> object:
    actor = request.auth
    drafts = [SubstituteDraft(**dict(one)) for one in body.substitutes]
    once(
        key_in(request),
        "item.substitutes",
        (item_id, body.version, drafts),
        lambda: catalog.save_substitutes(item_id, body.version, drafts, actor=actor),
        lambda found: queries.item_head(actor, found),
    )
    return catalog.substitutes(actor, item_id)
