"""Too many wrong passwords lock, whichever way they are spread."""

import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory

from hengcang.books.models import Book
from hengcang.identity.actions import UserDraft, provide_user

RIGHT, WRONG = "right horse 47", "wrong"


@pytest.fixture(autouse=True)
def people(book: Book) -> None:
    for name in ("zhang", "li"):
        provide_user(UserDraft(name, name, (), None, RIGHT))


def attempt(username: str, password: str, address: str = "10.0.0.1") -> bool:
    request = RequestFactory().post("/login/", REMOTE_ADDR=address)
    return authenticate(request, username=username, password=password) is not None


def test_a_right_password_opens() -> None:
    assert attempt("zhang", RIGHT)


def test_five_wrong_ones_of_one_name_from_one_address_lock_that_pair_only() -> None:
    for _ in range(5):
        assert not attempt("zhang", WRONG)
    assert not attempt("zhang", RIGHT)
    assert attempt("zhang", RIGHT, "10.0.0.2")
    assert attempt("li", RIGHT)


def test_twenty_wrong_ones_of_one_name_from_many_addresses_lock_the_name() -> None:
    for number in range(20):
        assert not attempt("zhang", WRONG, f"10.0.1.{number}")
    assert not attempt("zhang", RIGHT, "10.0.2.1")
    assert attempt("li", RIGHT, "10.0.2.1")


def test_fifty_wrong_names_from_one_address_lock_the_address() -> None:
    for number in range(50):
        assert not attempt(f"user{number}", WRONG)
    assert not attempt("li", RIGHT)
    assert attempt("li", RIGHT, "10.0.0.9")


def test_an_attackers_own_success_does_not_wipe_the_count() -> None:
    for _ in range(4):
        attempt("zhang", WRONG)
    assert attempt("li", RIGHT)
    attempt("zhang", WRONG)
    assert not attempt("zhang", RIGHT)
