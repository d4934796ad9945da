"""The whole company at random, every kind of document, equal to the paper after every step."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from hengcang.books.models import Book
from hengcang.books.switch import using_book
from hengcang.register.kinds import KINDS
from tests.properties import exchanging, test_arrivals_machine, test_requests_machine
from tests.properties.whole.everything import Everything, never_done, verbs
from tests.properties.whole.shop import Shop
from tests.properties.whole.walking import walk


def how(examples: int, steps: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )


def told() -> str:
    """How often each verb was done (and refused)."""
    return "; ".join(
        f"{kind} {verb} {count} ({Shop.refused[kind, verb]})"
        for (kind, verb), count in sorted(Shop.did.items())
    )


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_everything_equals_the_paper_after_every_step(kept_book: Book) -> None:
    Shop.did.clear()
    with using_book(kept_book.code):
        walk(Everything, 70, how(20, 70))
    assert never_done(Shop.did) == [], told()


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_long_walks_equal_the_paper(kept_book: Book) -> None:
    Shop.did.clear()
    with using_book(kept_book.code):
        walk(Everything, 120, how(300, 120))
    assert {one for one, count in Shop.did.items() if count < 10} == set(), told()


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_few_verbs_often_equal_the_paper(kept_book: Book) -> None:
    with using_book(kept_book.code):
        run_state_machine_as_test(Everything, settings=how(300, 60))


ELSEWHERE = {
    "sales_exchange": exchanging.Exchanging,
    "shop_request": test_requests_machine.Requests,
    "arrival_notice": test_arrivals_machine.Arrivals,
}
"""Kinds whose verbs another machine walks, with a paper of its own."""


def test_every_kind_has_a_verb_in_the_machine() -> None:
    missing = {kind.code for kind in KINDS} - verbs().keys() - ELSEWHERE.keys()
    assert not missing, f"tests/properties/whole has no verb of {sorted(missing)}"
