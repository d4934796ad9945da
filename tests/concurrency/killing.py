"""A child that dies by SIGKILL right before its k-th statement, the commit included."""

import os
import signal
import time
import warnings
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connections

from hengcang.books import pools

SURVIVED, FAILED = 0, 3


def dies_at(k: int, act: Callable[[], Any], code: str) -> bool:
    """Whether a child running `act` was killed before its k-th statement; False: it finished.

    Statements are those Django sends, and the commit; a k beyond them kills nobody.
    """
    connections["default"].close()
    pools.close_pools(code)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # other threads of the test runner
        child = os.fork()
    if child == 0:
        _run_to_death(k, act)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == SURVIVED, "the action failed in the child"
    return False


def _run_to_death(k: int, act: Callable[[], Any]) -> None:
    try:
        connection = connections["default"]
        connection.ensure_connection()
        left = [k]

        def count() -> None:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        def before_statement(execute: Any, *arguments: Any) -> Any:
            count()
            return execute(*arguments)

        commit = connection._commit  # type: ignore[attr-defined]

        def before_commit() -> None:
            count()
            commit()

        connection._commit = before_commit  # type: ignore[attr-defined]
        with connection.execute_wrapper(before_statement):
            act()
        os._exit(SURVIVED)
    except BaseException:  # noqa: BLE001 - a child must not return into pytest
        import traceback

        traceback.print_exc()
        os._exit(FAILED)


def wait_until_alone(session: psycopg.Connection) -> None:
    """The server has noticed that everybody else in this database is gone."""
    for _ in range(500):
        row = session.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        ).fetchone()
        if row is not None and row[0] == 0:
            return
        time.sleep(0.01)
    raise AssertionError("somebody is still there")
