"""复制: every kind whose lines stand for themselves starts again from an old document."""

from html import unescape

from hengcang.books.models import Book
from hengcang.stock.count_drafts import CountScope
from tests.conftest import BookClient
from tests.stock.counted import received, started
from tests.web.conftest import Login
from tests.web.documents.forms import form, htmx, line
from tests.web.masters.walks import with_costs
from tests.worlds import world


def test_every_kind_is_copied_but_an_arrival(book: Book, web: BookClient, login: Login) -> None:
    documents = with_costs(world())
    login()
    for plural, document_id in documents.items():
        page = unescape(web.get(f"/{plural}/{document_id}").content.decode())
        link = f"/{plural}/new?copy={document_id}"
        assert (link in page) == (plural != "transfer-receipts"), plural
        copy = web.get(link)
        assert copy.status_code == 200
        assert plural == "stock-counts" or "S001" in copy.content.decode(), plural


def test_a_count_of_chosen_items_is_copied_with_them(
    book: Book, web: BookClient, login: Login
) -> None:
    made = world()
    received(made, "3")
    count = started(made, scope=CountScope.ITEMS, item_ids=(made.items[0].pk,))
    login()
    page = web.get(f"/stock-counts/new?copy={count.pk}").content.decode()
    assert "S001" in page
    assert "S002" not in page


def test_a_refused_form_keeps_the_whole_head(book: Book, web: BookClient, login: Login) -> None:
    made = world()
    login()
    typed = form(made, "sales-quotes", line(made, quantity="-1"), valid_until="2026-12-30")
    answer = htmx(web, "/sales-quotes/new", typed)
    assert answer.status_code == 422
    assert "2026-12-30" in answer.content.decode()
