"""`hengcang verify`: the books agree with their entries, or every difference is named."""

import argparse
import sys
from typing import Any


def add(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("verify", help="核对账簿：逐项重算，差异逐条列出")
    parser.add_argument("--book", help="账套编码；默认第一个")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """0 and `0 differences`, or 1 and one line for each difference."""
    from hengcang.cli import startup

    startup.start()
    code = startup.book_code(chosen.book)

    from hengcang.books.switch import using_book
    from hengcang.register.verify import verify_books

    with using_book(code):
        differences = verify_books()
    for difference in differences:
        sys.stdout.write(f"{difference}\n")
    sys.stdout.write(f"{len(differences)} differences\n")
    return 1 if differences else 0
