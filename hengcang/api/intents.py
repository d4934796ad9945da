"""Exactly once over HTTP: the client's UUID names an intent, whatever the verb."""

from collections.abc import Callable
from typing import Any, TypeVar, cast
from uuid import UUID, uuid4

from django.http import HttpRequest

from hengcang.documents.actions import derived_uuid
from hengcang.documents.attempts import action
from hengcang.documents.intents import claim, settle
from hengcang.kernel.errors import Refused

HEADER = "Idempotency-Key"
T = TypeVar("T")

EXTRA: dict[str, Any] = {
    "parameters": [
        {
            "in": "header",
            "name": HEADER,
            "required": False,
            "schema": {"type": "string", "format": "uuid", "title": "提交标识"},
            "description": (
                "客户端生成的 UUID。同一标识、同一内容再次提交，得到第一次的结果，不会重复入账；"
                "同一标识、另一内容，返回 422 intent_reused。不填时由服务器生成，重试不受保护。"
            ),
        }
    ]
}
"""What every operation that writes says of the header in the schema."""


def key_in(request: HttpRequest, in_body: UUID | None = None) -> UUID | None:
    """The client's UUID, from the header or else the body. Raises Refused("field_invalid")."""
    text = request.headers.get(HEADER)
    if text is None:
        return in_body
    try:
        key = UUID(text.strip())
    except ValueError:
        raise Refused("field_invalid", HEADER, what=HEADER, reason="应为 UUID。") from None
    if in_body is not None and in_body != key:
        raise Refused("field_invalid", HEADER, what=HEADER, reason="与 client_uuid 不一致。")
    return key


def key_for(request: HttpRequest, in_body: UUID | None = None) -> UUID:
    """As `key_in`; a fresh one where the client sent none."""
    return key_in(request, in_body) or uuid4()


@action
def once(
    key: UUID | None,
    verb: str,
    body: object,
    act: Callable[[], T],
    again: Callable[[int], T],
) -> T:
    """`act` was done, now or when the same key and body came before; then `again` finds its row.

    One transaction around everything `act` does. Raises Refused("intent_reused").
    """
    if key is None:
        return act()
    own = derived_uuid(key, "api")
    if (made := claim(own, verb, body)) is not None:
        return again(made)
    done = act()
    settle(own, verb[:40], cast(Any, done).pk)
    return done
