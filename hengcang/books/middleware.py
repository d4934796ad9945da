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
from hengcang.kernel.errors import Refused
from hengcang.kernel.refusals import HTTP_STATUS, sentence

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
            return _refuse(request, "no_such_place")
        if inside and inside[2] is None:
            return _redirect(request.path + "/")
        try:
            place = place_of(code)
        except UnknownBook:
            return _refuse(request, "no_such_place")
        if closed := CLOSED.get(place.state):
            return _refuse(request, closed)
        return self._inside(request, place, inside[2] if inside else None)

    def _without_book(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing further inside is asked: sessions and users live in books."""
        if request.path_info.startswith(API_PATH):
            return _refuse(request, "no_api_key")
        try:
            match = resolve(request.path_info, "hengcang.books.urls")
        except Resolver404:
            return _refuse(request, "no_such_place")
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


CLOSED: dict[str, str] = {
    BookState.ARCHIVED: "book_archived",
    BookState.UPGRADING: "book_upgrading",
    BookState.TEMPLATE: "no_such_place",
}


def _book_of_key(request: HttpRequest) -> str | None:
    """The book part of an API key; whether the key is good is for the API to find out."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    key = token.strip() if scheme.lower() == "bearer" else request.headers.get("X-API-Key", "")
    match = API_KEY.match(key)
    return match[1] if match else None


def _refuse(request: HttpRequest, code: str) -> HttpResponse:
    refusal = Refused(code)
    status, message = HTTP_STATUS[code], sentence(refusal)
    if API_PATH in request.path_info:
        response: HttpResponse = JsonResponse(
            {"code": code, "message": message, "facts": {}},
            status=status,
            json_dumps_params={"ensure_ascii": False},
        )
    else:
        response = render(request, "books/closed.html", {"message": message}, status=status)
    if code == "book_upgrading":
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    if code == "no_api_key":
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
