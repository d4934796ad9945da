"""Many people at once: threads with connections of their own, all starting together."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections

from hengcang.books.switch import using_book


def in_another_thread(code: str, work: Callable[[], Any]) -> Any:
    """What `work` returns or raises, done by somebody else in the book."""
    (outcome,) = crowd(code, [work])
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


def crowd(code: str, works: Sequence[Callable[[], Any]]) -> list[Any]:
    """Each in its own thread, all let go at the same moment; results or exceptions, in order."""
    outcomes: list[Any] = [None] * len(works)
    barrier = threading.Barrier(len(works))

    def one(number: int) -> None:
        with using_book(code):
            barrier.wait()
            try:
                outcomes[number] = works[number]()
            except Exception as problem:  # noqa: BLE001 - handed to the test
                outcomes[number] = problem
            finally:
                connections["default"].close()

    threads = [threading.Thread(target=one, args=(n,)) for n in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return outcomes
