"""How an action runs: in one transaction, all or nothing, again when the database asks for it."""

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, transaction

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

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(1, TRIES + 1):
            inner = transaction.get_connection().in_atomic_block
            try:
                with transaction.atomic():
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
