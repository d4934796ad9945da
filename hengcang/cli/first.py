"""What a first start makes, and what it tells whoever started it."""

import importlib

from hengcang.cli.main import is_there

FIRST_CODE, FIRST_NAME = "main", "我的公司"


def steps(*, demo: bool) -> list[str]:
    """There is a book to enter; the lines say how."""
    from hengcang.books import queries

    if demo and is_there("hengcang.cli.demo"):
        return list(importlib.import_module("hengcang.cli.demo").ensure())
    if not queries.books().exists():
        make_book(FIRST_CODE, FIRST_NAME, by="run")
    return [line for code in _active_codes() for line in setup_lines(code)]


def make_book(code: str, name: str, *, by: str) -> None:
    """A new book with the role templates in it; nobody can log in yet."""
    from hengcang.books import actions
    from hengcang.books.switch import using_book
    from hengcang.identity.actions import copy_role_templates

    actions.create_book(code, name, by=by)
    with using_book(code):
        copy_role_templates()


def setup_lines(code: str) -> list[str]:
    """A one-time link to make the first user, for a book that has none."""
    from hengcang.books.switch import using_book
    from hengcang.identity import actions, queries

    with using_book(code):
        if not queries.is_unclaimed():
            return []
        secret = actions.offer_setup()
    return [f"账套 {code} 还没有用户。首次设置（链接只能用一次）：/b/{code}/setup/?token={secret}"]


def _active_codes() -> list[str]:
    from hengcang.books import queries

    return list(queries.books().filter(state="active").values_list("code", flat=True))
