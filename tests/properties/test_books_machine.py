"""Random companies, to the cent after every step; at the end the books are checked whole."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from hengcang.books.models import Book
from hengcang.books.switch import using_book
from tests.properties.machine import Books

QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def _run(book: Book, examples: int, steps: int) -> None:
    with using_book(book.code):
        run_state_machine_as_test(
            Books,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                suppress_health_check=QUIET,
                print_blob=True,
            ),
        )


@pytest.mark.timeout(400)
def test_every_figure_equals_the_oracle_after_every_step(kept_book: Book) -> None:
    _run(kept_book, examples=25, steps=25)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_every_figure_equals_the_oracle_for_long(kept_book: Book) -> None:
    _run(kept_book, examples=600, steps=50)
