"""What a first start makes, and what it tells whoever started it."""

import importlib.util

FIRST_CODE, FIRST_NAME = "main", "我的公司"


def steps(*, demo: bool) -> list[str]:
    """There is a book to enter; the lines say how."""
    from hengcang.books import actions, queries

    if demo and importlib.util.find_spec("hengcang.cli.demo") is not None:
        from hengcang.cli import demo as demo_book

        return list(demo_book.ensure())
    if not queries.books().exists():
        actions.create_book(FIRST_CODE, FIRST_NAME, by="run")
    return [line for code in _active_codes() for line in setup_lines(code)]


def setup_lines(code: str) -> list[str]:
    """A one-time link to make the first user, for a book that has none."""
    return []


def _active_codes() -> list[str]:
    from hengcang.books import queries

    return list(queries.books().filter(state="active").values_list("code", flat=True))
