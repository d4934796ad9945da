"""What pages gave away, or fell over."""

import pytest

from hengcang.books.models import Book
from hengcang.ledger.models import PartnerBalance
from tests.conftest import BookClient
from tests.web.conftest import Login
from tests.worlds import World


@pytest.mark.parametrize("kind", ["purchase-orders", "purchase-receipts"])
def test_what_we_owe_is_not_told_beside_the_head(
    web: BookClient, login: Login, company: World, kind: str
) -> None:
    PartnerBalance.objects.create(partner=company.supplier, account="payable", amount="777.77")
    address = f"/side/{kind}?partner={company.supplier.pk}"
    login("OWNER")
    assert "777.77" in web.get(address).content.decode()
    login("SALES_LEAD")  # sees money, not cost
    assert "777.77" not in web.get(address).content.decode()


@pytest.mark.usefixtures("company")
def test_an_endless_user_name_is_a_wrong_one(book: Book, web: BookClient) -> None:
    response = web.post("/login", {"username": "a" * 10_000, "password": "x"})
    assert response.status_code == 401
