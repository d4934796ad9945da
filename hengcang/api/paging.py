"""Pages by key: a page starts after the last row seen, however many rows came before it."""

import base64
import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Generic, TypeVar

from pydantic import Field

from hengcang.api.shapes import Asked, Told
from hengcang.kernel.errors import Refused

T = TypeVar("T")
MAX_LIMIT = 200


class Paged(Asked):
    """Which page: `next` as the page before gave it."""

    limit: int = Field(50, ge=1, le=MAX_LIMIT)
    next: str = Field("", max_length=400, description="上一页返回的标记；不填为第一页。")


class Page(Told, Generic[T]):
    """一页数据；next 为 null 时没有下一页。"""

    rows: list[T]
    next: str | None


def cut(rows: Sequence[T], limit: int, key: Callable[[T], tuple[object, ...]]) -> dict[str, Any]:
    """The page of rows that were read one more than asked for, and the mark of the next page."""
    shown = list(rows[:limit])
    more = len(rows) > limit
    return {"rows": shown, "next": mark(key(shown[-1])) if more else None}


def mark(key: tuple[object, ...]) -> str:
    """An opaque mark of a row's key."""
    text = json.dumps([str(part) if isinstance(part, date) else part for part in key])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def key_of(mark: str, *kinds: type) -> tuple[Any, ...] | None:
    """The key behind a mark, None for the first page. Raises Refused("field_invalid")."""
    if not mark:
        return None
    try:
        parts = json.loads(base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)))
        if not isinstance(parts, list):
            raise ValueError
        return tuple(_part(kind, part) for kind, part in zip(kinds, parts, strict=True))
    except (ValueError, TypeError):
        raise Refused(
            "field_invalid", "next", what="下一页标记", reason="请用上一页返回的 next。"
        ) from None


def _part(kind: type, part: object) -> object:
    if kind is date and isinstance(part, str):
        return date.fromisoformat(part)
    fits = type(part) is kind and (kind is not int or abs(int(str(part))) < 2**63)
    if not fits or "\0" in str(part):
        raise ValueError
    str(part).encode()  # a lone surrogate is a ValueError
    return part
