"""The page where the substitutes of an item are written."""

import pytest

from hengcang.books.models import Book
from hengcang.catalog.models import Item, ItemSubstitute
from tests.conftest import BookClient
from tests.web.conftest import Login
from tests.worlds import World, world


@pytest.fixture
def shop(book: Book) -> World:
    return world(items=3)


def test_the_page(web: BookClient, login: Login, shop: World) -> None:
    login("OWNER")
    item = shop.items[0].pk
    path = f"/items/{item}/substitutes/change"
    version = str(Item.objects.get(pk=item).version)
    answer = web.post(path, {"lines": "S002，包装不同\nNOPE", "version": version})
    assert answer.status_code == 422
    assert "第 2 行" in answer.content.decode()
    assert not ItemSubstitute.objects.exists()
    typed = {"lines": "S002，包装不同\nS003，单向\n", "version": version}
    assert web.post(path, typed).status_code == 302
    assert web.post(path, typed).status_code == 409
    assert "S002，包装不同\nS003，，单向" in web.get(path).content.decode()
    assert f"/items/{item}/substitutes" in web.get(f"/items/{item}").content.decode()
    page = web.get(f"/items/{item}/substitutes").content.decode()
    assert "互相替代" in page
    assert "包装不同" in page
    login("SALES")
    assert web.get(path).status_code == 403
    assert "S003" in web.get(f"/items/{item}/substitutes").content.decode()
    peek = web.get(f"/peek/stock?item={item}").content.decode()
    assert "替代品" in peek
    assert "包装不同" in peek
