"""What a page is asked: who asks, and what a refusal looks like."""

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django_htmx.middleware import HtmxDetails

from hengcang.books.where import Place
from hengcang.identity.queries import actor_of
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.kernel.refusals import HTTP_STATUS, sentence

API_PATH = "/api/"
MAX_BODY_BYTES = 5 * 1024 * 1024
FILES_PATH = "/attachments"
MAX_FILES_BYTES = 64 * 1024 * 1024  # a few at once; each has its own limit
SWAPPED = frozenset({409, 422})  # htmx takes these answers for a form shown again
HEADINGS = {403: "没有权限", 404: "没有这一页", 409: "现在不能这样做", 413: "内容过大"}


class Request(HttpRequest):
    """A request of somebody logged in, inside a book."""

    actor: Actor
    book: Place
    htmx: HtmxDetails


class ActorMiddleware:
    """Pages know who acts, and a refusal that no page caught becomes an answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Before anything reads the body: Django's own answer would be an English 400.
        length = _length(request)
        if request.path_info.endswith(FILES_PATH):
            if length > MAX_FILES_BYTES:
                return _too_large(request, MAX_FILES_BYTES)
        elif length > MAX_BODY_BYTES and (_is_page(request) or _has_files(request)):
            return _too_large(request, MAX_BODY_BYTES)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, arguments: Any, named: Any
    ) -> HttpResponseBase | None:
        if _is_page(request) and request.user.is_authenticated:
            cast(Request, request).actor = actor_of(request.user)
        return None

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        if isinstance(exception, Refused) and _is_page(request):
            return refusal_page(request, exception)
        return None


def refusal_page(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The sentence as an error page; for htmx as a message in the corner, nothing is replaced."""
    status, text = HTTP_STATUS[refusal.code], sentence(refusal)
    if getattr(request, "htmx", False) and status in SWAPPED:
        message = format_html('<div class="alert bad" role="alert" data-sentence>{}</div>', text)
        headers = {"HX-Retarget": ".toasts", "HX-Reswap": "beforeend"}
        return HttpResponse(message, status=status, headers=headers)
    context = {
        "status": status,
        "heading": HEADINGS.get(status, "操作未完成"),
        "sentence": text,
        "home_url": reverse("home"),
    }
    return render(request, "pages/error.html", context, status=status)


def _too_large(request: HttpRequest, limit: int) -> HttpResponse:
    """413 as the reader of the address expects it: a page, or the one shape of the API."""
    refusal = Refused("body_too_large", limit_mb=limit // 1024**2)
    if _is_page(request):
        return refusal_page(request, refusal)
    body = {"code": refusal.code, "message": sentence(refusal), "facts": refusal.facts}
    return JsonResponse(
        body, status=HTTP_STATUS[refusal.code], json_dumps_params={"ensure_ascii": False}
    )


def _has_files(request: HttpRequest) -> bool:
    """A form with files goes to disk while it is read, so nothing else would stop it."""
    return request.content_type == "multipart/form-data"


def _length(request: HttpRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isdecimal() else 0


def _is_page(request: HttpRequest) -> bool:
    return hasattr(request, "book") and not request.path_info.startswith(API_PATH)
