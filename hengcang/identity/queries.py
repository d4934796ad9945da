"""Reads of users and roles."""

import hashlib
from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet

from hengcang.identity.access import demand
from hengcang.identity.models import ApiKey, Role, SetupToken, User
from hengcang.kernel.actor import Actor, FieldClass
from hengcang.kernel.errors import Refused


def actor_of(user: User) -> Actor:
    """What the user may do at this moment: grants are read anew, so that taking one away is
    immediate.
    """
    roles = list(user.roles.all())
    return Actor(
        id=user.pk,
        name=user.name or user.username,
        permissions=frozenset(p for role in roles for p in role.permissions),
        warehouse_ids=None if user.warehouse_ids is None else frozenset(user.warehouse_ids),
        field_classes=frozenset(FieldClass(c) for role in roles for c in role.field_classes),
        own_partners_only=bool(roles) and all(role.own_partners_only for role in roles),
        usual_warehouse_id=user.usual_warehouse_id,
    )


def key_holder(key_id: int, secret: str, on: date) -> User | None:
    """The active user for whom a valid key speaks; None when unknown, revoked or expired."""
    digest = hashlib.sha256(secret.encode()).hexdigest()
    key = (
        ApiKey.objects.filter(id=key_id, secret_sha256=digest, revoked_at=None, expires_on__gte=on)
        .select_related("user")
        .first()
    )
    return key.user if key and key.user.is_active else None


def users(actor: Actor) -> QuerySet[User]:
    """All users of the book by name.

    Raises Refused("forbidden") unless the actor manages users or roles.
    """
    if not actor.may("role.manage"):
        demand(actor, "user.manage")
    return User.objects.prefetch_related("roles").order_by("username")


def user(actor: Actor, user_id: int) -> User:
    """One user with roles. Raises Refused: forbidden as `users`, not_found."""
    found = users(actor).filter(id=user_id).first()
    if found is None:
        raise Refused("not_found", what="用户")
    return found


def names_of(actor: Actor, user_ids: Collection[int]) -> dict[int, str]:
    """The names of these users, for pages that say who did something."""
    assert actor is not None
    return dict(User.objects.filter(id__in=user_ids).values_list("id", "name"))


def colleagues(actor: Actor) -> list[tuple[int, str]]:
    """Id and name of all active users, by name: whose a sale may be."""
    assert actor is not None
    return list(User.objects.filter(is_active=True).order_by("name").values_list("id", "name"))


def salespeople(actor: Actor) -> QuerySet[User]:
    """Active users a partner may be given to, by name. Raises Refused without partner.save."""
    demand(actor, "partner.save")
    return User.objects.filter(is_active=True).order_by("name")


def roles(actor: Actor) -> QuerySet[Role]:
    """All roles of the book.

    Raises Refused("forbidden") unless the actor manages users or roles.
    """
    if not actor.may("role.manage"):
        demand(actor, "user.manage")
    return Role.objects.order_by("id")


def role(actor: Actor, role_id: int) -> Role:
    """One role. Raises Refused: forbidden unless the actor manages users or roles, not_found."""
    found = roles(actor).filter(id=role_id).first()
    if found is None:
        raise Refused("not_found", what="角色")
    return found


def active_users(actor: Actor) -> QuerySet[User]:
    """Users a key may speak for. Raises Refused("forbidden") without api_key.manage."""
    demand(actor, "api_key.manage")
    return User.objects.filter(is_active=True).order_by("username")


def api_keys(actor: Actor) -> QuerySet[ApiKey]:
    """Keys that are not revoked, newest first.

    Raises Refused("forbidden") without api_key.manage.
    """
    demand(actor, "api_key.manage")
    return ApiKey.objects.filter(revoked_at=None).select_related("user").order_by("-id")


def is_unclaimed() -> bool:
    """Whether the book has no user yet, so that the first-run wizard must run."""
    return not User.objects.exists()


def open_setup_token(secret: str) -> SetupToken | None:
    """The unused set-up token of this secret, if the book has no user yet."""
    if not is_unclaimed():
        return None
    digest = hashlib.sha256(secret.encode()).hexdigest()
    return SetupToken.objects.filter(secret_sha256=digest, used_at=None).first()
