"""What administrators do with users, roles and keys."""

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now

from hengcang.compliance import audit
from hengcang.compliance.audit import Subject
from hengcang.identity import grants, queries
from hengcang.identity.access import demand
from hengcang.identity.models import ApiKey, Role, SetupToken, User
from hengcang.identity.permissions import PERMISSIONS
from hengcang.identity.roles import TEMPLATES
from hengcang.kernel.actor import SYSTEM, Actor, FieldClass
from hengcang.kernel.errors import Refused

# Nothing invisible and no letters of other scripts: two names that look alike are one person's.
USERNAME = re.compile(r"[0-9A-Za-z\u4e00-\u9fff._@-]{1,40}")


@dataclass(frozen=True, slots=True)
class UserDraft:
    """A user as an administrator fills it in."""

    username: str
    name: str
    role_codes: tuple[str, ...]
    warehouse_ids: tuple[int, ...] | None = None
    password: str | None = None


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A fresh API key. The secret is shown once and cannot be read again."""

    id: int
    secret: str


@transaction.atomic
def copy_role_templates() -> None:
    """Every role template stands in the book; a role that exists already keeps its own rights."""
    Role.objects.bulk_create(
        [
            Role(
                code=t.code,
                name=t.name,
                permissions=sorted(set(t.permissions)),
                field_classes=list(t.field_classes),
                own_partners_only=t.own_partners_only,
            )
            for t in TEMPLATES
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def create_user(draft: UserDraft, *, actor: Actor) -> User:
    """A new user exists. Roles are given by those who manage roles, places by those who reach them.

    Raises Refused: forbidden, not_found, username_invalid, username_taken, password_weak,
    role_unknown.
    """
    demand(actor, "user.manage")
    if draft.role_codes:
        demand(actor, "role.manage")
    grants.refuse_places_beyond(actor, draft.warehouse_ids)
    return _insert_user(draft, actor)


@transaction.atomic
def change_user(user_id: int, draft: UserDraft, *, actor: Actor) -> User:
    """Name, roles, scope (and password when given) are as drafted.

    Raises the codes of create_user, not_found, own_rights, last_administrator.
    """
    user = _user(user_id)
    before, roles = queries.actor_of(user), _roles(draft.role_codes)
    changes_roles = set(roles) != set(user.roles.all())
    if changes_roles:
        demand(actor, "role.manage")
    if not changes_roles or _changes_account(user, draft):
        grants.demand_account(actor, user)
    _write_account(user, draft, actor)
    user.roles.set(roles)
    grants.refuse_raised(actor)
    grants.refuse_unmanaged(before.permissions)
    audit.record(
        actor, "user.change", Subject("user", user.pk, user.username), roles=list(draft.role_codes)
    )
    return user


def _changes_account(user: User, draft: UserDraft) -> bool:
    named = (user.name, user.warehouse_ids) != (draft.name, _scope(draft))
    return named or draft.password is not None


def _write_account(user: User, draft: UserDraft, actor: Actor) -> None:
    if user.warehouse_ids != _scope(draft):
        grants.refuse_places_beyond(actor, draft.warehouse_ids)
    user.name, user.warehouse_ids = draft.name, _scope(draft)
    if draft.password is not None:
        _set_password(user, draft.password)
        user.must_change_password = user.pk != actor.id
    user.save(update_fields=["name", "warehouse_ids", "password", "must_change_password"])


@transaction.atomic
def disable_user(user_id: int, *, actor: Actor) -> None:
    """The user can no longer log in, nor do the user's keys work.

    Raises forbidden, not_found, own_account, last_administrator.
    """
    demand(actor, "user.manage")
    if user_id == actor.id:
        raise Refused("own_account")
    user = _user(user_id)
    grants.demand_account(actor, user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    grants.refuse_unmanaged(queries.actor_of(user).permissions)
    ApiKey.objects.filter(user=user, revoked_at=None).update(revoked_at=Now())
    audit.record(actor, "user.disable", Subject("user", user.pk, user.username))


@transaction.atomic
def enable_user(user_id: int, *, actor: Actor) -> None:
    """The user can log in again, with the old password. Raises forbidden, not_found."""
    demand(actor, "user.manage")
    user = _user(user_id)
    grants.demand_account(actor, user)
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.record(actor, "user.enable", Subject("user", user.pk, user.username))


@transaction.atomic
def change_own_password(user: User, password: str, *, actor: Actor) -> None:
    """The user's password is new. Raises Refused("password_weak")."""
    _set_password(user, password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    audit.record(actor, "user.change_password", Subject("user", user.pk, user.username))


@transaction.atomic
def keep_usual_warehouse(warehouse_id: int | None, *, actor: Actor) -> None:
    """The actor's new documents start there; places.actions says whether they may."""
    User.objects.filter(pk=actor.id).update(usual_warehouse_id=warehouse_id)


@transaction.atomic
def change_role(
    role_id: int,
    permissions: Sequence[str],
    field_classes: Sequence[FieldClass],
    *,
    actor: Actor,
) -> Role:
    """The role grants exactly these.

    Raises Refused: forbidden, not_found, permission_unknown, own_rights, last_administrator.
    """
    demand(actor, "role.manage")
    unknown = sorted(set(permissions) - set(PERMISSIONS))
    if unknown:
        raise Refused("permission_unknown", "permissions", permission=unknown[0])
    role = Role.objects.select_for_update().filter(id=role_id).first()
    if role is None:
        raise Refused("not_found", what="角色")
    before = frozenset(role.permissions)
    role.permissions, role.field_classes = sorted(permissions), sorted(field_classes)
    role.save(update_fields=["permissions", "field_classes"])
    grants.refuse_raised(actor)
    grants.refuse_unmanaged(before)
    audit.record(
        actor,
        "role.change",
        Subject("role", role.pk, role.name),
        permissions=role.permissions,
        field_classes=role.field_classes,
    )
    return role


@transaction.atomic
def issue_api_key(user_id: int, name: str, expires_on: date, *, actor: Actor) -> IssuedKey:
    """A key that acts with the user's rights exists; only the hash of its secret is kept.

    Raises Refused: forbidden, not_found, key_exceeds (whoever holds the key is that user).
    """
    demand(actor, "api_key.manage")
    user = _user(user_id)
    if grants.exceeds(queries.actor_of(user), actor):
        raise Refused("key_exceeds", "user", name=user.name)
    secret = secrets.token_urlsafe(32).replace("_", "-")
    key = ApiKey.objects.create(
        user=user,
        name=name,
        secret_sha256=hashlib.sha256(secret.encode()).hexdigest(),
        expires_on=expires_on,
    )
    audit.record(actor, "api_key.issue", Subject("api_key", key.pk, name), user=user.username)
    return IssuedKey(key.pk, secret)


@transaction.atomic
def revoke_api_key(key_id: int, *, actor: Actor) -> None:
    """The key no longer works. Raises Refused: forbidden, not_found."""
    demand(actor, "api_key.manage")
    key = ApiKey.objects.filter(id=key_id, revoked_at=None).first()
    if key is None:
        raise Refused("not_found", what="API 密钥")
    ApiKey.objects.filter(id=key_id).update(revoked_at=Now())
    audit.record(actor, "api_key.revoke", Subject("api_key", key.pk, key.name))


@transaction.atomic
def offer_setup() -> str:
    """A fresh one-time secret for the first-run wizard; earlier unused ones stop working."""
    if not queries.is_unclaimed():
        raise Refused("already_set_up")
    SetupToken.objects.filter(used_at=None).delete()
    secret = secrets.token_urlsafe(24)
    SetupToken.objects.create(secret_sha256=hashlib.sha256(secret.encode()).hexdigest())
    return secret


@transaction.atomic
def claim_book(setup_secret: str, draft: UserDraft) -> User:
    """The first user exists, as owner and administrator, and the token is spent.

    Raises Refused: setup_token_invalid, password_weak.
    """
    token = queries.open_setup_token(setup_secret)
    if token is None:
        raise Refused("setup_token_invalid")
    if not SetupToken.objects.filter(id=token.pk, used_at=None).update(used_at=Now()):
        raise Refused("setup_token_invalid")  # somebody else was quicker
    return _insert_user(draft, SYSTEM)


@transaction.atomic
def provide_user(draft: UserDraft) -> User:
    """The user exists with these roles and this password: for the command line of the host.

    Raises Refused: password_weak, role_unknown.
    """
    existing = User.objects.filter(username=draft.username).first()
    if existing is None:
        return _insert_user(draft, SYSTEM)
    return change_user(existing.pk, draft, actor=SYSTEM)


def _insert_user(draft: UserDraft, actor: Actor) -> User:
    if not USERNAME.fullmatch(draft.username):
        raise Refused("username_invalid", "username", text=draft.username[:40])
    if User.objects.filter(username__iexact=draft.username).exists():
        raise Refused("username_taken", "username", username=draft.username)
    user = User(username=draft.username, name=draft.name, warehouse_ids=_scope(draft))
    _set_password(user, draft.password or "")
    user.must_change_password = actor.id != SYSTEM.id
    user.save()
    user.roles.set(_roles(draft.role_codes))
    audit.record(
        actor, "user.create", Subject("user", user.pk, user.username), roles=list(draft.role_codes)
    )
    return user


def _set_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as problem:
        raise Refused("password_weak", "password", reason="；".join(problem.messages)) from None
    user.set_password(password)


def _roles(codes: tuple[str, ...]) -> list[Role]:
    found = list(Role.objects.filter(code__in=codes))
    unknown = sorted(set(codes) - {role.code for role in found})
    if unknown:
        raise Refused("role_unknown", "roles", role=unknown[0])
    return found


def _scope(draft: UserDraft) -> list[int] | None:
    return None if draft.warehouse_ids is None else sorted(draft.warehouse_ids)


def _user(user_id: int) -> User:
    user = User.objects.select_for_update().filter(id=user_id).first()
    if user is None:
        raise Refused("not_found", what="用户")
    return user
