"""Who may give whom which rights: nobody raises himself, or acts through one who may more."""

from collections.abc import Collection

from hengcang.identity.access import demand
from hengcang.identity.models import User
from hengcang.identity.permissions import label
from hengcang.identity.queries import actor_of
from hengcang.identity.roles import ADMINISTRATION
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused

INDISPENSABLE = ("role.manage", "user.manage")


def demand_account(actor: Actor, user: User) -> None:
    """The actor may rename, scope, disable or give a password to this user.

    Whoever sets a password can log in with it: hence administrators only by those who hold their
    administrative rights too. Raises Refused("forbidden").
    """
    demand(actor, "user.manage")
    for permission in sorted(actor_of(user).permissions & ADMINISTRATION):
        demand(actor, permission)


def refuse_places_beyond(actor: Actor, warehouse_ids: Collection[int] | None) -> None:
    """Raises Refused("not_found") for a scope wider than the actor's own."""
    if actor.warehouse_ids is None:
        return
    if warehouse_ids is None or not actor.warehouse_ids.issuperset(warehouse_ids):
        raise Refused("not_found", "warehouse_ids", what="仓库")


def refuse_raised(actor: Actor) -> None:
    """Raises Refused("own_rights") when what was written gave the actor more than before."""
    user = User.objects.filter(id=actor.id).first()
    if user is not None and exceeds(actor_of(user), actor):
        raise Refused("own_rights")


def exceeds(one: Actor, other: Actor) -> bool:
    """Whether `one` may, sees or reaches anything that `other` does not."""
    if other.omnipotent:
        return False
    wider = other.warehouse_ids is not None and (
        one.warehouse_ids is None or not one.warehouse_ids <= other.warehouse_ids
    )
    freer = other.own_partners_only and not one.own_partners_only
    return (
        wider
        or freer
        or not one.permissions <= other.permissions
        or not one.field_classes <= other.field_classes
    )


def refuse_unmanaged(had: Collection[str]) -> None:
    """Raises Refused("last_administrator") when nobody is left who may manage users or roles."""
    for permission in INDISPENSABLE:
        holders = User.objects.filter(is_active=True, roles__permissions__contains=[permission])
        if permission in had and not holders.exists():
            raise Refused("last_administrator", permission_label=label(permission))
