"""Who asks: an API key, or a person logged in to the book. All others get 401, no redirect."""

import re
from typing import Any

from django.http import HttpRequest
from django.utils.timezone import localdate
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from hengcang.identity import queries
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused

KEY = re.compile(r"hc_([a-z0-9-]{2,30})_([1-9][0-9]{0,17})_([A-Za-z0-9-]{20,100})", re.ASCII)
BEARER = "bearer"


class ApiRequest(HttpRequest):
    """A request inside the API: `auth` is the actor, read anew for every request."""

    auth: Actor
    book: Any


class BearerKey(AuthBase):
    """The key in `Authorization: Bearer hc_…`."""

    openapi_type = "http"
    openapi_scheme = BEARER
    openapi_description = "API 密钥 hc_账套_编号_密文，写在 Authorization: Bearer 之后。"

    def __call__(self, request: HttpRequest) -> Actor | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        return _holder(request, token.strip()) if scheme.lower() == BEARER else None


class HeaderKey(AuthBase):
    """The key in `X-API-Key: hc_…`."""

    openapi_type = "apiKey"
    openapi_in = "header"
    openapi_name = "X-API-Key"
    openapi_description = "API 密钥 hc_账套_编号_密文。"

    def __call__(self, request: HttpRequest) -> Actor | None:
        return _holder(request, request.headers.get("X-API-Key", "").strip())


class Session(AuthBase):
    """The person logged in to the book's pages; whatever writes needs the page's CSRF token."""

    openapi_type = "apiKey"
    openapi_in = "cookie"
    openapi_name = "hc_session"
    openapi_description = "网页登录后的会话，仅用于 /b/账套/api/v1/；写操作另需 X-CSRFToken。"

    def __call__(self, request: HttpRequest) -> Actor | None:
        """Raises Refused: csrf_failed, password_change_required."""
        user: Any = request.user
        if not user.is_authenticated or _brings_key(request):
            return None
        if check_csrf(request):
            raise Refused("csrf_failed")
        if user.must_change_password:
            raise Refused("password_change_required")
        return queries.actor_of(user)


WAYS_IN = [BearerKey(), HeaderKey(), Session()]


def _brings_key(request: HttpRequest) -> bool:
    return "Authorization" in request.headers or "X-API-Key" in request.headers


def _holder(request: HttpRequest, key: str) -> Actor | None:
    """The actor for whom a valid key of this very book speaks."""
    match = KEY.fullmatch(key)
    book: Any = getattr(request, "book", None)
    if match is None or book is None or match[1] != book.code:
        return None
    user = queries.key_holder(int(match[2]), match[3], localdate())
    return None if user is None else queries.actor_of(user)
