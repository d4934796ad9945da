"""What a command needs before it can work: the server, Django, a book."""

import atexit
import os
import warnings

import django


def start(*, server: bool = True) -> None:
    """Django is ready and, if wanted, the database runs with its directory up to date."""
    warnings.filterwarnings("ignore", message="Got an error checking a consistent migration")
    django.setup()
    if server:
        from hengcang.books import actions, occupants

        atexit.register(occupants.leave)
        actions.prepare_server()


def book_code(given: str | None) -> str:
    """The book to work in: as given, as HENGCANG_BOOK says, else the first active one."""
    from hengcang.books import queries

    code = given or os.environ.get("HENGCANG_BOOK")
    if code:
        return queries.book(code).code
    first = queries.books().filter(state="active").values_list("code", flat=True).first()
    if first is None:
        raise SystemExit("还没有账套：先运行 hengcang books create 编码 名称")
    return first
