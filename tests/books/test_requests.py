"""A request works in the book it names; it learns nothing of any other."""

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import close_old_connections, connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import get_script_prefix

from hengcang.books import actions
from hengcang.books.middleware import BookMiddleware
from hengcang.books.models import Book
from hengcang.books.switch import current_book
from tests import databases


def database(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        return HttpResponse(cursor.fetchone()[0])


@pytest.fixture
def two_books(template: str) -> Iterator[list[Book]]:
    books = [databases.make_book(template) for _ in range(2)]
    yield books
    connection.close()
    for book in books:
        databases.drop_book(book)


def ask(path: str, view: Callable[[HttpRequest], HttpResponse] = database, *, key: str = "") -> str:
    request = RequestFactory().get(path, headers={"X-API-Key": key})
    response = BookMiddleware(view)(request)
    content = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    return str(content.decode())


def test_the_path_names_the_book(two_books: list[Book]) -> None:
    for book in two_books:
        assert ask(f"/b/{book.code}/items/") == book.database


def test_an_api_key_names_the_book(two_books: list[Book]) -> None:
    for book in two_books:
        key = f"hc_{book.code}_17_abc_DEF-9"
        request = RequestFactory().get("/api/v1/items", headers={"Authorization": f"Bearer {key}"})
        assert BookMiddleware(database)(request).content.decode() == book.database  # type: ignore[attr-defined]
        assert ask("/api/v1/items", key=key) == book.database


def test_a_key_of_one_book_does_not_open_another(two_books: list[Book]) -> None:
    one, other = two_books
    answer = ask(f"/b/{one.code}/api/v1/items", key=f"hc_{other.code}_1_x")
    assert json.loads(answer)["code"] == "no_such_place"


def test_requests_of_many_threads_stay_apart(two_books: list[Book]) -> None:
    start = threading.Barrier(8)

    def visit(number: int) -> list[bool]:
        start.wait()
        books = [two_books[(number + turn) % 2] for turn in range(30)]
        right = [ask(f"/b/{book.code}/") == book.database for book in books]
        connection.close()
        return right

    with ThreadPoolExecutor(8) as pool:
        assert all(right for rights in pool.map(visit, range(8)) for right in rights)


def test_inside_a_book_addresses_carry_its_path(two_books: list[Book]) -> None:
    book = two_books[0]
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append((request.path, request.path_info, get_script_prefix(), current_book.get()))
        return HttpResponse()

    ask(f"/b/{book.code}/items/7/", view)
    assert seen == [(f"/b/{book.code}/items/7/", "/items/7/", f"/b/{book.code}/", book.code)]
    assert get_script_prefix() == "/"
    assert current_book.get(None) is None


def test_a_stream_is_read_in_its_book(two_books: list[Book]) -> None:
    book = two_books[0]

    def view(request: HttpRequest) -> HttpResponse:
        lines = (database(request).content for _ in range(3))
        return StreamingHttpResponse(lines)  # type: ignore[return-value]

    assert ask(f"/b/{book.code}/", view) == book.database * 3


def test_unknown_and_template_books_look_the_same(two_books: list[Book]) -> None:
    code = two_books[0].code
    actions.make_template(code, by="test")
    client = Client()
    unknown, hidden = client.get("/b/no-such-book/"), client.get(f"/b/{code}/")
    assert (unknown.status_code, hidden.status_code) == (404, 404)
    assert unknown.content == hidden.content


def test_an_archived_book_is_gone_and_one_being_upgraded_asks_for_patience(
    two_books: list[Book],
) -> None:
    archived, upgrading = two_books
    actions.archive_book(archived.code, by="test")
    Book.objects.filter(code=upgrading.code).update(state="upgrading")
    client = Client()
    assert client.get(f"/b/{archived.code}/").status_code == 410
    patience = client.get(f"/b/{upgrading.code}/")
    assert (patience.status_code, patience["Retry-After"]) == (503, "20")
    assert "升级中" in patience.content.decode()


def test_the_api_without_a_key_says_401_in_its_own_shape(template: str) -> None:
    response = Client().get("/api/v1/items")
    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")
    assert set(response.json()) == {"code", "message", "facts"}


def test_the_first_page_asks_for_a_book_and_names_none(two_books: list[Book]) -> None:
    client = Client()
    page = client.get("/")
    assert page.status_code == 200
    assert not any(book.code in page.content.decode() for book in two_books)
    assert client.get("/", {"code": two_books[0].code})["Location"] == f"/b/{two_books[0].code}/"
    assert client.get("/", {"code": "../etc"}).status_code == 422


def test_every_answer_carries_the_content_policy(template: str) -> None:
    policy = Client().get("/")["Content-Security-Policy"]
    assert "script-src 'self' 'wasm-unsafe-eval'" in policy
    assert "unsafe-inline" not in policy


def test_after_a_request_its_connection_is_back_in_the_pool(two_books: list[Book]) -> None:
    for book in (*two_books, *two_books):
        ask(f"/b/{book.code}/")
        assert connection.connection is not None
        close_old_connections()  # Django does so after each request, outside any book
        assert connection.connection is None
