"""The header of any document of a sale: the shared columns, and whose sale it is."""

from typing import Any

from hengcang.books.rows import one
from hengcang.documents.actions import trade_header_columns
from hengcang.documents.drafts import Draft
from hengcang.documents.following import following_header
from hengcang.identity.models import User
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.partners.models import Partner
from hengcang.sales.models import SalesChannel


def sale_header(draft: Draft, *, actor: Actor) -> dict[str, Any]:
    """The columns of a document of a sale but its sums. Without a salesperson: the customer's.

    Raises Refused: those of trade_header_columns, not_found (channel, salesperson),
    channel_inactive.
    """
    header = trade_header_columns(draft, "customer", actor=actor)
    return header | {
        "channel": _channel(draft.channel_id),
        "salesperson_id": _salesperson_id(draft.salesperson_id, header["partner"]),
    }


def following_sale_header(draft: Draft, document: Any) -> dict[str, Any]:
    """The same of a document that follows a loaded one: credited as its source is."""
    return following_header(draft, document, "customer") | {
        "channel_id": draft.channel_id,
        "salesperson_id": draft.salesperson_id,
    }


def _channel(channel_id: int | None) -> SalesChannel | None:
    if channel_id is None:
        return None
    channel = one(SalesChannel.objects.filter(id=channel_id))
    if channel is None:
        raise Refused("not_found", "channel", what="销售渠道")
    if not channel.is_active:
        raise Refused("channel_inactive", "channel", name=channel.name)
    return channel


def _salesperson_id(user_id: int | None, partner: Partner) -> int | None:
    own: int | None = partner.salesperson_id
    if user_id is None or user_id == own:
        return own
    if not User.objects.filter(id=user_id).exists():
        raise Refused("not_found", "salesperson", what="业务员")
    return user_id
