"""`hengcang manage …`: Django's own commands, for development."""

import argparse
from contextlib import ExitStack
from typing import Any


def add(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("manage", help="Django 管理命令（开发用）", add_help=False)
    parser.add_argument("--book", help="账套编码")
    parser.add_argument("words", nargs=argparse.REMAINDER)
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Django's command has run, in the book if one is named."""
    from django.core.management import execute_from_command_line

    from hengcang.books.switch import using_book
    from hengcang.cli import startup

    startup.start()
    with ExitStack() as stack:
        if chosen.book:
            stack.enter_context(using_book(chosen.book))
        execute_from_command_line(["hengcang manage", *chosen.words])
    return 0
