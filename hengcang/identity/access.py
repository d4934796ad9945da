"""May this actor do this? The only place that answers."""

from hengcang.identity.permissions import label
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused


def demand(actor: Actor, permission: str, *, warehouse_id: int | None = None) -> None:
    """Refuse unless the actor holds the permission, here if a place is named.

    Raises Refused("forbidden"), or "not_found" for a place out of scope: the same answer as for
    a place that does not exist, so nothing leaks.
    """
    if not actor.may(permission):
        raise Refused("forbidden", permission=permission, permission_label=label(permission))
    if warehouse_id is not None and not actor.reaches(warehouse_id):
        raise Refused("not_found", "warehouse", what="仓库")
