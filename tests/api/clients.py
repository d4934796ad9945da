"""Programs that talk to the API of a test book, one per role."""

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.test import Client

from hengcang.identity import actions
from hengcang.identity.models import Role, User
from hengcang.kernel.actor import SYSTEM

FOREVER = date(2027, 11, 24)


@dataclass
class Api:
    """Sends JSON with a key of the book to the root path, or whatever `prefix` says."""

    book: str
    key: str = ""
    prefix: str = "/api/v1"
    client: Client = field(default_factory=Client)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """`body` is sent as JSON unless it is text already; `idempotency_key=` is a header."""
        raw = body if isinstance(body, str | bytes) else json.dumps(body, default=str)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.key:
            sent["Authorization"] = f"Bearer {self.key}"
        data, kind = ("", "") if body is None else (raw, "application/json")
        return self.client.generic(method, self.prefix + path, data, kind, headers=sent)

    def get(self, path: str) -> Any:
        return self.send("GET", path)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> Any:
        return self.send("PUT", path, body, **headers)

    def made(self, path: str, body: Any, **headers: str) -> dict[str, Any]:
        """The body of an answer that must be good."""
        response = self.post(path, body, **headers)
        assert response.status_code in (200, 201), response.content.decode()
        found: dict[str, Any] = response.json()
        return found

    def told(self, path: str) -> Any:
        response = self.get(path)
        assert response.status_code == 200, response.content.decode()
        return response.json()


def user_with(*roles: str, name: str = "", warehouse_ids: list[int] | None = None) -> User:
    """A user of the book with these roles, who has no password."""
    actions.copy_role_templates()
    username = name or "_".join(roles).lower()
    user = User.objects.create(
        username=username, name=username, password="!", warehouse_ids=warehouse_ids
    )
    user.roles.set(Role.objects.filter(code__in=roles))
    return user


def api_of(book: str, user: User) -> Api:
    """The API as a program with a key of this user sees it."""
    issued = actions.issue_api_key(user.pk, "测试", FOREVER, actor=SYSTEM)
    return Api(book, f"hc_{book}_{issued.id}_{issued.secret}")


def api_as(book: str, *roles: str, warehouse_ids: list[int] | None = None) -> Api:
    """A program of a fresh user with these roles."""
    return api_of(book, user_with(*roles, warehouse_ids=warehouse_ids))
