"""A request names its book: in the path /b/<code>/…, or by the API key it carries."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, get_script_prefix, resolve, set_script_prefix

from hengcang.books.models import BookState
from hengcang.books.switch import using_book
from hengcang.books.where import Place, UnknownBook, place_of

BOOK_PATH = re.compile(r"^/b/([a-z0-9][a-z0-9-]{1,29})(/.*)?$")
API_KEY = re.compile(r"^hc_([a-z0-9][a-z0-9-]{1,29})_[^_]+_.+$")
API_PATH = "/api/"
RETRY_AFTER_SECONDS = 20

Answer = Callable[[HttpRequest], HttpResponseBase]


class BookMiddleware:
    """Everything inside runs with the request's book current and `request.book` set.

    An unknown book and one that may not be entered look the same; an archived one is gone (410),
    one being upgraded asks for patience (503).
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        inside = BOOK_PATH.match(request.path_info)
        named = _book_of_key(request)
        code = inside[1] if inside else named
        if code is None:
            return self._without_book(request)
        if inside and named and named != inside[1]:
            return _refuse(request, 404)
        if inside and inside[2] is None:
            return _redirect(request.path + "/")
        try:
            place = place_of(code)
        except UnknownBook:
            return _refuse(request, 404)
        if status := CLOSED.get(place.state):
            return _refuse(request, status)
        return self._inside(request, place, inside[2] if inside else None)

    def _without_book(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing further inside is asked: sessions and users live in books."""
        if request.path_info.startswith(API_PATH):
            return _refuse(request, 401)
        try:
            match = resolve(request.path_info, "hengcang.books.urls")
        except Resolver404:
            return _refuse(request, 404)
        answer: HttpResponseBase = match.func(request)
        return answer

    def _inside(self, request: HttpRequest, place: Place, path: str | None) -> HttpResponseBase:
        request.book = place  # type: ignore[attr-defined]
        outer = get_script_prefix()
        if path is not None:
            request.path_info = path
            set_script_prefix(f"{outer}b/{place.code}/")
        try:
            with using_book(place.code):
                response = self.get_response(request)
        finally:
            set_script_prefix(outer)
        if response.streaming:
            content: Iterable[bytes] = response.streaming_content  # type: ignore[attr-defined]
            response.streaming_content = _in_book(place.code, content)  # type: ignore[attr-defined]
        return response


class BookSessionMiddleware(SessionMiddleware):
    """The session cookie belongs to the book's path: one browser, two books, no mix-up."""

    def process_request(self, request: HttpRequest) -> None:
        if hasattr(request, "book"):
            super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if not hasattr(request, "session"):
            return response
        response = super().process_response(request, response)
        if cookie := response.cookies.get("hc_session"):
            cookie["path"] = f"/b/{request.book.code}/"  # type: ignore[attr-defined]
        return response


class PagesNeedLogin(LoginRequiredMiddleware):
    """Pages send a stranger to the login; the API answers 401 by itself."""

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if not hasattr(request, "book") or request.path_info.startswith(API_PATH):
            return None
        return super().process_view(request, view, args, kwargs)


CLOSED: dict[str, int] = {
    BookState.ARCHIVED: 410,
    BookState.UPGRADING: 503,
    BookState.TEMPLATE: 404,
}
WORDS = {
    401: ("unauthenticated", "请在请求头 Authorization: Bearer 或 X-API-Key 中提供 API 密钥"),
    404: ("not_found", "没有这个页面或账套，或者您无权进入"),
    410: ("book_archived", "此账套已归档，不能再进入；如需查看，请联系管理员恢复"),
    503: ("book_upgrading", "升级中，请稍后再试"),
}


def _book_of_key(request: HttpRequest) -> str | None:
    """The book part of an API key; whether the key is good is for the API to find out."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    key = token.strip() if scheme.lower() == "bearer" else request.headers.get("X-API-Key", "")
    match = API_KEY.match(key)
    return match[1] if match else None


def _refuse(request: HttpRequest, status: int) -> HttpResponse:
    code, message = WORDS[status]
    if API_PATH in request.path_info:
        response: HttpResponse = JsonResponse(
            {"code": code, "message": message, "facts": {}},
            status=status,
            json_dumps_params={"ensure_ascii": False},
        )
    else:
        response = render(request, "books/closed.html", {"message": message}, status=status)
    if status == 503:
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def _redirect(path: str) -> HttpResponse:
    return HttpResponse(status=308, headers={"Location": path})


def _in_book(code: str, content: Iterable[bytes]) -> Iterator[bytes]:
    """The same stream, each piece made with the book current again."""
    pieces = iter(content)
    while True:
        with using_book(code):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece
