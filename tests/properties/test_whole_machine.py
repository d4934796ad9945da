"""The whole company at random, every kind of document, equal to the paper after every step."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from hengcang.books.models import Book
from hengcang.books.switch import using_book
from hengcang.register.kinds import KINDS
from tests.properties.whole.everything import Everything, never_done, verbs
from tests.properties.whole.shop import Shop


def run(book: Book, examples: int, steps: int, phases: Any = tuple(Phase)) -> None:
    Shop.did.clear()
    Shop.refused.clear()
    with using_book(book.code):
        run_state_machine_as_test(
            Everything,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                phases=phases,
                suppress_health_check=list(HealthCheck),
                print_blob=True,
            ),
        )


def told() -> str:
    """How often each verb was done, and refused."""
    return "\n".join(
        f"{kind}.{verb}: {count} ({Shop.refused[kind, verb]})"
        for (kind, verb), count in sorted(Shop.did.items())
    )


@pytest.mark.timeout(400)
def test_everything_equals_the_paper_after_every_step(kept_book: Book) -> None:
    run(kept_book, examples=25, steps=60)
    print(told())  # noqa: T201 - shown when it fails
    assert never_done(Shop.did) == []


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_everything_equals_the_paper_for_long(kept_book: Book) -> None:
    run(kept_book, examples=300, steps=100)
    assert never_done(Shop.did) == []


def test_every_kind_has_a_verb_in_the_machine() -> None:
    missing = {kind.code for kind in KINDS} - verbs().keys()
    assert not missing, f"tests/properties/whole has no verb of {sorted(missing)}"
