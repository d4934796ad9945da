"""The background process finds the jobs of every book, and does them in that book."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app

from hengcang.books import bell
from hengcang.books.models import Book, BookState

JOB = "builtin:procrastinate.builtin_tasks.remove_old_jobs"
PATIENCE_SECONDS = 30.0


@pytest.fixture(autouse=True)
def only_this_book(fresh_book: Book) -> Iterator[None]:
    """The worker sees no other book of this process.

    It does what is due by the clock in every active one: between hh:07 and hh:17 it left the note
    of an hourly check in the book that other tests borrow.
    """
    others = Book.objects.filter(state=BookState.ACTIVE).exclude(code=fresh_book.code)
    codes = list(others.values_list("code", flat=True))
    others.update(state=BookState.ARCHIVED)
    yield
    Book.objects.filter(code__in=codes).update(state=BookState.ACTIVE)


@pytest.fixture
def worker(fresh_book: Book, only_this_book: None) -> Iterator[subprocess.Popen[bytes]]:
    """The process of `hengcang run`, alone."""
    command = [sys.executable, "-m", "hengcang.cli.worker"]
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "hengcang.settings"}
    with subprocess.Popen(command, env=env) as process:
        yield process
        process.terminate()
        assert process.wait(20) == 0


def defer() -> int:
    return int(app.configure_task(JOB, allow_unknown=False).defer(max_hours=1))


def status(job_id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", [job_id])
        row = cursor.fetchone()
        return str(row[0]) if row else "gone"


def wait_for(job_id: int, wanted: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while status(job_id) != wanted:
        assert time.monotonic() < deadline, status(job_id)
        time.sleep(0.1)


def test_a_job_is_done_when_the_bell_rings(
    fresh_book: Book, worker: "subprocess.Popen[bytes]"
) -> None:
    first = defer()  # found by the first round
    wait_for(first, "succeeded")
    with transaction.atomic():
        second = defer()
        bell.ring()
    wait_for(second, "succeeded")  # long before the next round, a minute later


def test_a_job_rolls_back_with_its_transaction(fresh_book: Book) -> None:
    with transaction.atomic():
        job = defer()
        transaction.set_rollback(True)
    assert status(job) == "gone"


def test_a_job_whose_worker_was_killed_is_done_by_the_next(fresh_book: Book) -> None:
    job = defer()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [job])
    command = [sys.executable, "-m", "hengcang.cli.worker"]
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "hengcang.settings"}
    with subprocess.Popen(command, env=env) as process:
        wait_for(job, "succeeded")
        process.terminate()
