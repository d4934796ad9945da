"""`hengcang books …`: the directory of 账套."""

import argparse
import getpass
import sys
from typing import Any


def add(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("books", help="账套：列出、新建、改名、归档、复制、升级")
    parser.set_defaults(run=show)
    acts = parser.add_subparsers(metavar="动作")
    acts.add_parser("list", help="列出").set_defaults(run=show)
    _act(acts, "create", create, "新建", "code", "name")
    _act(acts, "rename", rename, "改名", "code", "name")
    _act(acts, "archive", archive, "归档：不能再进入", "code")
    _act(acts, "unarchive", unarchive, "恢复", "code")
    _act(acts, "clone", clone, "复制", "source", "code", "name")
    _act(acts, "migrate", migrate, "全部升级到本版本")
    _act(acts, "log", log, "账套目录的操作记录", "code")


def _act(acts: Any, word: str, run: Any, text: str, *names: str) -> None:
    parser = acts.add_parser(word, help=text)
    for name in names:
        parser.add_argument(name)
    parser.set_defaults(run=lambda chosen: _with_django(run, chosen))


def _with_django(run: Any, chosen: argparse.Namespace) -> int:
    from hengcang.books.where import UnknownBook
    from hengcang.cli import startup
    from hengcang.kernel.errors import Refused
    from hengcang.kernel.refusals import sentence

    startup.start()
    try:
        run(chosen)
    except Refused as refusal:
        sys.stderr.write(f"{sentence(refusal)}\n")
        return 1
    except UnknownBook as unknown:
        sys.stderr.write(f"没有账套 {unknown}\n")
        return 1
    return 0


def _by() -> str:
    return f"{getpass.getuser()}@cli"


def show(chosen: argparse.Namespace) -> int:
    """One line a book: code, state, name."""
    from hengcang.cli import startup

    startup.start()

    from hengcang.books import queries

    for book in queries.books():
        sys.stdout.write(f"{book.code}\t{book.get_state_display()}\t{book.name}\n")
    return 0


def create(chosen: argparse.Namespace) -> None:
    from hengcang.cli import first

    first.make_book(chosen.code, chosen.name, by=_by())
    lines = [f"已新建账套 {chosen.code}：/b/{chosen.code}/", *first.setup_lines(chosen.code)]
    sys.stdout.write("\n".join(lines) + "\n")


def rename(chosen: argparse.Namespace) -> None:
    from hengcang.books import actions

    actions.rename_book(chosen.code, chosen.name, by=_by())


def archive(chosen: argparse.Namespace) -> None:
    from hengcang.books import actions

    actions.archive_book(chosen.code, by=_by())


def unarchive(chosen: argparse.Namespace) -> None:
    from hengcang.books import actions

    actions.unarchive_book(chosen.code, by=_by())


def clone(chosen: argparse.Namespace) -> None:
    from hengcang.books import actions

    actions.clone_book(chosen.source, chosen.code, chosen.name, by=_by())


def migrate(chosen: argparse.Namespace) -> None:
    from hengcang.books import actions

    changed = actions.migrate_all(by=_by())
    sys.stdout.write(f"已升级 {len(changed)} 个账套：{'、'.join(changed) or '都已是最新'}\n")


def log(chosen: argparse.Namespace) -> None:
    from hengcang.books import queries

    for line in queries.lines(chosen.code):
        sys.stdout.write(f"{line.at:%Y-%m-%d %H:%M:%S}\t{line.by}\t{line.act}\t{line.facts}\n")
