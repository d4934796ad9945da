"""A browser as the server sees one: the test client would keep a copy of every template's context,
which costs a third of a page's time and is garbage that no server has."""

from typing import Any, cast

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.test import RequestFactory

from tests.conftest import BookClient


class Visitor:
    """Someone who is logged in already, through `web`, and looks at pages."""

    def __init__(self, web: BookClient) -> None:
        self._handler = WSGIHandler()
        self._inside = f"/b/{web.code}"
        self._cookie = "; ".join(f"{key}={morsel.value}" for key, morsel in web.cookies.items())

    def get(self, address: str) -> HttpResponse:
        """The whole answer, as the server would have sent it."""
        request = RequestFactory().get(self._inside + address, HTTP_COOKIE=self._cookie)
        answer = cast(HttpResponse, self._handler(request.environ, _sent))
        answer.close()
        return answer


def _sent(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
    """What a server would do with the head of an answer."""
