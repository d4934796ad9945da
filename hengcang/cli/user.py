"""`hengcang user`: make a user, or give one a new password, from the host itself."""

import argparse
import getpass
import sys
from typing import Any


def add(subparsers: "argparse._SubParsersAction[Any]") -> None:
    acts = subparsers.add_parser("user", help="用户：新建、重设密码、首次设置").add_subparsers(
        metavar="动作", required=True
    )
    one = acts.add_parser("set", help="新建用户或重设密码")
    one.add_argument("username")
    one.add_argument("--name", default="", help="姓名")
    one.add_argument("--role", action="append", help="角色编码，可多次；默认老板和系统管理员")
    one.set_defaults(run=provide)
    link = acts.add_parser("setup", help="重新生成首次设置链接")
    link.set_defaults(run=setup)
    for parser in (one, link):
        parser.add_argument("--book", help="账套编码；默认第一个")


def setup(chosen: argparse.Namespace) -> int:
    """A fresh one-time link is printed; earlier ones stop working."""
    from hengcang.cli import first, startup

    startup.start()
    lines = first.setup_lines(startup.book_code(chosen.book))
    sys.stdout.write("\n".join(lines or ["本账套已有用户，请直接登录。"]) + "\n")
    return 0


def provide(chosen: argparse.Namespace) -> int:
    """The user can log in with the password typed (twice), or read from a pipe."""
    from hengcang.cli import startup

    startup.start()
    code = startup.book_code(chosen.book)

    from hengcang.books.switch import using_book
    from hengcang.identity.actions import UserDraft, provide_user
    from hengcang.kernel.errors import Refused
    from hengcang.kernel.refusals import sentence

    password = _password()
    draft = UserDraft(
        username=chosen.username,
        name=chosen.name or chosen.username,
        role_codes=tuple(chosen.role or ("OWNER", "SYSTEM_ADMIN")),
        password=password,
    )
    try:
        with using_book(code):
            provide_user(draft)
    except Refused as refusal:
        sys.stderr.write(f"{sentence(refusal)}\n")
        return 1
    sys.stdout.write(f"用户 {chosen.username} 已可登录账套 {code}\n")
    return 0


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("密码：")
    if first != getpass.getpass("再输一次："):
        raise SystemExit("两次输入不同")
    return first
