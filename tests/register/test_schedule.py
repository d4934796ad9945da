"""The books are checked every hour, by a job that may run twice."""

from datetime import datetime

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.periodic import PeriodicDeferrer

from hengcang.books.models import Book
from hengcang.kernel.calendar import SHANGHAI
from hengcang.ledger.models import Verification
from hengcang.register import schedule, tasks
from tests.worlds import world

HOUR = 3600


def test_the_check_is_due_once_an_hour() -> None:
    assert schedule is not None
    deferrer = PeriodicDeferrer(registry=app.periodic_registry)
    noon = int(datetime(2026, 11, 24, 12, 7, 30, tzinfo=SHANGHAI).timestamp())
    due = [
        (task.task.name, at)
        for task, at in deferrer.get_previous_tasks(at=noon)
        if task.task.name == "register.verify"
    ]
    assert due == [("register.verify", noon - 30)]
    again = list(PeriodicDeferrer(registry=app.periodic_registry).get_previous_tasks(at=noon + 10))
    assert ("register.verify", noon - 30) in [(task.task.name, at) for task, at in again]


def test_running_twice_leaves_two_notes_and_nothing_else(book: Book) -> None:
    world()
    assert tasks.verify(timestamp=HOUR) == 0
    assert tasks.verify(timestamp=HOUR) == 0
    assert [run.differences for run in Verification.objects.all()] == [0, 0]


def test_a_check_sees_one_moment_of_the_book(fresh_book: Book) -> None:
    world()
    assert tasks.verify() == 0
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        assert cursor.fetchone() == ("read committed",)  # of that one transaction only
    assert Verification.objects.count() == 1
