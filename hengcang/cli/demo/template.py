"""演示账套: generated once into a template, then cloned whenever one is wanted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

from django.db import connections

from hengcang.books import actions, queries
from hengcang.books.switch import using_book
from hengcang.cli.demo.people import LOGINS, PASSWORD
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused
from hengcang.ledger import queries as ledger

TEMPLATE, CODE, NAME = "demo-template", "demo", "演示账套"
BY = "demo"
Tell = Callable[[str], None]


def ensure(today: date, tell: Tell) -> list[str]:
    """There is a demo book; the lines say how to get in. Instant when there was one already.

    A book of that code that somebody else made is left alone.
    """
    if _exists(CODE) and not _is_ours(CODE):
        return []
    if _exists(CODE) and queries.book(CODE).state == "upgrading":
        _drop(CODE)  # a copy that was killed half-way
    if not _exists(CODE):
        if not _is_usable(today):
            _make(today, tell)
        tell("复制演示账套")
        actions.clone_book(TEMPLATE, CODE, NAME, by=BY)
        actions.mark_practice(CODE, by=BY)
    return login_lines()


def reset(today: date, tell: Tell) -> list[str]:
    """The demo book is as freshly generated; what was done in it is gone.

    Raises Refused("book_code_taken") when somebody else made a book of that code.
    """
    _drop(CODE)
    return ensure(today, tell)


def login_lines() -> list[str]:
    """Who may log in to the demo book."""
    names = "、".join(f"{login.username}（{login.title}）" for login in LOGINS)
    return [f"演示账套：/b/{CODE}/", f"登录名：{names}", f"密码都是 {PASSWORD}"]


def _exists(code: str) -> bool:
    try:
        queries.book(code)
    except queries.UnknownBook:
        return False
    return True


def _is_ours(code: str) -> bool:
    made = queries.lines(code).filter(act__in=("create", "clone")).first()
    return made is not None and made.by == BY


def _drop(code: str) -> None:
    """The book, if there is one, is gone. Only what this module made can be dropped by it."""
    if not _exists(code):
        return
    if not _is_ours(code):
        raise Refused("book_code_taken", book=code)
    actions.make_template(code, by=BY)  # only a template or a practice book can be dropped
    actions.drop_book(code, by=BY)


def _is_usable(today: date) -> bool:
    """A template that was finished and checked, and whose months are those of today."""
    from hengcang.cli.demo.writing import first_month

    if not _exists(TEMPLATE) or queries.book(TEMPLATE).state != "template":
        return False
    with _alone_in(TEMPLATE):
        try:
            terms, check = ledger.terms(), ledger.last_verification(SYSTEM)
        except Refused:
            return False
    is_checked = check is not None and check.differences == 0
    return is_checked and terms.go_live_date == first_month(today)


@contextmanager
def _alone_in(code: str) -> Iterator[None]:
    """As using_book; afterwards no session of ours is left that a clone would have to end."""
    with using_book(code):
        try:
            yield
        finally:
            connections["default"].close()


def _make(today: date, tell: Tell) -> None:
    """A half-made template, from a start that was killed, is made anew."""
    from hengcang.cli.demo.writing import write_demo

    _drop(TEMPLATE)
    actions.create_book(TEMPLATE, f"{NAME}（模板）", by=BY)
    actions.make_template(TEMPLATE, by=BY)
    with _alone_in(TEMPLATE):
        write_demo(today, tell)
