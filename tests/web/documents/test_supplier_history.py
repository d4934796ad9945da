"""The history of a supplier on one page."""

from tests.conftest import BookClient
from tests.documents.trade import received, sent_back
from tests.web.conftest import Login
from tests.worlds import world


def test_all_there_has_been_is_on_one_page(web: BookClient, login: Login) -> None:
    made = world()
    sent_back(made, received(made, "10", "7.31"), "1")
    login()
    card = web.get(f"/suppliers/{made.supplier.pk}").content.decode()
    path = f"/suppliers/{made.supplier.pk}/history"
    assert path in card
    assert "质量 50" in card
    page = web.get(path).content.decode()
    for text in (
        "B 良好",
        "综合评分",
        "退货占入库金额 10.0%",
        "CGRK202611-0001",
        "CGTH202611-0001",
    ):
        assert text in page
    assert "7.31" in page


def test_who_sees_no_costs_sees_no_price(web: BookClient, login: Login) -> None:
    made = world()
    received(made, "10", "7.31")
    login("STOREKEEPER")
    page = web.get(f"/suppliers/{made.supplier.pk}/history").content.decode()
    assert "7.31" not in page
    assert "73.10" not in page
    assert "CGRK202611-0001" in page


def test_a_stranger_is_not_found_and_others_are_refused(web: BookClient, login: Login) -> None:
    world()
    login()
    assert web.get("/suppliers/999999/history").status_code == 404
    login("SECURITY_ADMIN")
    assert web.get("/suppliers/999999/history").status_code == 403
