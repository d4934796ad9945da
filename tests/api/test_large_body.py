"""A body that is too large is refused in words, over real HTTP too."""

import http.client

from hengcang.books.models import Book
from tests.api.clients import api_as
from tests.api.servers import LOOPBACK, running
from tests.worlds import world


def test_ten_megabytes_hear_the_answer(fresh_book: Book) -> None:
    world()
    key = api_as(fresh_book.code, "OWNER").key
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    with running() as port:
        connection = http.client.HTTPConnection(LOOPBACK, port, timeout=60)
        connection.request("POST", "/api/v1/sales-orders", b"x" * 10 * 1024**2, headers)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
    assert response.status == 413
    assert "最多 5 MB" in text
