"""Nobody raises himself, and nobody acts through somebody who may more."""

from typing import Any

import pytest

from hengcang.books.models import Book
from hengcang.identity import actions
from hengcang.identity.actions import UserDraft
from hengcang.identity.models import Role, User
from hengcang.identity.queries import actor_of
from hengcang.kernel.errors import Refused
from tests.api.clients import api_as, api_of, user_with
from tests.worlds import TODAY, World

PASSWORD = "mu-tou-ren-1979"


@pytest.fixture
def boss(company: World) -> User:
    return user_with("OWNER", "SYSTEM_ADMIN", name="boss")


@pytest.fixture
def technician(boss: User) -> User:
    return user_with("SYSTEM_ADMIN", name="technician")


@pytest.fixture
def guard(boss: User) -> User:
    return user_with("SECURITY_ADMIN", name="guard")


def draft(user: User, *roles: str, **more: Any) -> UserDraft:
    return UserDraft(user.username, user.name, roles, **more)


def refused(act: Any, *arguments: Any, actor: User) -> str:
    with pytest.raises(Refused) as refusal:
        act(*arguments, actor=actor_of(actor))
    return refusal.value.code


def test_a_system_administrator_gives_no_roles(technician: User, boss: User) -> None:
    own = draft(technician, "SYSTEM_ADMIN", "OWNER")
    assert refused(actions.change_user, technician.pk, own, actor=technician) == "forbidden"
    made = UserDraft("puppet", "傀儡", ("OWNER",), password=PASSWORD)
    assert refused(actions.create_user, made, actor=technician) == "forbidden"
    plain = UserDraft("new", "新人", (), password=PASSWORD)
    assert actions.create_user(plain, actor=actor_of(technician)).pk


def test_an_owners_account_is_not_a_system_administrators(technician: User, boss: User) -> None:
    taken = draft(boss, "OWNER", "SYSTEM_ADMIN", password=PASSWORD)
    assert refused(actions.change_user, boss.pk, taken, actor=technician) == "forbidden"
    assert refused(actions.disable_user, boss.pk, actor=technician) == "forbidden"
    keeper = user_with("STOREKEEPER", name="keeper")
    reset = draft(keeper, "STOREKEEPER", password=PASSWORD)
    assert actions.change_user(keeper.pk, reset, actor=actor_of(technician)).must_change_password


def test_a_key_never_speaks_for_somebody_who_may_more(
    book: Book, technician: User, boss: User
) -> None:
    body = {"user_id": boss.pk, "name": "x", "expires_on": str(TODAY.replace(year=2027))}
    answer = api_of(book.code, technician).post("/api-keys", body)
    assert (answer.status_code, answer.json()["code"]) == (403, "key_exceeds")
    assert api_of(book.code, boss).post("/api-keys", body).status_code == 201


def test_a_security_administrator_gives_roles_but_not_to_himself(guard: User, boss: User) -> None:
    keeper = user_with("STOREKEEPER", name="keeper")
    actions.change_user(keeper.pk, draft(keeper, "SALES"), actor=actor_of(guard))
    assert [role.code for role in keeper.roles.all()] == ["SALES"]
    renamed = UserDraft("keeper", "别名", ("SALES",))
    assert refused(actions.change_user, keeper.pk, renamed, actor=guard) == "forbidden"
    own = draft(guard, "SECURITY_ADMIN", "OWNER")
    assert refused(actions.change_user, guard.pk, own, actor=guard) == "own_rights"
    role = Role.objects.get(code="SECURITY_ADMIN")
    more = ["role.manage", "user.manage"]
    assert refused(actions.change_role, role.pk, more, [], actor=guard) == "own_rights"


def test_somebody_always_manages_users_and_roles(boss: User) -> None:
    own = draft(boss, "BUYER")
    assert refused(actions.change_user, boss.pk, own, actor=boss) == "last_administrator"
    role = Role.objects.get(code="OWNER")
    assert refused(actions.change_role, role.pk, ["item.view"], [], actor=boss) == (
        "last_administrator"
    )


def test_a_scope_is_no_wider_than_its_givers(company: World) -> None:
    near, far = (place.pk for place in company.warehouses)
    local = user_with("OWNER", name="local", warehouse_ids=[near])
    for scope in (None, (near, far)):
        new = UserDraft("new", "新人", (), scope, PASSWORD)
        assert refused(actions.create_user, new, actor=local) == "not_found"
    assert actions.create_user(
        UserDraft("new", "新人", (), (near,), PASSWORD), actor=actor_of(local)
    ).warehouse_ids == [near]


def test_the_pages_of_users_open_to_both_administrators(book: Book, boss: User) -> None:
    for role in ("SYSTEM_ADMIN", "SECURITY_ADMIN"):
        assert api_as(book.code, role).get("/users").status_code == 200
    assert api_as(book.code, "STOREKEEPER").get("/users").status_code == 403


@pytest.mark.parametrize(
    "name", ["boss\u200b", "b\u043ess", "BOSS", "boss ", "b\u202ess", "", "<b>"]
)
def test_no_user_name_looks_like_anothers(boss: User, name: str) -> None:
    new = UserDraft(name, "某人", (), password=PASSWORD)
    assert refused(actions.create_user, new, actor=boss) in ("username_invalid", "username_taken")
