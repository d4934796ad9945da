"""A browser that is logged in, and a clock that stands still."""

from collections.abc import Callable

import pytest

from hengcang.identity.models import Role, User
from hengcang.identity.roles import TEMPLATES
from hengcang.web import clock
from tests.conftest import BookClient
from tests.worlds import TODAY

Login = Callable[..., User]


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture
def login(web: BookClient) -> Login:
    """Logs the client in as a new user of a role template: login("SALES", warehouse_ids=[1])."""

    def log_in(role: str = "OWNER", *, warehouse_ids: list[int] | None = None) -> User:
        template = next(t for t in TEMPLATES if t.code == role)
        made, _ = Role.objects.get_or_create(
            code=template.code,
            defaults={
                "name": template.name,
                "permissions": list(template.permissions),
                "field_classes": list(template.field_classes),
                "own_partners_only": template.own_partners_only,
            },
        )
        user = User.objects.create(
            username=f"{role.lower()}{User.objects.count()}",
            name="陈晓雯",
            warehouse_ids=warehouse_ids,
        )
        user.roles.add(made)
        web.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return user

    return log_in
