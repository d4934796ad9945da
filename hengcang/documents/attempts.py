"""How an action runs: in one transaction, all or nothing, again when the database asks for it."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, transaction

from hengcang.books.together import sent_together

P = ParamSpec("P")
R = TypeVar("R")

TRIES = 4  # the first and at most three more
RETRIED = frozenset({"40001", "40P01", "55P03"})  # serialization, deadlock, lock timeout


class TryAgain(Exception):
    """What was looked up before locking has changed; the whole action must look again."""


def action(function: Callable[P, R]) -> Callable[P, R]:
    """The function runs in one transaction, alone or within its caller's.

    Only outside a transaction is it tried again: on a deadlock, a lock timeout or TryAgain, after
    a short random pause; a part of somebody else's transaction cannot be repeated.
    """
    return _repeated(function, transaction.atomic)


def swift_action(function: Callable[P, R]) -> Callable[P, R]:
    """As action; its last statements go out together with the commit, in one turn.

    So what is locked last, the number, is held for that turn only: with 8 writers on 2 cores this
    was worth a fifth. For actions in plain SQL: see sent_together for what they must not do.
    """
    return _repeated(function, _swift_transaction)


@contextmanager
def _swift_transaction() -> Iterator[None]:
    with sent_together(), transaction.atomic():
        yield


def _repeated(
    function: Callable[P, R], transaction_of: Callable[[], AbstractContextManager[None]]
) -> Callable[P, R]:
    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(1, TRIES + 1):
            inner = transaction.get_connection().in_atomic_block
            try:
                with transaction_of():
                    return function(*args, **kwargs)
            except (OperationalError, TryAgain) as problem:
                if inner or attempt == TRIES or not _passes(problem):
                    raise
            time.sleep(random.uniform(0.005, 0.02) * attempt)  # noqa: S311 - jitter
        raise AssertionError("unreachable")

    return run


def _passes(problem: Exception) -> bool:
    if isinstance(problem, TryAgain):
        return True
    return getattr(problem.__cause__, "sqlstate", None) in RETRIED
